// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/capture_format.h"
#include "inspect/event_file_writer.h"
#include "inspect/target_file.h"
#include "sourcing/sqlite_connection.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace eventscope::core {

/// Writes a capture: events in the order they come, with their marks, and how they were looked at.
class CaptureWriter final : public EventFileWriter {
public:
    static Result<std::unique_ptr<CaptureWriter>> open(
        const std::string& path, CaptureSettings settings, Timestamp savedAt);
    ~CaptureWriter() override;

    Status write(std::span<const SourceEvent> events) override;
    Status finish() override;

private:
    struct StreamTally {
        std::string source, stream;
        std::int64_t events = 0;
        std::optional<std::int64_t> first, last;
    };

    CaptureWriter(TargetFile file, std::string path, CaptureSettings settings, Timestamp savedAt);
    Status begin();
    Status writeEvent(const SourceEvent& event);
    Status writeHeaders(const SourceEvent& event);
    void count(const SourceEvent& event);
    Status writeRest();
    Status writePairs(std::string_view sql, const CaptureSettings& pairs);
    /// What went wrong, about the file's own name.
    Status aboutFile(Status status) const;

    const std::string m_path;
    const CaptureSettings m_settings;
    const Timestamp m_savedAt;
    TargetFile m_file; // goes after the connection
    std::unique_ptr<SqliteConnection> m_connection;
    std::int64_t m_rows = 0;
    std::unordered_map<std::string, StreamTally> m_streams; ///< by both names
};

} // namespace eventscope::core
