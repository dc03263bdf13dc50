// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/source_event.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace eventscope::core {

/// How an id lies in a record. Most are UUIDs, stand in the payload anyway, or repeat one that the
/// log already has; none of these needs its 36 characters once more.
enum class IdForm : std::uint8_t {
    Absent,
    Uuid,          ///< 16 bytes
    Text,          ///< the text itself
    InPayload,     ///< an offset into the payload and a length
    InPayloadUuid, ///< an offset, 36 characters
    SameAsCorrelation,
    EarlierRow, ///< the id of the event so many rows before
};

struct StoredId {
    IdForm form = IdForm::Absent;
    const char* bytes = nullptr; ///< Uuid, Text
    std::uint64_t offset = 0;    ///< InPayload…: offset; EarlierRow: rows back
    std::uint64_t size = 0;      ///< Text, InPayload
};

/// Headers repeat from event to event: then only the number of the set is written.
struct StoredHeaders {
    std::uint64_t count = 0;
    std::string_view bytes; ///< see readHeader
    std::uint64_t set = 0;  ///< not 0: one of LogStorage::headerSets instead
};

/// What one event has beside the columns of fixed width, as it lies in the arena: two bytes of
/// flags, numbers as varints, ids, headers, then the payload up to the record's end.
struct LogRecord {
    bool hasPosition = false;
    std::int64_t position = 0; ///< less the base of its chunk and source
    std::int64_t version = SourceEvent::kNone;
    std::int32_t partition = -1;
    bool payloadIsNull = false;
    bool hasTime = true;
    bool isLate = false;
    // What did not fit its column.
    bool timeEscaped = false, typeEscaped = false, sourceEscaped = false;
    std::int64_t time = 0;
    std::uint32_t type = 0, source = 0;
    StoredId id, causation;
    StoredHeaders headers;
    std::string_view undecodable, attempts;
    std::string_view payload;
};

/// No record is longer than this beside the texts and bytes in it.
inline constexpr std::size_t kLargestRecordHead = 128;

/// Writes everything but the payload.
char* writeRecordHead(char* out, const LogRecord& record);
void appendHeader(std::string& out, std::uint32_t name, std::string_view value);

/// A byte that may stand in front of a record, and means nothing.
inline constexpr char kRecordMark = '\x81';

/// Writes a record that only says where the real one lies.
inline constexpr std::size_t kLargeRecordStub = 1 + sizeof(const char*) + sizeof(std::uint64_t);
void writeLargeRecordStub(char* out, const char* record, std::uint64_t size);

LogRecord readRecord(const char* begin, const char* end);

struct StoredHeader {
    std::uint32_t name = 0;
    std::string_view value;
};
StoredHeader readHeader(const char*& in);

} // namespace eventscope::core
