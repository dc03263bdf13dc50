// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/envelope/envelope_fields.h"

namespace eventscope::core {

namespace {

/// "OrderPlaced" of "urn:message:Shop.Orders:OrderPlaced".
std::string shortName(std::string_view urn)
{
    const std::size_t colon = urn.rfind(':');
    return std::string(colon == std::string_view::npos ? urn : urn.substr(colon + 1));
}

bool isOwn(std::string_view name)
{
    return name == "messageId" || name == "message" || name == "sentTime" || name == "initiatorId" || name == "headers";
}

} // namespace

bool readMassTransit(const JsonMembers& members, bool declared, Envelope& envelope)
{
    const RawJsonMember* const types = findRaw(members, "messageType");
    const RawJsonMember* const message = findRaw(members, "message");
    const bool isMarked = isArray(types) && types->value.find("urn:message:") != std::string_view::npos;
    if (!message || !isArray(types) || !(declared || isMarked)) {
        if (declared) {
            addAttempt(envelope, "MassTransit", "the members \"messageType\" and \"message\" are missing");
            envelope.undecodable = true;
        }
        return false;
    }
    const Result<std::vector<std::string_view>> urns = readRawArray(types->value);
    envelope.kind = EnvelopeKind::MassTransit;
    envelope.id = scalarText(findRaw(members, "messageId"));
    if (urns && !urns->empty() && urns->front().starts_with('"')) {
        envelope.type = shortName(decodeJsonString(urns->front()));
    }
    envelope.payload = message->value;
    envelope.time = timeOf(scalarText(findRaw(members, "sentTime")));
    envelope.causationId = scalarText(findRaw(members, "initiatorId"));
    const bool hasCorrelation = firstOf(members, {"correlationId"}) != nullptr;
    for (const RawJsonMember& member : members) {
        const std::string_view correlation = hasCorrelation ? "correlationId" : "conversationId";
        if (member.name == correlation && envelope.correlationId.empty()) {
            envelope.correlationId = scalarText(&member);
        } else if (member.name == "headers") {
            readMetadata(member, envelope);
        } else if (!isOwn(member.name) && !member.isNull()) {
            addAttribute(envelope, member.name, member);
        }
    }
    return true;
}

} // namespace eventscope::core
