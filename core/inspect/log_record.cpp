// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/log_record.h"

#include "inspect/varint.h"

#include <array>
#include <cstring>

namespace eventscope::core {

namespace {

// First byte.
constexpr unsigned kPosition = 0x01;
constexpr unsigned kVersion = 0x02;
constexpr unsigned kNullPayload = 0x04;
constexpr unsigned kMore = 0x08;      // a second byte follows
constexpr unsigned kIdShift = 4;      // three bits
constexpr unsigned kElsewhere = 0x80; // alone; kRecordMark has another bit
// Second byte.
constexpr unsigned kFormMask = 0x07; // of the causation id
constexpr unsigned kHeaders = 0x08;
constexpr unsigned kPartition = 0x10;
constexpr unsigned kUndecodable = 0x20;
constexpr unsigned kEscapes = 0x40; // a third byte follows
constexpr unsigned kHeaderSet = 0x80;
// Third byte.
constexpr unsigned kTimeEscaped = 0x01;
constexpr unsigned kTypeEscaped = 0x02;
constexpr unsigned kSourceEscaped = 0x04;
constexpr unsigned kNoTime = 0x08;
constexpr unsigned kAttempts = 0x10;
constexpr unsigned kLate = 0x20;

constexpr std::size_t kUuidSize = 16;
constexpr std::size_t kUuidTextSize = 36;

char* putBytes(char* out, std::string_view bytes)
{
    if (!bytes.empty()) {
        std::memcpy(out, bytes.data(), bytes.size());
    }
    return out + bytes.size();
}

char* putId(char* out, const StoredId& id)
{
    switch (id.form) {
    case IdForm::Absent:
    case IdForm::SameAsCorrelation: return out;
    case IdForm::Uuid: return putBytes(out, {id.bytes, kUuidSize});
    case IdForm::Text: return putBytes(putVarint(out, id.size), {id.bytes, id.size});
    case IdForm::InPayload: return putVarint(putVarint(out, id.offset), id.size);
    case IdForm::InPayloadUuid:
    case IdForm::EarlierRow: return putVarint(out, id.offset);
    }
    return out;
}

std::string_view takeText(const char*& in)
{
    const std::size_t size = takeVarint(in);
    const std::string_view text(in, size);
    in += size;
    return text;
}

StoredId takeId(const char*& in, IdForm form)
{
    StoredId id{.form = form};
    switch (form) {
    case IdForm::Absent:
    case IdForm::SameAsCorrelation: break;
    case IdForm::Uuid:
        id.bytes = in;
        in += kUuidSize;
        break;
    case IdForm::Text:
        id.size = takeVarint(in);
        id.bytes = in;
        in += id.size;
        break;
    case IdForm::InPayload:
        id.offset = takeVarint(in);
        id.size = takeVarint(in);
        break;
    case IdForm::InPayloadUuid:
        id.offset = takeVarint(in);
        id.size = kUuidTextSize;
        break;
    case IdForm::EarlierRow: id.offset = takeVarint(in); break;
    }
    return id;
}

unsigned escapesOf(const LogRecord& record)
{
    return (record.timeEscaped ? kTimeEscaped : 0) | (record.typeEscaped ? kTypeEscaped : 0)
        | (record.sourceEscaped ? kSourceEscaped : 0) | (record.hasTime ? 0 : kNoTime)
        | (record.attempts.empty() ? 0 : kAttempts) | (record.isLate ? kLate : 0);
}

} // namespace

char* writeRecordHead(char* out, const LogRecord& record)
{
    const unsigned escapes = escapesOf(record);
    const unsigned second = static_cast<unsigned>(record.causation.form) | (record.headers.count > 0 ? kHeaders : 0)
        | (record.headers.set > 0 ? kHeaderSet : 0) | (record.partition >= 0 ? kPartition : 0)
        | (record.undecodable.empty() ? 0 : kUndecodable) | (escapes != 0 ? kEscapes : 0);
    const unsigned first = (record.hasPosition ? kPosition : 0) | (record.version != SourceEvent::kNone ? kVersion : 0)
        | (record.payloadIsNull ? kNullPayload : 0) | (second != 0 ? kMore : 0)
        | (static_cast<unsigned>(record.id.form) << kIdShift);
    *out++ = static_cast<char>(first);
    if (second != 0) {
        *out++ = static_cast<char>(second);
    }
    if (escapes != 0) {
        *out++ = static_cast<char>(escapes);
    }
    if (record.hasPosition) {
        out = putVarint(out, zigzag(record.position));
    }
    if (record.version != SourceEvent::kNone) {
        out = putVarint(out, zigzag(record.version));
    }
    if (record.partition >= 0) {
        out = putVarint(out, static_cast<std::uint64_t>(record.partition));
    }
    if (record.timeEscaped) {
        out = putVarint(out, zigzag(record.time));
    }
    if (record.typeEscaped) {
        out = putVarint(out, record.type);
    }
    if (record.sourceEscaped) {
        out = putVarint(out, record.source);
    }
    out = putId(out, record.id);
    out = putId(out, record.causation);
    if (!record.undecodable.empty()) {
        out = putBytes(putVarint(out, record.undecodable.size()), record.undecodable);
    }
    if (!record.attempts.empty()) {
        out = putBytes(putVarint(out, record.attempts.size()), record.attempts);
    }
    if (record.headers.set > 0) {
        out = putVarint(out, record.headers.set);
    } else if (record.headers.count > 0) {
        out = putVarint(putVarint(out, record.headers.count), record.headers.bytes.size());
        out = putBytes(out, record.headers.bytes);
    }
    return out;
}

void appendHeader(std::string& out, std::uint32_t name, std::string_view value)
{
    std::array<char, 2 * kLongestVarint> head{};
    char* const begin = head.data();
    char* const end = putVarint(putVarint(begin, name), value.size());
    out.append(begin, end);
    out.append(value);
}

StoredHeader readHeader(const char*& in)
{
    StoredHeader header;
    header.name = static_cast<std::uint32_t>(takeVarint(in));
    const std::size_t size = takeVarint(in);
    header.value = {in, size};
    in += size;
    return header;
}

void writeLargeRecordStub(char* out, const char* record, std::uint64_t size)
{
    *out++ = static_cast<char>(kElsewhere);
    std::memcpy(out, &record, sizeof record);
    std::memcpy(out + sizeof record, &size, sizeof size);
}

LogRecord readRecord(const char* begin, const char* end)
{
    if (*begin == kRecordMark) {
        ++begin;
    }
    if ((static_cast<unsigned char>(*begin) & kElsewhere) != 0) {
        std::uint64_t size = 0;
        const char* const stub = begin + 1;
        std::memcpy(&begin, stub, sizeof begin);
        std::memcpy(&size, stub + sizeof begin, sizeof size);
        end = begin + size;
    }
    const char* in = begin;
    LogRecord record;
    const unsigned first = static_cast<unsigned char>(*in++);
    const unsigned second = (first & kMore) != 0 ? static_cast<unsigned char>(*in++) : 0;
    const unsigned escapes = (second & kEscapes) != 0 ? static_cast<unsigned char>(*in++) : 0;
    record.payloadIsNull = (first & kNullPayload) != 0;
    record.hasTime = (escapes & kNoTime) == 0;
    record.isLate = (escapes & kLate) != 0;
    if ((first & kPosition) != 0) {
        record.hasPosition = true;
        record.position = unzigzag(takeVarint(in));
    }
    if ((first & kVersion) != 0) {
        record.version = unzigzag(takeVarint(in));
    }
    if ((second & kPartition) != 0) {
        record.partition = static_cast<std::int32_t>(takeVarint(in));
    }
    if ((escapes & kTimeEscaped) != 0) {
        record.timeEscaped = true;
        record.time = unzigzag(takeVarint(in));
    }
    if ((escapes & kTypeEscaped) != 0) {
        record.typeEscaped = true;
        record.type = static_cast<std::uint32_t>(takeVarint(in));
    }
    if ((escapes & kSourceEscaped) != 0) {
        record.sourceEscaped = true;
        record.source = static_cast<std::uint32_t>(takeVarint(in));
    }
    record.id = takeId(in, static_cast<IdForm>((first >> kIdShift) & kFormMask));
    record.causation = takeId(in, static_cast<IdForm>(second & kFormMask));
    if ((second & kUndecodable) != 0) {
        record.undecodable = takeText(in);
    }
    if ((escapes & kAttempts) != 0) {
        record.attempts = takeText(in);
    }
    if ((second & kHeaderSet) != 0) {
        record.headers.set = takeVarint(in);
    } else if ((second & kHeaders) != 0) {
        record.headers.count = takeVarint(in);
        const std::size_t size = takeVarint(in);
        record.headers.bytes = {in, size};
        in += size;
    }
    record.payload = {in, static_cast<std::size_t>(end - in)};
    return record;
}

} // namespace eventscope::core
