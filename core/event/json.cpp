// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/json.h"

#include "event/json_scanner.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <numeric>
#include <optional>

namespace eventscope::core {

namespace {

bool readValue(JsonScanner& scanner, Json& value, int depth);

bool readContainer(JsonScanner& scanner, Json& value, int depth)
{
    if (depth >= kMaxJsonDepth)
        return scanner.fault(fmt::format("the nesting is deeper than {}", kMaxJsonDepth));
    if (scanner.peek() == '[') {
        Json::Array array;
        const bool read = scanner.array([&] { return readValue(scanner, array.emplace_back(), depth + 1); });
        value = Json(std::move(array));
        return read;
    }
    Json::Object object;
    const bool read = scanner.object([&](std::string& name) {
        return readValue(scanner, object.emplace_back(std::move(name), Json()).second, depth + 1);
    });
    value = Json(std::move(object));
    return read;
}

bool readString(JsonScanner& scanner, Json& value)
{
    std::string text;
    if (!scanner.string(&text))
        return false;
    value = Json(std::move(text));
    return true;
}

bool readNumber(JsonScanner& scanner, Json& value)
{
    const std::size_t from = scanner.position();
    if (!scanner.number())
        return false;
    value = Json(Json::Number{std::string(scanner.slice(from))});
    return true;
}

bool readValue(JsonScanner& scanner, Json& value, int depth)
{
    const char first = scanner.peek();
    switch (first) {
    case '{':
    case '[': return readContainer(scanner, value, depth);
    case '"': return readString(scanner, value);
    case 't': value = Json(true); return scanner.literal("true");
    case 'f': value = Json(false); return scanner.literal("false");
    case 'n': value = Json(); return scanner.literal("null");
    default:
        if (first == '-' || (first >= '0' && first <= '9'))
            return readNumber(scanner, value);
        return scanner.expectedFault("a value");
    }
}

/// Members in the order of their names, doubled ones in their own order.
std::vector<std::size_t> orderOfNames(const Json::Object& object)
{
    std::vector<std::size_t> order(object.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(
        order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return object[a].first < object[b].first; });
    return order;
}

bool sameMembers(const Json::Object& left, const Json::Object& right)
{
    if (left.size() != right.size())
        return false;
    const bool sameOrder = std::equal(left.begin(), left.end(), right.begin(),
        [](const Json::Member& a, const Json::Member& b) { return a.first == b.first; });
    if (sameOrder) {
        return std::equal(left.begin(), left.end(), right.begin(),
            [](const Json::Member& a, const Json::Member& b) { return a.second == b.second; });
    }
    const std::vector<std::size_t> l = orderOfNames(left);
    const std::vector<std::size_t> r = orderOfNames(right);
    for (std::size_t i = 0; i < l.size(); ++i) {
        if (left[l[i]].first != right[r[i]].first || !(left[l[i]].second == right[r[i]].second))
            return false;
    }
    return true;
}

std::optional<std::string> unescapePointerToken(std::string_view token)
{
    std::string name;
    for (std::size_t i = 0; i < token.size(); ++i) {
        if (token[i] != '~') {
            name.push_back(token[i]);
            continue;
        }
        const char escaped = i + 1 < token.size() ? token[++i] : '\0';
        if (escaped != '0' && escaped != '1')
            return std::nullopt;
        name.push_back(escaped == '0' ? '~' : '/');
    }
    return name;
}

std::optional<std::size_t> arrayIndex(std::string_view token)
{
    std::size_t index = 0;
    const bool leadingZero = token.size() > 1 && token.front() == '0';
    const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), index);
    if (token.empty() || leadingZero || error != std::errc{} || end != token.data() + token.size())
        return std::nullopt;
    return index;
}

const Json* child(const Json& value, std::string_view token)
{
    if (value.isObject()) {
        const std::optional<std::string> name = unescapePointerToken(token);
        return name ? value.find(*name) : nullptr;
    }
    if (!value.isArray())
        return nullptr;
    const std::optional<std::size_t> index = arrayIndex(token);
    return index && *index < value.asArray().size() ? &value.asArray()[*index] : nullptr;
}

} // namespace

Json::Json(std::int64_t value) : m_value(Number{std::to_string(value)}) { }

Result<Json> Json::parse(std::string_view text)
{
    JsonScanner scanner(text);
    scanner.skipSpace();
    Json value;
    if (!readValue(scanner, value, 0) || !scanner.end())
        return std::unexpected(scanner.error());
    return value;
}

const Json* Json::find(std::string_view name) const
{
    const Object* object = std::get_if<Object>(&m_value);
    if (!object)
        return nullptr;
    const auto found = std::find_if(object->rbegin(), object->rend(), [&](const Member& m) { return m.first == name; });
    return found == object->rend() ? nullptr : &found->second;
}

Json* Json::find(std::string_view name)
{
    return const_cast<Json*>(std::as_const(*this).find(name));
}

std::string_view Json::stringOr(std::string_view name, std::string_view otherwise) const
{
    const Json* member = find(name);
    return member && member->isString() ? std::string_view(member->asString()) : otherwise;
}

Json& Json::set(std::string_view name, Json value)
{
    if (isNull())
        m_value = Object();
    if (Json* member = find(name)) {
        *member = std::move(value);
        return *member;
    }
    return asObject().emplace_back(std::string(name), std::move(value)).second;
}

const Json* Json::at(std::string_view pointer) const
{
    const Json* value = this;
    while (value && !pointer.empty()) {
        if (pointer.front() != '/')
            return nullptr;
        pointer.remove_prefix(1);
        const std::size_t length = std::min(pointer.find('/'), pointer.size());
        value = child(*value, pointer.substr(0, length));
        pointer.remove_prefix(length);
    }
    return value;
}

bool Json::operator==(const Json& other) const
{
    if (isObject() && other.isObject())
        return sameMembers(asObject(), other.asObject());
    return m_value == other.m_value;
}

} // namespace eventscope::core
