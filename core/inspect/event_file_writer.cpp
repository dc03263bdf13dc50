// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/event_file_writer.h"

#include "inspect/capture_writer.h"
#include "inspect/target_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstddef>
#include <string_view>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace eventscope::core {

namespace {

constexpr std::size_t kBufferBytes = std::size_t{1} << 20;

/// One event a line, or a record.
class LineFileWriter final : public EventFileWriter {
public:
    LineFileWriter(TargetFile file, std::string path, ExportFormat format)
        : m_file(std::move(file)), m_path(std::move(path)), m_format(format), m_buffer(exportHead(format))
    {
    }

    Status write(std::span<const SourceEvent> events) override
    {
        for (const SourceEvent& event : events) {
            appendExported(m_buffer, event, m_format);
            if (m_buffer.size() >= kBufferBytes) {
                if (Status written = flush(); !written) {
                    return written;
                }
            }
        }
        return {};
    }

    Status finish() override
    {
        const Status written = flush();
        return written ? m_file.keep() : written;
    }

private:
    Status flush()
    {
        std::string_view rest = m_buffer;
        while (!rest.empty()) {
            const ssize_t count = ::write(m_file.descriptor(), rest.data(), rest.size());
            if (count < 0 && errno == EINTR) {
                continue;
            }
            if (count < 0) {
                const int number = errno;
                return fail(number == ENOSPC ? ErrorCode::DiskFull : ErrorCode::Io,
                    fmt::format("'{}' cannot be written: {}.", m_path,
                        std::error_code(number, std::generic_category()).message()));
            }
            rest.remove_prefix(static_cast<std::size_t>(count));
        }
        m_buffer.clear();
        return {};
    }

    TargetFile m_file;
    const std::string m_path;
    const ExportFormat m_format;
    std::string m_buffer;
};

} // namespace

Result<std::unique_ptr<EventFileWriter>> openEventFile(const std::string& path, EventFileOptions options)
{
    if (options.format == ExportFormat::Capture) {
        auto capture = CaptureWriter::open(path, std::move(options.settings), options.savedAt);
        if (!capture) {
            return std::unexpected(capture.error());
        }
        return std::unique_ptr<EventFileWriter>(std::move(*capture));
    }
    auto file = TargetFile::open(path);
    if (!file) {
        return std::unexpected(file.error());
    }
    return std::make_unique<LineFileWriter>(std::move(*file), path, options.format);
}

} // namespace eventscope::core
