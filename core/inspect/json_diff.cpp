// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/json_patch.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace eventscope::core {

namespace {

using Kind = PatchOperation::Kind;

/// An object's members by name; states may have thousands.
class Members {
public:
    explicit Members(const Json::Object& object)
    {
        m_sorted.reserve(object.size());
        for (const Json::Member& member : object)
            m_sorted.push_back(&member);
        std::sort(m_sorted.begin(), m_sorted.end(), [](const auto* a, const auto* b) { return a->first < b->first; });
    }

    /// Whether a pointer can name each member.
    bool haveUniqueNames() const
    {
        const auto same = [](const auto* a, const auto* b) { return a->first == b->first; };
        return std::adjacent_find(m_sorted.begin(), m_sorted.end(), same) == m_sorted.end();
    }

    const Json* find(std::string_view name) const
    {
        const auto found = std::lower_bound(m_sorted.begin(), m_sorted.end(), name,
            [](const auto* member, std::string_view n) { return member->first < n; });
        return found != m_sorted.end() && (*found)->first == name ? &(*found)->second : nullptr;
    }

private:
    std::vector<const Json::Member*> m_sorted;
};

class Differ {
public:
    JsonPatch take() { return std::move(m_patch); }

    void compare(const std::string& path, const Json& before, const Json& after)
    {
        if (before == after)
            return;
        bool described = false;
        if (before.isObject() && after.isObject())
            described = compareObjects(path, before.asObject(), after.asObject());
        else if (before.isArray() && after.isArray())
            described = compareArrays(path, before.asArray(), after.asArray());
        if (!described)
            m_patch.push_back({.kind = Kind::Replace, .path = path, .from = {}, .value = after});
    }

private:
    bool compareObjects(const std::string& path, const Json::Object& before, const Json::Object& after)
    {
        const Members old(before);
        const Members now(after);
        if (!old.haveUniqueNames() || !now.haveUniqueNames())
            return false;
        for (const auto& [name, value] : before) {
            if (!now.find(name))
                m_patch.push_back({.kind = Kind::Remove, .path = childPointer(path, name), .from = {}, .value = {}});
        }
        for (const auto& [name, value] : after) {
            if (const Json* previous = old.find(name))
                compare(childPointer(path, name), *previous, value);
            else
                m_patch.push_back({.kind = Kind::Add, .path = childPointer(path, name), .from = {}, .value = value});
        }
        return true;
    }

    bool compareArrays(const std::string& path, const Json::Array& before, const Json::Array& after)
    {
        const std::size_t shorter = std::min(before.size(), after.size());
        std::size_t head = 0;
        while (head < shorter && before[head] == after[head])
            ++head;
        std::size_t tail = 0;
        while (tail < shorter - head && before[before.size() - 1 - tail] == after[after.size() - 1 - tail])
            ++tail;
        const std::size_t common = shorter - tail; // the middles are compared pair by pair up to here
        for (std::size_t i = head; i < common; ++i)
            compare(childPointer(path, i), before[i], after[i]);
        for (std::size_t i = before.size() - tail; i-- > common;)
            m_patch.push_back({.kind = Kind::Remove, .path = childPointer(path, i), .from = {}, .value = {}});
        for (std::size_t i = common; i + tail < after.size(); ++i)
            m_patch.push_back({.kind = Kind::Add, .path = childPointer(path, i), .from = {}, .value = after[i]});
        return true;
    }

    JsonPatch m_patch;
};

struct KindName {
    Kind kind;
    std::string_view name;
};
constexpr KindName kKinds[] = {{Kind::Add, "add"}, {Kind::Remove, "remove"}, {Kind::Replace, "replace"},
    {Kind::Move, "move"}, {Kind::Copy, "copy"}, {Kind::Test, "test"}};

bool hasValue(Kind kind)
{
    return kind == Kind::Add || kind == Kind::Replace || kind == Kind::Test;
}

bool hasFrom(Kind kind)
{
    return kind == Kind::Move || kind == Kind::Copy;
}

Result<PatchOperation> operationFromJson(const Json& json)
{
    const std::string_view name = json.stringOr("op");
    const auto* found
        = std::find_if(std::begin(kKinds), std::end(kKinds), [&](const KindName& known) { return known.name == name; });
    if (found == std::end(kKinds))
        return fail(
            ErrorCode::InvalidArgument, "an operation's \"op\" must be add, remove, replace, move, copy or test");
    const Json* path = json.find("path");
    const Json* from = json.find("from");
    const Json* value = json.find("value");
    if (!path || !path->isString())
        return fail(ErrorCode::InvalidArgument, "an operation needs a \"path\"");
    if (hasFrom(found->kind) && (!from || !from->isString()))
        return fail(ErrorCode::InvalidArgument, "move and copy need a \"from\"");
    if (hasValue(found->kind) && !value)
        return fail(ErrorCode::InvalidArgument, "add, replace and test need a \"value\"");
    return PatchOperation{.kind = found->kind,
        .path = path->asString(),
        .from = hasFrom(found->kind) ? from->asString() : std::string(),
        .value = hasValue(found->kind) ? *value : Json()};
}

} // namespace

JsonPatch diffJson(const Json& before, const Json& after)
{
    Differ differ;
    differ.compare({}, before, after);
    return differ.take();
}

std::string_view toString(PatchOperation::Kind kind)
{
    for (const KindName& known : kKinds) {
        if (known.kind == kind)
            return known.name;
    }
    return {};
}

Json patchToJson(const JsonPatch& patch)
{
    Json::Array operations;
    for (const PatchOperation& operation : patch) {
        Json json(Json::Object{{"op", toString(operation.kind)}});
        if (hasFrom(operation.kind))
            json.set("from", operation.from);
        json.set("path", operation.path);
        if (hasValue(operation.kind))
            json.set("value", operation.value);
        operations.push_back(std::move(json));
    }
    return operations;
}

Result<JsonPatch> patchFromJson(const Json& json)
{
    if (!json.isArray())
        return fail(ErrorCode::InvalidArgument, "a JSON patch must be a list of operations");
    JsonPatch patch;
    for (const Json& element : json.asArray()) {
        Result<PatchOperation> operation = operationFromJson(element);
        if (!operation)
            return std::unexpected(std::move(operation.error()));
        patch.push_back(std::move(*operation));
    }
    return patch;
}

} // namespace eventscope::core
