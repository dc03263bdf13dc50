// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/envelope/envelope_fields.h"

#include "event/bytes_json.h"
#include "event/json.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <utility>

namespace eventscope::core {

namespace {

constexpr std::size_t kLongestKey = 32;

using Entry = std::pair<std::string_view, KnownKey>;
constexpr std::array kKeys{
    Entry{"aggregateversion", KnownKey::Version},
    Entry{"causationid", KnownKey::Causation},
    Entry{"conversationid", KnownKey::Conversation},
    Entry{"correlationid", KnownKey::Correlation},
    Entry{"correlationstreamname", KnownKey::Correlation}, // Eventide
    Entry{"eventid", KnownKey::Id},
    Entry{"eventtime", KnownKey::Time},
    Entry{"eventtimestamp", KnownKey::Time},
    Entry{"eventtype", KnownKey::Type},
    Entry{"eventuouscausationid", KnownKey::Causation},
    Entry{"eventuouscorrelationid", KnownKey::Correlation},
    Entry{"eventuousmessageid", KnownKey::Id},
    Entry{"initiatorid", KnownKey::Causation}, // MassTransit
    Entry{"messageid", KnownKey::Id},
    Entry{"messagetype", KnownKey::Type},
    Entry{"nservicebusconversationid", KnownKey::Conversation},
    Entry{"nservicebuscorrelationid", KnownKey::Correlation},
    Entry{"nservicebusenclosedmessagetypes", KnownKey::ClassName},
    Entry{"nservicebusmessageid", KnownKey::Id},
    Entry{"nservicebusrelatedto", KnownKey::Causation},
    Entry{"parentid", KnownKey::Causation}, // Wolverine, Celery
    Entry{"rbs2corrid", KnownKey::Correlation},
    Entry{"rbs2inreplyto", KnownKey::Causation},
    Entry{"rbs2msgid", KnownKey::Id},
    Entry{"rbs2msgtype", KnownKey::ClassName},
    Entry{"rootid", KnownKey::Correlation}, // Celery
    Entry{"streamversion", KnownKey::Version},
    Entry{"timestamp", KnownKey::Time},
    Entry{"traceparent", KnownKey::TraceParent},
    Entry{"typeid", KnownKey::ClassName}, // Spring
    Entry{"xcausationid", KnownKey::Causation},
    Entry{"xcorrelationid", KnownKey::Correlation},
};
static_assert(std::ranges::is_sorted(kKeys, {}, &Entry::first));

bool isAlnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
}

void readMetadataMember(const RawJsonMember& member, Envelope& envelope)
{
    std::string text = scalarText(&member);
    if (!text.empty()) {
        switch (knownKey(member.name)) {
        case KnownKey::Correlation:
            if (envelope.correlationId.empty()) {
                envelope.correlationId = std::move(text);
                return;
            }
            break;
        case KnownKey::Causation:
            if (envelope.causationId.empty()) {
                envelope.causationId = std::move(text);
                return;
            }
            break;
        default: break;
        }
    }
    if (member.isNull() || (member.name == "schemaVersion" && member.value == "1")
        || (member.name == "headers" && readHeaderPairs(member.value, envelope))) {
        return;
    }
    addAttribute(envelope, member.name, member);
}

} // namespace

bool readHeaderPairs(std::string_view json, Envelope& envelope)
{
    const Result<Json> pairs = Json::parse(json);
    if (!pairs || !pairs->isArray()) {
        return false;
    }
    std::vector<Header> headers;
    for (const Json& pair : pairs->asArray()) {
        const bool isPair = pair.isArray() && pair.asArray().size() == 2;
        auto name = isPair ? bytesFromJson(pair.asArray()[0]) : std::nullopt;
        auto value = isPair ? bytesFromJson(pair.asArray()[1]) : std::nullopt;
        if (!name || !value) {
            return false;
        }
        headers.push_back({std::move(*name), std::move(*value)});
    }
    std::ranges::move(headers, std::back_inserter(envelope.attributes));
    return true;
}

KnownKey knownKey(std::string_view name)
{
    std::array<char, kLongestKey> plain{};
    std::size_t size = 0;
    for (char c : name) {
        if (c >= 'A' && c <= 'Z') {
            c = static_cast<char>(c - 'A' + 'a');
        }
        if (isAlnum(c)) {
            if (size == plain.size()) {
                return KnownKey::None;
            }
            plain[size++] = c;
        }
    }
    const std::string_view key(plain.data(), size);
    const auto* const found = std::ranges::lower_bound(kKeys, key, {}, &Entry::first);
    return found != kKeys.end() && found->first == key ? found->second : KnownKey::None;
}

std::string scalarText(const RawJsonMember* member)
{
    if (!member) {
        return {};
    }
    const char first = member->value.front();
    const bool isNumber = first == '-' || (first >= '0' && first <= '9');
    return isNumber || first == '"' ? member->text() : std::string();
}

std::optional<std::int64_t> integerOf(std::string_view text)
{
    std::int64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    return error == std::errc{} && rest == end && number != Envelope::kNone ? std::optional(number) : std::nullopt;
}

std::optional<Timestamp> timeOf(std::string_view text)
{
    using namespace std::chrono;
    if (const std::optional<std::int64_t> number = integerOf(text)) {
        // Between these bounds lie the years 1973 to 5138 in each unit.
        constexpr std::int64_t kLeast = 100'000'000;
        constexpr std::int64_t kStep = 1000;
        const std::int64_t size = *number < 0 ? -*number : *number;
        if (size < kLeast * kStep) {
            return Timestamp(seconds(*number));
        }
        if (size < kLeast * kStep * kStep) {
            return Timestamp(milliseconds(*number));
        }
        if (size < kLeast * kStep * kStep * kStep) {
            return Timestamp(microseconds(*number));
        }
        return Timestamp(microseconds(*number / kStep));
    }
    const Result<Timestamp> time = parseTimestamp(text);
    return time ? std::optional(*time) : std::nullopt;
}

const RawJsonMember* firstOf(const JsonMembers& members, std::initializer_list<std::string_view> names)
{
    for (const std::string_view name : names) {
        const RawJsonMember* const member = findRaw(members, name);
        if (member && !member->isNull()) {
            return member;
        }
    }
    return nullptr;
}

bool isNonEmptyString(const RawJsonMember* member)
{
    return member && member->isString() && member->value.size() > 2;
}

bool isObject(const RawJsonMember* member)
{
    return member && member->value.front() == '{';
}

bool isArray(const RawJsonMember* member)
{
    return member && member->value.front() == '[';
}

void setOnce(std::string& field, std::string_view text)
{
    if (field.empty()) {
        field = text;
    }
}

void addAttribute(Envelope& envelope, std::string_view name, const RawJsonMember& member)
{
    envelope.attributes.push_back({std::string(name), member.text()});
}

void addAttempt(Envelope& envelope, std::string_view what, std::string reason)
{
    envelope.attempts.push_back({std::string(what), std::move(reason)});
}

void readMetadata(const RawJsonMember& metadata, Envelope& envelope)
{
    if (metadata.isNull()) {
        return;
    }
    const Result<JsonMembers> members = isObject(&metadata) ? readRawObject(metadata.value) : JsonMembers{};
    if (!isObject(&metadata) || !members) {
        addAttribute(envelope, metadata.name, metadata);
        return;
    }
    for (const RawJsonMember& member : *members) {
        readMetadataMember(member, envelope);
    }
}

} // namespace eventscope::core
