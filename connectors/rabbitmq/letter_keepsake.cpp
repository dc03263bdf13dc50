// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "letter_keepsake.h"

#include "event/bytes_json.h"
#include "event/json.h"
#include "event/timestamp.h"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <charconv>
#include <cstdint>
#include <utility>

namespace eventscope::rabbitmq {

using core::ErrorCode;
using core::fail;
using core::Json;

namespace {

constexpr std::string_view kRestored = "eventscope-restored";

struct NamedText {
    const char* name;
    std::optional<std::string> MessageProperties::*text;
};
constexpr std::array<NamedText, 9> kTexts{{{"content-type", &MessageProperties::contentType},
    {"content-encoding", &MessageProperties::contentEncoding}, {"correlation-id", &MessageProperties::correlationId},
    {"reply-to", &MessageProperties::replyTo}, {"expiration", &MessageProperties::expiration},
    {"message-id", &MessageProperties::messageId}, {"type", &MessageProperties::type},
    {"user-id", &MessageProperties::userId}, {"app-id", &MessageProperties::appId}}};

template <class Number>
std::optional<Number> numberOf(const Json* json)
{
    const std::string* text = nullptr;
    if (json && json->isNumber())
        text = &json->numberText();
    else if (json && json->isString())
        text = &json->asString();
    Number number{};
    if (!text || std::from_chars(text->data(), text->data() + text->size(), number).ec != std::errc())
        return std::nullopt;
    return number;
}

Json tableToJson(const AmqpTable& table);

/// [kind, its C++ type, value]: the kind is the broker's, and tells widths that the type does not.
Json valueToJson(const AmqpValue& value)
{
    const auto typed = [&](const char* type, Json json) {
        return Json(Json::Array{Json(std::string(1, value.kind)), Json(type), std::move(json)});
    };
    if (const auto* truth = std::get_if<bool>(&value.value))
        return typed("bool", Json(*truth));
    if (const auto* number = std::get_if<std::int64_t>(&value.value))
        return typed("int", Json(*number));
    if (const auto* number = std::get_if<std::uint64_t>(&value.value))
        return typed("uint", Json(Json::Number{std::to_string(*number)}));
    if (const auto* number = std::get_if<double>(&value.value)) // its bits: there are numbers that JSON has no text for
        return typed("double", Json(Json::Number{std::to_string(std::bit_cast<std::uint64_t>(*number))}));
    if (const auto* text = std::get_if<std::string>(&value.value))
        return typed("bytes", core::bytesToJson(*text));
    if (const auto* decimal = std::get_if<AmqpValue::Decimal>(&value.value))
        return typed(
            "decimal", Json(Json::Array{Json(decimal->decimals), Json(static_cast<std::int64_t>(decimal->value))}));
    if (const AmqpArray* array = value.array()) {
        Json::Array items;
        for (const AmqpValue& item : *array)
            items.push_back(valueToJson(item));
        return typed("array", Json(std::move(items)));
    }
    if (const AmqpTable* table = value.table())
        return typed("table", tableToJson(*table));
    return typed("none", Json());
}

Json tableToJson(const AmqpTable& table)
{
    Json::Array entries;
    for (const auto& [name, value] : table)
        entries.emplace_back(Json::Array{core::bytesToJson(name), valueToJson(value)});
    return Json(std::move(entries));
}

AmqpTable tableFromJson(const Json* json);

AmqpValue valueFromJson(const Json& json)
{
    AmqpValue value;
    if (!json.isArray() || json.asArray().size() != 3 || !json.asArray()[0].isString() || !json.asArray()[1].isString()
        || json.asArray()[0].asString().size() != 1)
        return value;
    value.kind = json.asArray()[0].asString().front();
    const std::string& type = json.asArray()[1].asString();
    const Json& inner = json.asArray()[2];
    if (type == "bool")
        value.value = inner.isBool() && inner.asBool();
    else if (type == "int")
        value.value = numberOf<std::int64_t>(&inner).value_or(0);
    else if (type == "uint")
        value.value = numberOf<std::uint64_t>(&inner).value_or(0);
    else if (type == "double")
        value.value = std::bit_cast<double>(numberOf<std::uint64_t>(&inner).value_or(0));
    else if (type == "bytes")
        value.value = core::bytesFromJson(inner).value_or(std::string());
    else if (type == "table")
        value.value = tableFromJson(&inner);
    else if (type == "decimal" && inner.isArray() && inner.asArray().size() == 2)
        value.value = AmqpValue::Decimal{numberOf<std::uint8_t>(inner.asArray().data()).value_or(0),
            numberOf<std::uint32_t>(inner.asArray().data() + 1).value_or(0)};
    else if (type == "array" && inner.isArray()) {
        AmqpArray items;
        for (const Json& item : inner.asArray())
            items.push_back(valueFromJson(item));
        value.value = std::move(items);
    } else {
        value.kind = 'V';
    }
    return value;
}

AmqpTable tableFromJson(const Json* json)
{
    AmqpTable table;
    if (!json || !json->isArray())
        return table;
    for (const Json& entry : json->asArray()) {
        if (entry.isArray() && entry.asArray().size() == 2)
            table.emplace_back(
                core::bytesFromJson(entry.asArray()[0]).value_or(std::string()), valueFromJson(entry.asArray()[1]));
    }
    return table;
}

std::string bytesAt(const Json& json, std::string_view name)
{
    const Json* member = json.find(name);
    return member ? core::bytesFromJson(*member).value_or(std::string()) : std::string();
}

/// Only what the broker itself says of a delivery: it is counted anew.
bool isOfTheDelivery(std::string_view header)
{
    return header == "x-delivery-count" || header == "x-acquired-count" || header == kRestored;
}

} // namespace

core::Result<std::string> keepsakeOf(const HeldMessage& message)
{
    if (message.isCut || message.properties.tooDeep)
        return fail(ErrorCode::Unsupported,
            message.isCut ? fmt::format("The message of {} bytes is too large to be kept, so it is not discarded from "
                                        "here; use the broker's own tools.",
                message.bodySize)
                          : std::string("Its headers are nested too deeply to be kept, so it is not discarded from "
                                        "here; use the broker's own tools."));
    Json json;
    json.set("exchange", core::bytesToJson(message.exchange));
    json.set("routing-key", core::bytesToJson(message.routingKey));
    for (const NamedText& each : kTexts) {
        if (const auto& text = message.properties.*each.text)
            json.set(each.name, core::bytesToJson(*text));
    }
    if (message.properties.deliveryMode)
        json.set("delivery-mode", *message.properties.deliveryMode);
    if (message.properties.priority)
        json.set("priority", *message.properties.priority);
    if (message.properties.timestamp)
        json.set("timestamp", Json(Json::Number{std::to_string(*message.properties.timestamp)}));
    json.set("headers", tableToJson(message.properties.headers));
    json.set("body", core::bytesToJson(message.body));
    return json.dump();
}

std::optional<HeldMessage> messageOfKeepsake(std::string_view keepsake)
{
    const auto json = Json::parse(keepsake);
    if (!json || !json->find("headers") || !json->find("body"))
        return std::nullopt;
    HeldMessage message;
    message.exchange = bytesAt(*json, "exchange");
    message.routingKey = bytesAt(*json, "routing-key");
    for (const NamedText& each : kTexts) {
        if (json->find(each.name))
            message.properties.*each.text = bytesAt(*json, each.name);
    }
    message.properties.deliveryMode = numberOf<std::uint8_t>(json->find("delivery-mode"));
    message.properties.priority = numberOf<std::uint8_t>(json->find("priority"));
    message.properties.timestamp = numberOf<std::uint64_t>(json->find("timestamp"));
    message.properties.headers = tableFromJson(json->find("headers"));
    message.body = bytesAt(*json, "body");
    message.bodySize = message.body.size();
    return message;
}

OutgoingMessage restoring(const HeldMessage& letter, std::string_view queue, core::Timestamp now)
{
    OutgoingMessage message{{}, std::string(queue), letter.properties, letter.body};
    MessageProperties& properties = message.properties;
    AmqpTable before{{"exchange", AmqpValue(letter.exchange)}, {"routing-key", AmqpValue(letter.routingKey)},
        {"at", AmqpValue(core::formatTimestamp(now))}};
    if (properties.userId)
        before.emplace_back("user-id", AmqpValue(*std::exchange(properties.userId, std::nullopt)));
    AmqpTable copies;
    for (const auto& [name, value] : properties.headers) {
        if (name == "CC" || name == "BCC")
            copies.emplace_back(name, value);
    }
    if (!copies.empty())
        before.emplace_back("copies", AmqpValue(std::move(copies)));
    std::erase_if(properties.headers, [](const auto& header) {
        return isOfTheDelivery(header.first) || header.first == "CC" || header.first == "BCC";
    });
    properties.headers.emplace_back(std::string(kRestored), AmqpValue(std::move(before)));
    return message;
}

void undoRestoring(HeldMessage& message)
{
    const AmqpValue* header = find(message.properties.headers, kRestored);
    if (!header || !header->table())
        return;
    const AmqpTable before = *header->table();
    const auto textOf = [&](std::string_view name) {
        const AmqpValue* value = find(before, name);
        return value ? std::string(value->text()) : std::string();
    };
    std::erase_if(message.properties.headers, [](const auto& each) { return each.first == kRestored; });
    message.exchange = textOf("exchange");
    message.routingKey = textOf("routing-key");
    if (find(before, "user-id"))
        message.properties.userId = textOf("user-id");
    const AmqpValue* copies = find(before, "copies");
    if (copies && copies->table())
        message.properties.headers.insert(
            message.properties.headers.end(), copies->table()->begin(), copies->table()->end());
}

} // namespace eventscope::rabbitmq
