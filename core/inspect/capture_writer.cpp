// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/capture_writer.h"

#include "event/utf8.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <utility>

namespace eventscope::core {

namespace {

/// As text where every reader of SQLite can show it, else as the bytes it is.
void bindExact(SqliteStatement& statement, int index, std::string_view bytes)
{
    if (isUtf8(bytes) && bytes.find('\0') == std::string_view::npos) {
        statement.bind(index, bytes);
    } else {
        statement.bindBlob(index, bytes);
    }
}

void bindUnlessEmpty(SqliteStatement& statement, int index, std::string_view bytes)
{
    if (!bytes.empty()) {
        bindExact(statement, index, bytes);
    }
}

void bindNumber(SqliteStatement& statement, int index, std::int64_t number)
{
    if (number != SourceEvent::kNone) {
        statement.bind(index, number);
    }
}

std::string describeFailure(const Error& error, const std::string& written, const std::string& path)
{
    std::string message = error.message;
    if (const std::size_t at = message.find(written); at != std::string::npos) {
        message.replace(at, written.size(), path);
    }
    return message;
}

} // namespace

Result<std::unique_ptr<CaptureWriter>> CaptureWriter::open(
    const std::string& path, CaptureSettings settings, Timestamp savedAt)
{
    auto file = TargetFile::open(path);
    if (!file) {
        return std::unexpected(file.error());
    }
    if (file->writtenPath().empty()) {
        return fail(ErrorCode::InvalidArgument,
            fmt::format("A capture cannot be written to '{}': it needs a file, not a pipe or a device.", path));
    }
    std::unique_ptr<CaptureWriter> writer(new CaptureWriter(std::move(*file), path, std::move(settings), savedAt));
    if (Status begun = writer->begin(); !begun) {
        return std::unexpected(writer->aboutFile(std::move(begun)).error());
    }
    return writer;
}

CaptureWriter::CaptureWriter(TargetFile file, std::string path, CaptureSettings settings, Timestamp savedAt)
    : m_path(std::move(path)), m_settings(std::move(settings)), m_savedAt(savedAt), m_file(std::move(file))
{
}

CaptureWriter::~CaptureWriter() = default;

Status CaptureWriter::begin()
{
    auto connection = SqliteConnection::open(m_file.writtenPath(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX);
    if (!connection) {
        return std::unexpected(connection.error());
    }
    m_connection = std::move(*connection);
    // Nobody sees the file before it is whole, so it needs no journal.
    const std::string pragmas = fmt::format("PRAGMA page_size = 8192; PRAGMA journal_mode = OFF; "
                                            "PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; "
                                            "PRAGMA application_id = {}; PRAGMA user_version = {};",
        kCaptureApplicationId, kCaptureFormatVersion);
    if (Status made = m_connection->execute(pragmas.c_str()); !made) {
        return made;
    }
    if (Status begun = m_connection->execute("BEGIN"); !begun) {
        return begun;
    }
    return m_connection->execute(kCaptureTables);
}

Status CaptureWriter::write(std::span<const SourceEvent> events)
{
    for (const SourceEvent& event : events) {
        ++m_rows;
        Status written = writeEvent(event);
        if (written && !event.headers.empty()) {
            written = writeHeaders(event);
        }
        if (written && event.isMarked) {
            const auto mark = m_connection->prepared("INSERT INTO marks (row, note) VALUES (?1, ?2)");
            written = mark ? (*mark)->bind(1, m_rows).bind(2, event.note).run() : std::unexpected(mark.error());
        }
        if (!written) {
            return aboutFile(std::move(written));
        }
        count(event);
    }
    return {};
}

Status CaptureWriter::writeEvent(const SourceEvent& event)
{
    const auto prepared = m_connection->prepared(
        "INSERT INTO events (row, source, stream, type, position, partition, version, id, time, correlation_id, "
        "causation_id, payload, undecodable) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)");
    if (!prepared) {
        return std::unexpected(prepared.error());
    }
    SqliteStatement& insert = **prepared;
    insert.bind(1, m_rows);
    bindUnlessEmpty(insert, 2, event.source);
    bindUnlessEmpty(insert, 3, event.stream);
    bindUnlessEmpty(insert, 4, event.type);
    bindNumber(insert, 5, event.position);
    bindNumber(insert, 6, event.partition < 0 ? SourceEvent::kNone : event.partition);
    bindNumber(insert, 7, event.version);
    bindUnlessEmpty(insert, 8, event.id);
    if (event.hasTime) {
        insert.bind(9, std::int64_t{event.time.time_since_epoch().count()});
    }
    bindUnlessEmpty(insert, 10, event.correlationId);
    bindUnlessEmpty(insert, 11, event.causationId);
    if (!event.payloadIsNull) {
        bindExact(insert, 12, event.payload);
    }
    bindUnlessEmpty(insert, 13, event.undecodable);
    return insert.run();
}

Status CaptureWriter::writeHeaders(const SourceEvent& event)
{
    std::int64_t place = 0;
    for (const HeaderView& header : event.headers) {
        const auto insert
            = m_connection->prepared("INSERT INTO headers (row, place, name, value) VALUES (?1, ?2, ?3, ?4)");
        if (!insert) {
            return std::unexpected(insert.error());
        }
        (*insert)->bind(1, m_rows).bind(2, place++);
        bindExact(**insert, 3, header.name);
        bindExact(**insert, 4, header.value);
        if (Status written = (*insert)->run(); !written) {
            return written;
        }
    }
    return {};
}

void CaptureWriter::count(const SourceEvent& event)
{
    std::string key(event.source);
    key += '\0';
    key += event.stream;
    const auto [found, isNew] = m_streams.try_emplace(std::move(key));
    StreamTally& tally = found->second;
    if (isNew) {
        tally.source = event.source;
        tally.stream = event.stream;
    }
    ++tally.events;
    if (event.hasTime) {
        const std::int64_t time = event.time.time_since_epoch().count();
        tally.first = std::min(tally.first.value_or(time), time);
        tally.last = std::max(tally.last.value_or(time), time);
    }
}

Status CaptureWriter::finish()
{
    Status done = writeRest();
    if (done) {
        done = m_connection->execute("COMMIT");
    }
    if (!done) {
        return aboutFile(std::move(done));
    }
    m_connection.reset(); // all of it is in the file now
    return m_file.keep();
}

Status CaptureWriter::writeRest()
{
    for (const auto& [key, tally] : m_streams) {
        const auto insert = m_connection->prepared(
            "INSERT INTO streams (source, stream, events, first, last) VALUES (?1, ?2, ?3, ?4, ?5)");
        if (!insert) {
            return std::unexpected(insert.error());
        }
        bindUnlessEmpty(**insert, 1, tally.source);
        bindUnlessEmpty(**insert, 2, tally.stream);
        (*insert)->bind(3, tally.events);
        bindNumber(**insert, 4, tally.first.value_or(SourceEvent::kNone));
        bindNumber(**insert, 5, tally.last.value_or(SourceEvent::kNone));
        if (Status written = (*insert)->run(); !written) {
            return written;
        }
    }
    const CaptureSettings about{
        {"program", "Eventscope"}, {"saved_at", formatTimestamp(m_savedAt)}, {"events", fmt::format("{}", m_rows)}};
    if (Status written = writePairs("INSERT INTO about (name, value) VALUES (?1, ?2)", about); !written) {
        return written;
    }
    return writePairs("INSERT INTO settings (name, value) VALUES (?1, ?2)", m_settings);
}

Status CaptureWriter::writePairs(std::string_view sql, const CaptureSettings& pairs)
{
    for (const auto& [name, value] : pairs) {
        const auto insert = m_connection->prepared(sql);
        if (!insert) {
            return std::unexpected(insert.error());
        }
        if (Status written = (*insert)->bind(1, name).bind(2, value).run(); !written) {
            return written;
        }
    }
    return {};
}

Status CaptureWriter::aboutFile(Status status) const
{
    if (!status) {
        return fail(status.error().code, describeFailure(status.error(), m_file.writtenPath(), m_path));
    }
    return status;
}

} // namespace eventscope::core
