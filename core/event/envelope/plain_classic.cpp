// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/envelope/envelope_fields.h"
#include "event/json_plain.h"
#include "event/json_scanner.h"

#include <array>

namespace eventscope::core {

namespace {

/// The members that the classic envelope has in its own words.
enum Member : std::size_t { Id, Type, Time, Stream, AggregateId, AggregateType, Version, Data, Meta, MemberCount };

constexpr std::array<std::string_view, MemberCount> kNames{
    "eventId", "eventType", "timestamp", "stream", "aggregateId", "aggregateType", "version", "data", "metadata"};

Member memberOf(std::string_view name)
{
    std::size_t member = 0;
    while (member < MemberCount && kNames[member] != name) {
        ++member;
    }
    return static_cast<Member>(member);
}

/// The text of a string of plain bytes only, whose opening quote stands at `at`; empty for anything else.
std::string_view plainText(std::string_view json, std::size_t& at)
{
    const std::size_t begin = at + 1;
    const std::size_t end = at < json.size() && json[at] == '"' ? plainJsonEnd(json, begin) : json.size();
    if (end >= json.size() || json[end] != '"') {
        return {};
    }
    at = end + 1;
    return json.substr(begin, end - begin);
}

using Values = std::array<std::string_view, MemberCount>;

/// Each member once, as texts where it is one and as written where it is data, metadata or the version.
bool readValues(std::string_view json, Values& values)
{
    if (json.size() < 2 || json.front() != '{') {
        return false;
    }
    for (std::size_t at = 1;; ++at) {
        const std::string_view name = plainText(json, at);
        const Member member = memberOf(name);
        if (member == MemberCount || !values[member].empty() || at >= json.size() || json[at] != ':') {
            return false;
        }
        ++at;
        if (member < Version) {
            values[member] = plainText(json, at);
        } else {
            JsonScanner scanner(json.substr(at));
            if (!scanner.skipValue(1)) {
                return false;
            }
            values[member] = scanner.slice(0);
            at += values[member].size();
        }
        if (values[member].empty() || at >= json.size()) {
            return false;
        }
        if (json[at] == '}') {
            return at + 1 == json.size();
        }
        if (json[at] != ',') {
            return false;
        }
    }
}

} // namespace

bool readPlainClassic(std::string_view json, Envelope& envelope)
{
    Values values;
    if (!readValues(json, values) || values[Id].empty() || values[Type].empty() || values[Data].empty()) {
        return false;
    }
    const std::optional<Timestamp> time = values[Time].empty() ? std::nullopt : timeOf(values[Time]);
    const std::optional<std::int64_t> version = integerOf(values[Version]);
    if ((!time && !values[Time].empty()) || (!version && !values[Version].empty())) {
        return false;
    }
    envelope.kind = EnvelopeKind::Classic;
    envelope.id = values[Id];
    envelope.type = values[Type];
    envelope.time = time;
    envelope.stream = values[Stream];
    envelope.aggregateId = values[AggregateId];
    envelope.aggregateType = values[AggregateType];
    envelope.version = version.value_or(Envelope::kNone);
    envelope.payload = values[Data];
    if (!values[Meta].empty() && values[Meta] != "{}") {
        readMetadata({"metadata", values[Meta]}, envelope);
    }
    return true;
}

} // namespace eventscope::core
