// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "event/json.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

struct amqp_field_value_t_;
struct amqp_pool_t_;
struct amqp_table_t_;
struct amqp_basic_properties_t_;

namespace eventscope::rabbitmq {

/// A header's value with its exact AMQP type, so that what is sent again is what came. Nested deeper
/// than kDeepestTable it is cut there, and `tooDeep` of the reader tells.
struct AmqpValue;
using AmqpArray = std::vector<AmqpValue>;
using AmqpTable = std::vector<std::pair<std::string, AmqpValue>>;

inline constexpr int kDeepestTable = 64;

struct AmqpValue {
    struct Decimal {
        std::uint8_t decimals = 0;
        std::uint32_t value = 0;
        bool operator==(const Decimal&) const = default;
    };

    char kind = 'V'; ///< the library's letter: 'S' text, 'I' 32 bits, 'l' 64 bits, 't' truth, 'F' table, …
    std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string, Decimal, AmqpArray, AmqpTable>
        value;

    AmqpValue() = default;
    AmqpValue(std::string_view text) : kind('S'), value(std::string(text)) { }
    AmqpValue(const std::string& text) : kind('S'), value(text) { }
    AmqpValue(const char* text) : kind('S'), value(std::string(text)) { }
    AmqpValue(bool truth) : kind('t'), value(truth) { }
    AmqpValue(int number) : kind('I'), value(static_cast<std::int64_t>(number)) { }
    AmqpValue(std::int64_t number) : kind('l'), value(number) { }
    AmqpValue(AmqpTable table) : kind('F'), value(std::move(table)) { }

    /// The number of any integer type.
    std::optional<std::int64_t> integer() const;
    /// The text of 'S' and 'x'; empty otherwise.
    std::string_view text() const;
    const AmqpArray* array() const { return std::get_if<AmqpArray>(&value); }
    const AmqpTable* table() const { return std::get_if<AmqpTable>(&value); }

    /// Text as it is, everything else as JSON.
    std::string display() const;
    core::Json json() const;

    bool operator==(const AmqpValue& other) const;
};

const AmqpValue* find(const AmqpTable& table, std::string_view name);
void set(AmqpTable& table, std::string_view name, AmqpValue value);

// The library's side.
AmqpValue valueFrom(const amqp_field_value_t_& field, bool& tooDeep, int depth = 0);
AmqpTable tableFrom(const amqp_table_t_& table, bool& tooDeep, int depth = 0);
/// Refers to the table's texts and the pool's memory.
amqp_table_t_ toLibrary(const AmqpTable& table, amqp_pool_t_& pool);

/// What travels beside a message's body. What is not set is not sent.
struct MessageProperties {
    std::optional<std::string> contentType, contentEncoding, correlationId, replyTo, expiration, messageId, type,
        userId, appId;
    std::optional<std::uint8_t> deliveryMode, priority;
    std::optional<std::uint64_t> timestamp; ///< seconds since 1970
    AmqpTable headers;
    bool tooDeep = false; ///< the headers were cut: such a message is not sent again

    bool operator==(const MessageProperties&) const = default;
};

MessageProperties propertiesFrom(const amqp_basic_properties_t_& properties);
/// Refers to the properties' texts and the pool's memory.
amqp_basic_properties_t_ toLibrary(const MessageProperties& properties, amqp_pool_t_& pool);

} // namespace eventscope::rabbitmq
