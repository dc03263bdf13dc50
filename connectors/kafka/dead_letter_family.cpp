// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dead_letter_family.h"

#include "header_family.h"
#include "inspect/envelope_reader.h"
#include "json_wrapper.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace eventscope::kafka {

using core::DeadLetter;

namespace {

constexpr std::string_view kUber = "uber-kafka-client";

/// "orders" of "kafka://topic/orders", "rabbitmq://host/orders" and "orders@host".
std::string_view topicIn(std::string_view address)
{
    address = address.substr(0, address.find_first_of("@?"));
    return address.substr(address.rfind('/') + 1);
}

core::Timestamp timeIn(std::string_view text, core::Timestamp otherwise)
{
    if (const auto time = core::parseTimestamp(text)) {
        return *time;
    }
    // NServiceBus: "2026-11-23 08:15:30:123456 Z".
    std::string repaired(text);
    if (const std::size_t colon = repaired.rfind(':'); std::ranges::count(repaired, ':') == 3) {
        repaired[colon] = '.';
        std::erase_if(repaired, [&, i = std::size_t{0}](char c) mutable { return c == ' ' && i++ > 0; });
    }
    return core::parseTimestamp(repaired).value_or(otherwise);
}

void readFamily(const HeaderFamily& family, const InRecord& record, UnderstoodLetter& understood)
{
    DeadLetter& letter = understood.letter;
    const auto text = [&](auto names) { return std::string(lastHeader(record.headers, names).value_or("")); };
    const auto number = [&](std::string_view name) -> std::optional<std::int64_t> {
        const auto value = lastHeader(record.headers, name);
        return value ? numberIn(family, *value) : std::nullopt;
    };
    letter.convention = family.name;
    letter.original.stream = topicIn(text(family.topic));
    for (const std::string_view other : {"x-origin-topic", "original-topic", "wolverine-kafka-retry-source"}) {
        if (letter.original.stream.empty() && isOwn(family, other)) {
            letter.original.stream = topicIn(text(other));
        }
    }
    if (const auto partition = number(family.partition);
        partition && *partition >= 0 && *partition <= std::numeric_limits<std::int32_t>::max()) {
        letter.original.partition = static_cast<std::int32_t>(*partition);
    }
    letter.original.position = number(family.offset);
    letter.error = {text(family.type), text(family.message), text(family.stack)};
    if (const auto value = lastHeader(record.headers, family.timestamp)) {
        if (const auto ms = numberIn(family, *value); ms && *ms > 0) {
            letter.original.time = core::Timestamp(std::chrono::milliseconds(*ms));
        }
    }
    if (const auto value = lastHeader(record.headers, family.attempts)) {
        // Spring counts in four bytes even where a topic's other numbers are text.
        letter.attempts = static_cast<int>(numberIn(family, *value).value_or(0));
    }
    letter.failedAt = timeIn(text(family.failedAt), letter.failedAt);
    std::erase_if(letter.original.headers, [&](const core::Header& header) { return isOwn(family, header.name); });
    understood.isElsewhere = family.name == "kafka-share-group" && record.valueIsNull;
}

// --- Uber's client keeps what it knows in the key, as protobuf -------------------------------------

struct UberMetadata {
    std::int64_t retries = 0, partition = 0, offset = 0, nanoseconds = 0;
    std::string topic, key;
};

std::optional<std::uint64_t> takeVarint(std::string_view& bytes)
{
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
        const auto byte = static_cast<unsigned char>(bytes.front());
        bytes.remove_prefix(1);
        value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
        if (byte < 0x80) {
            return value;
        }
    }
    return std::nullopt;
}

std::optional<UberMetadata> readUber(std::string_view bytes)
{
    UberMetadata metadata;
    const std::array<std::int64_t*, 6> numbers{
        nullptr, &metadata.retries, nullptr, &metadata.partition, &metadata.offset, &metadata.nanoseconds};
    while (!bytes.empty()) {
        const auto tag = takeVarint(bytes);
        const auto value = tag ? takeVarint(bytes) : std::nullopt;
        if (!value) {
            return std::nullopt;
        }
        const std::uint64_t field = *tag >> 3;
        if ((*tag & 7) == 0 && field < numbers.size() && numbers[field]) {
            *numbers[field] = static_cast<std::int64_t>(*value);
        } else if ((*tag & 7) == 2 && *value <= bytes.size() && (field == 2 || field == 6)) {
            (field == 2 ? metadata.topic : metadata.key) = bytes.substr(0, *value);
            bytes.remove_prefix(*value);
        } else {
            return std::nullopt;
        }
    }
    return metadata.topic.empty() ? std::nullopt : std::optional(std::move(metadata));
}

