// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "amqp_value.h"

#include "amqp_library.h"

#include "event/timestamp.h"
#include "event/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace eventscope::rabbitmq {

using core::Json;

namespace {

std::string decimalText(const AmqpValue::Decimal& decimal)
{
    std::string digits = std::to_string(decimal.value);
    if (decimal.decimals == 0)
        return digits;
    if (digits.size() <= decimal.decimals)
        digits.insert(0, decimal.decimals + 1U - digits.size(), '0');
    digits.insert(digits.size() - decimal.decimals, ".");
    return digits;
}

Json numberJson(double number)
{
    return std::isfinite(number) ? Json(Json::Number{fmt::format("{}", number)}) : Json(fmt::format("{}", number));
}

Json textJson(const std::string& text)
{
    if (core::isUtf8(text))
        return Json(text);
    std::string hex = "0x";
    for (const char c : text)
        hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
    return Json(std::move(hex));
}

void fill(amqp_field_value_t_& field, const AmqpValue& value, amqp_pool_t_& pool)
{
    field = {};
    field.kind = static_cast<std::uint8_t>(value.kind);
    const std::int64_t number = value.integer().value_or(0);
    switch (value.kind) {
    case AMQP_FIELD_KIND_BOOLEAN:
        field.value.boolean = std::get_if<bool>(&value.value) != nullptr && std::get<bool>(value.value);
        break;
    case AMQP_FIELD_KIND_I8: field.value.i8 = static_cast<std::int8_t>(number); break;
    case AMQP_FIELD_KIND_U8: field.value.u8 = static_cast<std::uint8_t>(number); break;
    case AMQP_FIELD_KIND_I16: field.value.i16 = static_cast<std::int16_t>(number); break;
    case AMQP_FIELD_KIND_U16: field.value.u16 = static_cast<std::uint16_t>(number); break;
    case AMQP_FIELD_KIND_I32: field.value.i32 = static_cast<std::int32_t>(number); break;
    case AMQP_FIELD_KIND_U32: field.value.u32 = static_cast<std::uint32_t>(number); break;
    case AMQP_FIELD_KIND_I64: field.value.i64 = number; break;
    case AMQP_FIELD_KIND_U64:
    case AMQP_FIELD_KIND_TIMESTAMP:
        field.value.u64 = std::holds_alternative<std::uint64_t>(value.value) ? std::get<std::uint64_t>(value.value)
                                                                             : static_cast<std::uint64_t>(number);
        break;
    case AMQP_FIELD_KIND_F32: field.value.f32 = static_cast<float>(std::get<double>(value.value)); break;
    case AMQP_FIELD_KIND_F64: field.value.f64 = std::get<double>(value.value); break;
    case AMQP_FIELD_KIND_DECIMAL: {
        const auto& decimal = std::get<AmqpValue::Decimal>(value.value);
        field.value.decimal.decimals = decimal.decimals;
        field.value.decimal.value = decimal.value;
        break;
    }
    case AMQP_FIELD_KIND_UTF8:
    case AMQP_FIELD_KIND_BYTES: field.value.bytes = bytesOf(value.text()); break;
    case AMQP_FIELD_KIND_ARRAY: {
        const AmqpArray& array = *value.array();
        field.value.array.num_entries = static_cast<int>(array.size());
        field.value.array.entries = static_cast<amqp_field_value_t_*>(
            amqp_pool_alloc(&pool, std::max<std::size_t>(array.size(), 1) * sizeof(amqp_field_value_t_)));
        for (std::size_t i = 0; i < array.size(); ++i)
            fill(field.value.array.entries[i], array[i], pool);
        break;
    }
    case AMQP_FIELD_KIND_TABLE: field.value.table = toLibrary(*value.table(), pool); break;
    default: field.kind = AMQP_FIELD_KIND_VOID; break;
    }
}

} // namespace

std::optional<std::int64_t> AmqpValue::integer() const
{
    if (const auto* number = std::get_if<std::int64_t>(&value))
        return *number;
    if (const auto* number = std::get_if<std::uint64_t>(&value))
        return static_cast<std::int64_t>(*number);
    return std::nullopt;
}

std::string_view AmqpValue::text() const
{
    const auto* text = std::get_if<std::string>(&value);
    return text ? std::string_view(*text) : std::string_view();
}

