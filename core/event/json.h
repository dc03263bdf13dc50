// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace eventscope::core {

/// A JSON value that loses nothing: numbers keep the text they were written with (64-bit integers,
/// decimals, "1.0" against "1"), objects keep the order of their members and even doubled names.
/// For states, differences and small payloads; the event log itself never builds one.
class Json {
public:
    struct Number {
        std::string text;
        bool operator==(const Number&) const = default;
    };
    using Array = std::vector<Json>;
    using Member = std::pair<std::string, Json>;
    using Object = std::vector<Member>;

    Json() = default; ///< null
    Json(std::nullptr_t) { }
    Json(bool value) : m_value(value) { }
    Json(int value) : Json(static_cast<std::int64_t>(value)) { }
    Json(std::int64_t value);
    Json(Number value) : m_value(std::move(value)) { }
    Json(const char* value) : m_value(std::string(value)) { }
    Json(std::string value) : m_value(std::move(value)) { }
    Json(std::string_view value) : m_value(std::string(value)) { }
    Json(Array value) : m_value(std::move(value)) { }
    Json(Object value) : m_value(std::move(value)) { }

    /// Strict JSON in UTF-8, nested at most 1000 deep. Unparsable, with what and where, otherwise.
    static Result<Json> parse(std::string_view text);

    bool isNull() const { return std::holds_alternative<std::monostate>(m_value); }
    bool isBool() const { return std::holds_alternative<bool>(m_value); }
    bool isNumber() const { return std::holds_alternative<Number>(m_value); }
    bool isString() const { return std::holds_alternative<std::string>(m_value); }
    bool isArray() const { return std::holds_alternative<Array>(m_value); }
    bool isObject() const { return std::holds_alternative<Object>(m_value); }

    bool asBool() const { return std::get<bool>(m_value); }
    const std::string& numberText() const { return std::get<Number>(m_value).text; }
    const std::string& asString() const { return std::get<std::string>(m_value); }
    const Array& asArray() const { return std::get<Array>(m_value); }
    Array& asArray() { return std::get<Array>(m_value); }
    const Object& asObject() const { return std::get<Object>(m_value); }
    Object& asObject() { return std::get<Object>(m_value); }

    /// The member of that name (the last, where it is doubled), or nullptr; nullptr too on what is no object.
    const Json* find(std::string_view name) const;
    Json* find(std::string_view name);
    /// The string member of that name, or an empty text.
    std::string_view stringOr(std::string_view name, std::string_view otherwise = {}) const;
    /// Sets or adds a member; turns null into an object first.
    Json& set(std::string_view name, Json value);

    /// The value at an RFC 6901 pointer ("" is this one), or nullptr.
    const Json* at(std::string_view pointer) const;

    /// One line, no white space. Control characters, DEL and invalid UTF-8 never come out raw.
    std::string dump() const;
    void dumpTo(std::string& out) const;
    std::string pretty(int indent = 2) const;

    /// By content; the order of an object's members does not matter, the text of numbers does.
    bool operator==(const Json& other) const;

private:
    std::variant<std::monostate, bool, Number, std::string, Array, Object> m_value;
};

/// Appends `text` as a JSON string with its quotes.
void appendJsonString(std::string& out, std::string_view text);

/// True for one complete JSON text in valid UTF-8 (any value, white space around it allowed).
bool isJson(std::string_view text);

/// The same JSON without white space between its tokens, everything else byte for byte, so that it
/// fits one line of NDJSON. Expects valid JSON.
std::string minifyJson(std::string_view json);

} // namespace eventscope::core