bool readUberKey(const InRecord& record, UnderstoodLetter& understood)
{
    const auto metadata = record.keyIsNull ? std::nullopt : readUber(record.key);
    if (!metadata) {
        return false;
    }
    DeadLetter& letter = understood.letter;
    letter.convention = kUber;
    letter.attempts = static_cast<int>(metadata->retries);
    letter.original.stream = metadata->topic;
    letter.original.partition = static_cast<std::int32_t>(metadata->partition);
    letter.original.position = metadata->offset;
    letter.original.time = core::Timestamp(std::chrono::microseconds(metadata->nanoseconds / 1000));
    letter.original.key = metadata->key;
    understood.keyIsNull = metadata->key.empty();
    return true;
}

// --- Together --------------------------------------------------------------------------------------

/// Ours: what travelled beside the JSON outranks what the JSON says.
void readOurs(const InRecord& record, UnderstoodLetter& understood)
{
    namespace name = dead_letter_header;
    const DeadLetter fromHeaders = understood.letter;
    const auto key = lastHeader(record.headers, name::kKey);
    if (lastHeader(record.headers, name::kForm) != "raw" && unwrapJson(record.value, understood)) {
        understood.letter.original.headers = fromHeaders.original.headers;
    }
    understood.letter.original.stream = fromHeaders.original.stream;
    understood.letter.original.partition = fromHeaders.original.partition;
    understood.letter.original.position = fromHeaders.original.position;
    understood.letter.error.type = fromHeaders.error.type;
    understood.letter.attempts = fromHeaders.attempts;
    understood.letter.original.key = key.value_or("");
    understood.keyIsNull = !key;
}

void readEnvelope(UnderstoodLetter& understood)
{
    DeadLetter::Original& original = understood.letter.original;
    std::vector<core::HeaderView> headers;
    for (const core::Header& header : original.headers) {
        headers.push_back({header.name, header.value});
    }
    core::EnvelopeReader reader;
    const core::SourceEvent event = reader.read({.time = original.time,
                                                    .hasTime = original.time != core::Timestamp{},
                                                    .headers = headers,
                                                    .payload = original.data,
                                                    .payloadIsNull = understood.dataIsNull},
        {}, original.key);
    original.id = event.id;
    original.type = event.type;
    if (event.hasTime) {
        original.time = event.time;
    }
}

} // namespace

UnderstoodLetter understand(const InRecord& record)
{
    UnderstoodLetter understood{.keyIsNull = record.keyIsNull, .dataIsNull = record.valueIsNull};
    DeadLetter& letter = understood.letter;
    letter.id = letterId(record.topic, record.partition, record.offset);
    letter.queue = record.topic;
    letter.original.key = record.key;
    letter.original.headers = record.headers;
    letter.original.data = record.value;
    if (record.milliseconds >= 0) {
        letter.failedAt = core::Timestamp(std::chrono::milliseconds(record.milliseconds));
    }
    if (const HeaderFamily* family = familyOf(record.headers)) {
        readFamily(*family, record, understood);
        if (letter.convention == "eventscope") {
            readOurs(record, understood);
        }
    } else if (!(record.topic.ends_with("__dlq") && readUberKey(record, understood))) {
        letter.convention = unwrapJson(record.value, understood) ? "json" : "unknown";
    }
    if (letter.original.stream.empty()) {
        letter.original.stream = originByName(record.topic);
    }
    readEnvelope(understood);
    return understood;
}

bool isMarkedDeadLetter(const std::vector<core::Header>& headers)
{
    return familyOf(headers) != nullptr;
}

std::string originByName(std::string_view topic)
{
    static const re2::RE2 kSuffix(
        R"((?i)^(.+?)[._-]+(?:dlq|dlt|dead[._-]?letters?(?:[._-](?:queue|topic))?|poison|poisoned|parking[._-]?lot|errors?|failed)$)");
    static const re2::RE2 kBinder(R"(^error\.(.+)\.[^.]+$)");
    static const re2::RE2 kChannel(R"(^dead-letter-topic-(.+)$)");
    const re2::StringPiece name(topic.data(), topic.size());
    std::string origin;
    for (const re2::RE2* pattern : {&kBinder, &kChannel, &kSuffix}) {
        if (re2::RE2::FullMatch(name, *pattern, &origin)) {
            return origin;
        }
    }
    return {};
}

std::string letterId(std::string_view topic, std::int32_t partition, std::int64_t offset)
{
    return fmt::format("{}/{}/{}", topic, partition, offset);
}

std::optional<LetterPlace> placeOf(std::string_view letterId)
{
    const std::size_t second = letterId.rfind('/');
    const std::size_t first
        = second == std::string_view::npos || second == 0 ? std::string_view::npos : letterId.rfind('/', second - 1);
    if (first == std::string_view::npos || first == 0) {
        return std::nullopt;
    }
    LetterPlace place{.topic = std::string(letterId.substr(0, first))};
    const auto number = [](std::string_view text, auto& value) {
        const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        return error == std::errc{} && rest == text.data() + text.size() && value >= 0;
    };
    const bool isPlace = number(letterId.substr(first + 1, second - first - 1), place.partition)
        && number(letterId.substr(second + 1), place.offset);
    return isPlace ? std::optional(std::move(place)) : std::nullopt;
}

} // namespace eventscope::kafka