core::Json AmqpValue::json() const
{
    switch (kind) {
    case AMQP_FIELD_KIND_BOOLEAN: return Json(std::get<bool>(value));
    case AMQP_FIELD_KIND_U64: return Json(Json::Number{std::to_string(std::get<std::uint64_t>(value))});
    case AMQP_FIELD_KIND_TIMESTAMP: {
        constexpr std::uint64_t kYear9999 = 253'402'300'799;
        const std::uint64_t seconds = std::get<std::uint64_t>(value);
        return seconds > kYear9999
            ? Json(Json::Number{std::to_string(seconds)})
            : Json(core::formatTimestamp(core::Timestamp(std::chrono::seconds(static_cast<std::int64_t>(seconds)))));
    }
    case AMQP_FIELD_KIND_F32:
    case AMQP_FIELD_KIND_F64: return numberJson(std::get<double>(value));
    case AMQP_FIELD_KIND_DECIMAL: return Json(Json::Number{decimalText(std::get<Decimal>(value))});
    case AMQP_FIELD_KIND_UTF8:
    case AMQP_FIELD_KIND_BYTES: return textJson(std::get<std::string>(value));
    case AMQP_FIELD_KIND_ARRAY: {
        Json::Array items;
        for (const AmqpValue& item : *array())
            items.push_back(item.json());
        return Json(std::move(items));
    }
    case AMQP_FIELD_KIND_TABLE: {
        Json::Object members;
        for (const auto& [name, item] : *table())
            members.emplace_back(textJson(name).asString(), item.json());
        return Json(std::move(members));
    }
    default: break;
    }
    const auto number = integer();
    return number ? Json(*number) : Json();
}

std::string AmqpValue::display() const
{
    if (std::holds_alternative<std::string>(value))
        return std::get<std::string>(value);
    const Json whole = json();
    return whole.isString() ? whole.asString() : whole.dump();
}

bool AmqpValue::operator==(const AmqpValue& other) const
{
    return kind == other.kind && value == other.value;
}

const AmqpValue* find(const AmqpTable& table, std::string_view name)
{
    for (auto entry = table.rbegin(); entry != table.rend(); ++entry) {
        if (entry->first == name)
            return &entry->second;
    }
    return nullptr;
}

void set(AmqpTable& table, std::string_view name, AmqpValue value)
{
    std::erase_if(table, [&](const auto& entry) { return entry.first == name; });
    table.emplace_back(std::string(name), std::move(value));
}

AmqpValue valueFrom(const amqp_field_value_t_& field, bool& tooDeep, int depth)
{
    AmqpValue result;
    result.kind = static_cast<char>(field.kind);
    switch (field.kind) {
    case AMQP_FIELD_KIND_BOOLEAN: result.value = field.value.boolean != 0; break;
    case AMQP_FIELD_KIND_I8: result.value = static_cast<std::int64_t>(field.value.i8); break;
    case AMQP_FIELD_KIND_U8: result.value = static_cast<std::int64_t>(field.value.u8); break;
    case AMQP_FIELD_KIND_I16: result.value = static_cast<std::int64_t>(field.value.i16); break;
    case AMQP_FIELD_KIND_U16: result.value = static_cast<std::int64_t>(field.value.u16); break;
    case AMQP_FIELD_KIND_I32: result.value = static_cast<std::int64_t>(field.value.i32); break;
    case AMQP_FIELD_KIND_U32: result.value = static_cast<std::int64_t>(field.value.u32); break;
    case AMQP_FIELD_KIND_I64: result.value = field.value.i64; break;
    case AMQP_FIELD_KIND_U64:
    case AMQP_FIELD_KIND_TIMESTAMP: result.value = field.value.u64; break;
    case AMQP_FIELD_KIND_F32: result.value = static_cast<double>(field.value.f32); break;
    case AMQP_FIELD_KIND_F64: result.value = field.value.f64; break;
    case AMQP_FIELD_KIND_DECIMAL:
        result.value = AmqpValue::Decimal{field.value.decimal.decimals, field.value.decimal.value};
        break;
    case AMQP_FIELD_KIND_UTF8:
    case AMQP_FIELD_KIND_BYTES: result.value = std::string(viewOf(field.value.bytes)); break;
    case AMQP_FIELD_KIND_ARRAY:
    case AMQP_FIELD_KIND_TABLE:
        if (depth >= kDeepestTable) {
            tooDeep = true;
            result = AmqpValue("…");
        } else if (field.kind == AMQP_FIELD_KIND_TABLE) {
            result.value = tableFrom(field.value.table, tooDeep, depth + 1);
        } else {
            AmqpArray items;
            items.reserve(static_cast<std::size_t>(std::max(field.value.array.num_entries, 0)));
            for (int i = 0; i < field.value.array.num_entries; ++i)
                items.push_back(valueFrom(field.value.array.entries[i], tooDeep, depth + 1));
            result.value = std::move(items);
        }
        break;
    default: result.kind = AMQP_FIELD_KIND_VOID; break;
    }
    return result;
}

