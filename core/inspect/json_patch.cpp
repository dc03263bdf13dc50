// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/json_patch.h"

#include "event/decimal.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace eventscope::core {

namespace {

using Kind = PatchOperation::Kind;

std::optional<std::string> unescaped(std::string_view token)
{
    std::string name;
    for (std::size_t i = 0; i < token.size(); ++i) {
        if (token[i] != '~') {
            name.push_back(token[i]);
            continue;
        }
        const char escape = i + 1 < token.size() ? token[++i] : '\0';
        if (escape != '0' && escape != '1')
            return std::nullopt;
        name.push_back(escape == '1' ? '/' : '~');
    }
    return name;
}

/// Where a pointer leads: the container and the last token within it. parent is nullptr for "".
struct Place {
    Json* parent = nullptr;
    std::string name;      ///< in an object
    std::size_t index = 0; ///< in an array; its size for "-" or for the place behind the last

    Json* value() const
    {
        if (parent->isObject())
            return parent->find(name);
        return index < parent->asArray().size() ? &parent->asArray()[index] : nullptr;
    }
};

std::unexpected<Error> notThere(std::string_view path)
{
    return fail(ErrorCode::NotFound, fmt::format("there is nothing at \"{}\"", path));
}

Result<Place> findPlace(Json& root, std::string_view path)
{
    if (path.empty())
        return Place();
    if (path.front() != '/')
        return fail(ErrorCode::InvalidArgument, fmt::format("\"{}\" is no JSON pointer; it must begin with /", path));
    const std::size_t slash = path.rfind('/');
    const std::string_view token = path.substr(slash + 1);
    Place place;
    place.parent = const_cast<Json*>(root.at(path.substr(0, slash)));
    if (!place.parent || (!place.parent->isObject() && !place.parent->isArray()))
        return notThere(path.substr(0, slash));
    if (place.parent->isObject()) {
        std::optional<std::string> name = unescaped(token);
        if (!name)
            return fail(ErrorCode::InvalidArgument, fmt::format("\"{}\" is no JSON pointer; write ~ as ~0", path));
        place.name = std::move(*name);
        return place;
    }
    const std::size_t size = place.parent->asArray().size();
    if (token == "-") {
        place.index = size;
        return place;
    }
    const bool leadingZero = token.size() > 1 && token.front() == '0';
    const auto [stop, error] = std::from_chars(token.data(), token.data() + token.size(), place.index);
    if (token.empty() || leadingZero || error != std::errc{} || stop != token.data() + token.size())
        return fail(ErrorCode::InvalidArgument, fmt::format("\"{}\" is no index of a list", token));
    if (place.index > size)
        return notThere(path);
    return place;
}

/// The value at a path that must exist.
Result<Json*> findValue(Json& root, std::string_view path)
{
    const Result<Place> place = findPlace(root, path);
    if (!place)
        return std::unexpected(place.error());
    Json* value = place->parent ? place->value() : &root;
    if (!value)
        return notThere(path);
    return value;
}

/// By value: numbers mathematically, as RFC 6902 has it for tests.
bool sameValue(const Json& a, const Json& b)
{
    if (a.isNumber() && b.isNumber()) {
        const Result<Decimal> left = Decimal::parse(a.numberText());
        const Result<Decimal> right = Decimal::parse(b.numberText());
        return left && right ? *left == *right : a.numberText() == b.numberText();
    }
    if (a.isArray() && b.isArray())
        return std::equal(a.asArray().begin(), a.asArray().end(), b.asArray().begin(), b.asArray().end(), sameValue);
    if (a.isObject() && b.isObject()) {
        return a.asObject().size() == b.asObject().size()
            && std::all_of(a.asObject().begin(), a.asObject().end(), [&](const Json::Member& member) {
                   const Json* other = b.find(member.first);
                   return other && sameValue(member.second, *other);
               });
    }
    return a == b;
}

/// An operation that has been done, and how to take it back.
using Undo = std::optional<PatchOperation>;

Result<Undo> add(Json& root, const std::string& path, Json value)
{
    const Result<Place> place = findPlace(root, path);
    if (!place)
        return std::unexpected(place.error());
    if (!place->parent)
        return PatchOperation{
            .kind = Kind::Replace, .path = {}, .from = {}, .value = std::exchange(root, std::move(value))};
    if (place->parent->isObject()) {
        if (Json* there = place->value())
            return PatchOperation{
                .kind = Kind::Replace, .path = path, .from = {}, .value = std::exchange(*there, std::move(value))};
        place->parent->asObject().emplace_back(place->name, std::move(value));
        return PatchOperation{.kind = Kind::Remove, .path = path, .from = {}, .value = {}};
    }
    Json::Array& array = place->parent->asArray();
    array.insert(array.begin() + static_cast<std::ptrdiff_t>(place->index), std::move(value));
    const std::string_view parentPath = std::string_view(path).substr(0, path.rfind('/'));
    return PatchOperation{
        .kind = Kind::Remove, .path = childPointer(parentPath, place->index), .from = {}, .value = {}};
}

Result<Undo> remove(Json& root, const std::string& path)
{
    const Result<Place> place = findPlace(root, path);
    if (!place)
        return std::unexpected(place.error());
    PatchOperation undo{.kind = Kind::Add, .path = path, .from = {}, .value = {}};
    if (!place->parent) {
        undo.value = std::exchange(root, Json());
        return undo;
    }
    Json* there = place->value();
    if (!there)
        return notThere(path);
    undo.value = std::move(*there);
    if (place->parent->isArray()) {
        Json::Array& array = place->parent->asArray();
        array.erase(array.begin() + static_cast<std::ptrdiff_t>(place->index));
        return undo;
    }
    Json::Object& object = place->parent->asObject();
    object.erase(std::find_if(object.begin(), object.end(), [&](const Json::Member& m) { return &m.second == there; }));
    return undo;
}

Result<Undo> replace(Json& root, const std::string& path, Json value)
{
    const Result<Json*> there = findValue(root, path);
    if (!there)
        return std::unexpected(there.error());
    return PatchOperation{
        .kind = Kind::Replace, .path = path, .from = {}, .value = std::exchange(**there, std::move(value))};
}

Result<Undo> test(Json& root, const PatchOperation& operation)
{
    const Result<Json*> there = findValue(root, operation.path);
    if (!there)
        return std::unexpected(there.error());
    if (!sameValue(**there, operation.value)) {
        return fail(ErrorCode::Refused,
            fmt::format(
                "the value at \"{}\" is {} and not {}", operation.path, (*there)->dump(), operation.value.dump()));
    }
    return std::nullopt;
}

/// Does one operation; what takes it back goes to the front of `undo`, newest first.
Status applyOne(Json& root, const PatchOperation& operation, std::vector<PatchOperation>& undo)
{
    const auto done = [&](Result<Undo> result) -> Status {
        if (!result)
            return std::unexpected(std::move(result.error()));
        if (*result)
            undo.push_back(std::move(**result));
        return {};
    };
    switch (operation.kind) {
    case Kind::Add: return done(add(root, operation.path, operation.value));
    case Kind::Remove: return done(remove(root, operation.path));
    case Kind::Replace: return done(replace(root, operation.path, operation.value));
    case Kind::Test: return done(test(root, operation));
    case Kind::Move:
    case Kind::Copy: break;
    }
    if (operation.kind == Kind::Move && operation.path.starts_with(operation.from + '/'))
        return fail(ErrorCode::InvalidArgument, fmt::format("\"{}\" cannot be moved into itself", operation.from));
    const Result<Json*> source = findValue(root, operation.from);
    if (!source)
        return std::unexpected(source.error());
    Json value = **source;
    if (operation.kind == Kind::Move) {
        if (Status removed = done(remove(root, operation.from)); !removed)
            return removed;
    }
    return done(add(root, operation.path, std::move(value)));
}

/// All or nothing; `undo` in the order in which it was done.
Status applyAll(Json& value, const JsonPatch& patch, std::vector<PatchOperation>& undo)
{
    for (const PatchOperation& operation : patch) {
        Status applied = applyOne(value, operation, undo);
        if (applied)
            continue;
        std::vector<PatchOperation> ignored;
        for (auto back = undo.rbegin(); back != undo.rend(); ++back)
            (void)applyOne(value, *back, ignored);
        undo.clear();
        return applied;
    }
    return {};
}

} // namespace

Status applyPatch(Json& value, const JsonPatch& patch)
{
    std::vector<PatchOperation> undo;
    return applyAll(value, patch, undo);
}

Result<JsonPatch> invertPatch(const JsonPatch& patch, const Json& before)
{
    Json value = before;
    std::vector<PatchOperation> undo;
    if (Status applied = applyAll(value, patch, undo); !applied)
        return std::unexpected(std::move(applied.error()));
    std::reverse(undo.begin(), undo.end());
    return undo;
}

std::string childPointer(std::string_view parent, std::string_view name)
{
    std::string pointer(parent);
    pointer.push_back('/');
    for (const char c : name) {
        if (c == '~')
            pointer += "~0";
        else if (c == '/')
            pointer += "~1";
        else
            pointer.push_back(c);
    }
    return pointer;
}

std::string childPointer(std::string_view parent, std::size_t index)
{
    return fmt::format("{}/{}", parent, index);
}

} // namespace eventscope::core
