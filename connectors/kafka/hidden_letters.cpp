// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "hidden_letters.h"

#include "inspect/journal.h"

#include <fmt/format.h>

#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>

namespace eventscope::kafka {

using core::ErrorCode;

namespace {

constexpr std::string_view kEnd = " .";

class Descriptor {
public:
    explicit Descriptor(int descriptor) : m_descriptor(descriptor) { }
    ~Descriptor()
    {
        if (m_descriptor >= 0) {
            ::close(m_descriptor);
        }
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return m_descriptor; }

private:
    const int m_descriptor;
};

std::unexpected<core::Error> failed(const std::filesystem::path& file, int reason)
{
    return fail(reason == ENOSPC ? ErrorCode::DiskFull : ErrorCode::Io,
        fmt::format("The list of discarded letters cannot be written to {}: {}.", file.string(),
            std::system_category().message(reason)));
}

} // namespace

HiddenLetters::HiddenLetters(std::filesystem::path file, std::string cluster)
    : m_file(std::move(file)), m_cluster(std::move(cluster))
{
}

std::filesystem::path HiddenLetters::defaultFile()
{
    return core::Journal::defaultFile().parent_path() / "hidden-kafka-letters";
}

core::Result<std::set<std::string>> HiddenLetters::list() const
{
    std::set<std::string> hidden;
    std::ifstream file(m_file);
    for (std::string line; std::getline(file, line);) { // "-cluster letter ."; a line without its end was torn
        if (!line.ends_with(kEnd)) {
            continue;
        }
        line.resize(line.size() - kEnd.size());
        const std::size_t blank = line.rfind(' ');
        if (blank == std::string::npos || line.substr(1, blank - 1) != m_cluster) {
            continue;
        }
        std::string letter = line.substr(blank + 1);
        if (line.front() == '-') {
            hidden.insert(std::move(letter));
        } else {
            hidden.erase(letter);
        }
    }
    if (file.bad()) {
        return fail(
            ErrorCode::Io, fmt::format("The list of discarded letters cannot be read from {}.", m_file.string()));
    }
    return hidden;
}

core::Status HiddenLetters::append(char what, std::string_view letterId)
{
    std::error_code error;
    std::filesystem::create_directories(m_file.parent_path(), error);
    const Descriptor file(::open(m_file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600));
    if (file.get() < 0 || ::flock(file.get(), LOCK_EX) != 0) {
        return failed(m_file, errno);
    }
    const std::string line = fmt::format("\n{}{} {}{}\n", what, m_cluster, letterId, kEnd);
    if (::write(file.get(), line.data(), line.size()) != static_cast<ssize_t>(line.size())
        || ::fsync(file.get()) != 0) {
        return failed(m_file, errno);
    }
    return {};
}

} // namespace eventscope::kafka