AmqpTable tableFrom(const amqp_table_t_& table, bool& tooDeep, int depth)
{
    AmqpTable result;
    result.reserve(static_cast<std::size_t>(std::max(table.num_entries, 0)));
    for (int i = 0; i < table.num_entries; ++i) {
        const amqp_table_entry_t_& entry = table.entries[i];
        result.emplace_back(std::string(viewOf(entry.key)), valueFrom(entry.value, tooDeep, depth));
    }
    return result;
}

amqp_table_t_ toLibrary(const AmqpTable& table, amqp_pool_t_& pool)
{
    amqp_table_t_ result{};
    result.num_entries = static_cast<int>(table.size());
    if (table.empty())
        return result;
    result.entries
        = static_cast<amqp_table_entry_t_*>(amqp_pool_alloc(&pool, table.size() * sizeof(amqp_table_entry_t_)));
    for (std::size_t i = 0; i < table.size(); ++i) {
        result.entries[i].key = bytesOf(table[i].first);
        fill(result.entries[i].value, table[i].second, pool);
    }
    return result;
}

MessageProperties propertiesFrom(const amqp_basic_properties_t_& from)
{
    MessageProperties to;
    const auto take = [&](amqp_flags_t flag, const amqp_bytes_t& bytes, std::optional<std::string>& text) {
        if ((from._flags & flag) != 0)
            text = std::string(viewOf(bytes));
    };
    take(AMQP_BASIC_CONTENT_TYPE_FLAG, from.content_type, to.contentType);
    take(AMQP_BASIC_CONTENT_ENCODING_FLAG, from.content_encoding, to.contentEncoding);
    take(AMQP_BASIC_CORRELATION_ID_FLAG, from.correlation_id, to.correlationId);
    take(AMQP_BASIC_REPLY_TO_FLAG, from.reply_to, to.replyTo);
    take(AMQP_BASIC_EXPIRATION_FLAG, from.expiration, to.expiration);
    take(AMQP_BASIC_MESSAGE_ID_FLAG, from.message_id, to.messageId);
    take(AMQP_BASIC_TYPE_FLAG, from.type, to.type);
    take(AMQP_BASIC_USER_ID_FLAG, from.user_id, to.userId);
    take(AMQP_BASIC_APP_ID_FLAG, from.app_id, to.appId);
    if ((from._flags & AMQP_BASIC_DELIVERY_MODE_FLAG) != 0)
        to.deliveryMode = from.delivery_mode;
    if ((from._flags & AMQP_BASIC_PRIORITY_FLAG) != 0)
        to.priority = from.priority;
    if ((from._flags & AMQP_BASIC_TIMESTAMP_FLAG) != 0)
        to.timestamp = from.timestamp;
    if ((from._flags & AMQP_BASIC_HEADERS_FLAG) != 0)
        to.headers = tableFrom(from.headers, to.tooDeep);
    return to;
}

amqp_basic_properties_t_ toLibrary(const MessageProperties& from, amqp_pool_t_& pool)
{
    amqp_basic_properties_t_ to{};
    const auto give = [&](amqp_flags_t flag, const std::optional<std::string>& text, amqp_bytes_t& bytes) {
        if (text) {
            to._flags |= flag;
            bytes = bytesOf(*text);
        }
    };
    give(AMQP_BASIC_CONTENT_TYPE_FLAG, from.contentType, to.content_type);
    give(AMQP_BASIC_CONTENT_ENCODING_FLAG, from.contentEncoding, to.content_encoding);
    give(AMQP_BASIC_CORRELATION_ID_FLAG, from.correlationId, to.correlation_id);
    give(AMQP_BASIC_REPLY_TO_FLAG, from.replyTo, to.reply_to);
    give(AMQP_BASIC_EXPIRATION_FLAG, from.expiration, to.expiration);
    give(AMQP_BASIC_MESSAGE_ID_FLAG, from.messageId, to.message_id);
    give(AMQP_BASIC_TYPE_FLAG, from.type, to.type);
    give(AMQP_BASIC_USER_ID_FLAG, from.userId, to.user_id);
    give(AMQP_BASIC_APP_ID_FLAG, from.appId, to.app_id);
    if (from.deliveryMode) {
        to._flags |= AMQP_BASIC_DELIVERY_MODE_FLAG;
        to.delivery_mode = *from.deliveryMode;
    }
    if (from.priority) {
        to._flags |= AMQP_BASIC_PRIORITY_FLAG;
        to.priority = *from.priority;
    }
    if (from.timestamp) {
        to._flags |= AMQP_BASIC_TIMESTAMP_FLAG;
        to.timestamp = *from.timestamp;
    }
    if (!from.headers.empty()) {
        to._flags |= AMQP_BASIC_HEADERS_FLAG;
        to.headers = toLibrary(from.headers, pool);
    }
    return to;
}

} // namespace eventscope::rabbitmq
