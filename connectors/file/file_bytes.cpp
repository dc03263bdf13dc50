// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "file_bytes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <poll.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace eventscope::file {

using core::ErrorCode;
using core::Result;

namespace {

constexpr std::size_t kPackedChunk = std::size_t{128} << 10;
constexpr std::size_t kMagicSize = 4;

std::string systemText(int number)
{
    return std::error_code(number, std::generic_category()).message();
}

} // namespace

Result<FileBytes> FileBytes::open(const std::string& path)
{
    const bool isStandardInput = path == "-";
    const int descriptor
        = isStandardInput ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (descriptor < 0) {
        const int number = errno;
        return core::fail(ErrorCode::Unreachable,
            number == ENOENT ? fmt::format("there is no file '{}'.", path)
                             : fmt::format("the file '{}' cannot be opened: {}.", path, systemText(number)));
    }
    struct stat status { };
    if (fstat(descriptor, &status) != 0 || S_ISDIR(status.st_mode)) {
        const bool isFolder = S_ISDIR(status.st_mode);
        if (!isStandardInput) {
            ::close(descriptor);
        }
        return core::fail(ErrorCode::Unreachable,
            isFolder ? fmt::format("'{}' is a folder, not a file with events.", path)
                     : fmt::format("'{}' cannot be looked at.", path));
    }
    return FileBytes(descriptor, !isStandardInput, S_ISREG(status.st_mode), {status.st_dev, status.st_ino});
}

FileBytes::FileBytes(int descriptor, bool isOwn, bool isRegular, FileIdentity identity)
    : m_descriptor(descriptor), m_isOwn(isOwn), m_isRegular(isRegular), m_identity(identity)
{
}

FileBytes::~FileBytes()
{
    if (m_isOwn) {
        ::close(m_descriptor);
    }
}

FileBytes::FileBytes(FileBytes&& other) noexcept
    : m_descriptor(other.m_descriptor)
    , m_isOwn(std::exchange(other.m_isOwn, false))
    , m_isRegular(other.m_isRegular)
    , m_identity(other.m_identity)
    , m_isClosed(other.m_isClosed)
    , m_rawOffset(other.m_rawOffset)
    , m_offset(other.m_offset)
    , m_isDetected(other.m_isDetected)
    , m_unpacker(std::move(other.m_unpacker))
    , m_packed(std::move(other.m_packed))
{
}

FileBytes& FileBytes::operator=(FileBytes&& other) noexcept
{
    if (this != &other) {
        std::destroy_at(this);
        std::construct_at(this, std::move(other));
    }
    return *this;
}

Result<std::size_t> FileBytes::readRaw(std::span<char> out)
{
    while (true) {
        // A pipe of ours may be in blocking mode: it is asked first.
        if (!m_isRegular && !waitForInput(0)) {
            return std::size_t{0};
        }
        // Standard input may be a file that somebody else reads on from: its own place is kept.
        const ssize_t got = m_isRegular && m_isOwn
            ? ::pread(m_descriptor, out.data(), out.size(), static_cast<off_t>(m_rawOffset))
            : ::read(m_descriptor, out.data(), out.size());
        if (got > 0) {
            m_rawOffset += static_cast<std::uint64_t>(got);
            return static_cast<std::size_t>(got);
        }
        if (got == 0) {
            m_isClosed = !m_isRegular;
            return std::size_t{0};
        }
        if (errno == EAGAIN) {
            return std::size_t{0};
        }
        if (errno != EINTR) {
            return core::fail(ErrorCode::Io, fmt::format("the file cannot be read: {}.", systemText(errno)));
        }
    }
}

core::Status FileBytes::detectCompression()
{
    char chunk[kMagicSize];
    while (m_packed.size() < kMagicSize) {
        const Result<std::size_t> got = readRaw({chunk, kMagicSize - m_packed.size()});
        if (!got) {
            return std::unexpected(got.error());
        }
        if (*got == 0 && !(m_isClosed && !m_packed.empty())) {
            // A file this short has no magic yet, or never will: it is text, as far as it goes.
            const bool couldBePacked = m_packed.empty() || m_packed[0] == '\x1F' || m_packed[0] == '\x28';
            if (couldBePacked) {
                return {};
            }
            break;
        }
        m_packed.append(chunk, *got);
        if (*got == 0) {
            break;
        }
    }
    const core::Compression compression = core::compressionOf(m_packed);
    if (compression == core::Compression::Gzip || compression == core::Compression::Zstd) {
        m_unpacker.emplace(compression);
    }
    m_isDetected = true;
    return {};
}

Result<std::size_t> FileBytes::read(std::span<char> out)
{
    if (!m_isDetected) {
        if (const core::Status status = detectCompression(); !status) {
            return std::unexpected(status.error());
        }
        if (!m_isDetected) {
            return std::size_t{0};
        }
    }
    if (!m_unpacker) {
        if (!m_packed.empty()) { // what was read to look for the magic
            const std::size_t size = std::min(out.size(), m_packed.size());
            std::memcpy(out.data(), m_packed.data(), size);
            m_packed.erase(0, size);
            m_offset += size;
            return size;
        }
        Result<std::size_t> got = readRaw(out);
        m_offset += got.value_or(0);
        return got;
    }
    while (true) {
        const Result<core::Unpacker::Step> step = m_unpacker->unpack(m_packed, out);
        if (!step) {
            return std::unexpected(step.error());
        }
        m_packed.erase(0, step->taken);
        m_offset += step->given;
        if (step->given > 0) {
            return step->given;
        }
        if (step->taken > 0 && !m_packed.empty()) {
            continue;
        }
        const std::size_t kept = m_packed.size();
        m_packed.resize(kept + kPackedChunk);
        const Result<std::size_t> got = readRaw(std::span(m_packed).subspan(kept));
        m_packed.resize(kept + got.value_or(0));
        if (!got || *got == 0) {
            return got;
        }
    }
}

Result<bool> FileBytes::skipTo(std::uint64_t offset)
{
    if (!m_isDetected) {
        if (const core::Status status = detectCompression(); !status) {
            return std::unexpected(status.error());
        }
    }
    struct stat status { };
    if (m_isRegular && m_isOwn && m_isDetected && !m_unpacker && fstat(m_descriptor, &status) == 0) {
        if (static_cast<std::uint64_t>(status.st_size) < offset) {
            return false;
        }
        m_packed.clear();
        m_rawOffset = offset;
        m_offset = offset;
        return true;
    }
    std::string skipped(kPackedChunk, '\0');
    while (m_offset < offset) {
        const Result<std::size_t> got
            = read(std::span(skipped).first(std::min<std::uint64_t>(skipped.size(), offset - m_offset)));
        if (!got) {
            return std::unexpected(got.error());
        }
        if (*got == 0) {
            return false;
        }
    }
    return true;
}

bool FileBytes::isTruncated() const
{
    struct stat status { };
    return m_isRegular && fstat(m_descriptor, &status) == 0 && static_cast<std::uint64_t>(status.st_size) < m_rawOffset;
}

bool FileBytes::waitForInput(int milliseconds) const
{
    if (m_isRegular) {
        return true;
    }
    pollfd descriptor{m_descriptor, POLLIN, 0};
    return ::poll(&descriptor, 1, milliseconds) > 0;
}

} // namespace eventscope::file
