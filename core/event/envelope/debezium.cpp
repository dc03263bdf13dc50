// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/envelope/envelope_fields.h"

#include <fmt/core.h>

namespace eventscope::core {

namespace {

std::string_view verbOf(std::string_view operation)
{
    switch (operation.size() == 1 ? operation.front() : '?') {
    case 'r': return "read";
    case 'c': return "created";
    case 'u': return "updated";
    case 'd': return "deleted";
    case 't': return "truncated";
    case 'm': return "message";
    default: return {};
    }
}

/// Where in its database's log the change stands; empty when the source does not say.
std::string logPosition(const JsonMembers& source)
{
    for (const std::string_view name : {"lsn", "change_lsn", "commit_scn", "scn"}) {
        if (std::string text = scalarText(firstOf(source, {name})); !text.empty()) {
            return text;
        }
    }
    const std::string file = scalarText(findRaw(source, "file"));
    return file.empty() ? file : file + ':' + scalarText(findRaw(source, "pos"));
}

} // namespace

bool readDebezium(const JsonMembers& members, const EnvelopeInput& input, Envelope& envelope)
{
    const RawJsonMember* const operation = findRaw(members, "op");
    const RawJsonMember* const sourceMember = findRaw(members, "source");
    const bool hasRow = findRaw(members, "before") || findRaw(members, "after") || findRaw(members, "message");
    if (!isNonEmptyString(operation) || !isObject(sourceMember) || !hasRow || verbOf(operation->text()).empty()) {
        return false;
    }
    const Result<JsonMembers> source = readRawObject(sourceMember->value);
    if (!source) {
        return false;
    }
    envelope.kind = EnvelopeKind::Debezium;
    const std::string table = scalarText(findRaw(*source, "table"));
    const std::string_view verb = verbOf(operation->text());
    envelope.type = table.empty() ? std::string(verb) : fmt::format("{}.{}", table, verb);
    envelope.aggregateType = table;
    envelope.aggregateId = input.key;
    envelope.origin = scalarText(findRaw(*source, "name"));
    if (const std::string position = logPosition(*source); !position.empty()) {
        const std::string schema = scalarText(firstOf(*source, {"schema", "db"}));
        envelope.id = fmt::format("{}/{}.{}{}{}", position, schema, table, input.key.empty() ? "" : "/", input.key);
    }
    for (const JsonMembers* of : {&*source, &members}) {
        if (const RawJsonMember* const time = firstOf(*of, {"ts_us", "ts_ms"}); time && !envelope.time) {
            envelope.time = timeOf(scalarText(time));
        }
    }
    if (const RawJsonMember* const transaction = findRaw(members, "transaction"); isObject(transaction)) {
        if (const Result<JsonMembers> of = readRawObject(transaction->value)) {
            envelope.correlationId = scalarText(findRaw(*of, "id"));
        }
    }
    return true;
}

} // namespace eventscope::core
