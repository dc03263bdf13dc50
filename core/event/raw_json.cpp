// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/raw_json.h"

#include "event/json_scanner.h"

namespace eventscope::core {

std::string RawJsonMember::text() const
{
    return isString() ? decodeJsonString(value) : std::string(value);
}

namespace {
constexpr std::size_t kUsualMembers = 12;
}

Result<std::vector<RawJsonMember>> readRawObject(std::string_view json)
{
    JsonScanner scanner(json);
    scanner.skipSpace();
    std::vector<RawJsonMember> members;
    members.reserve(kUsualMembers);
    const auto readMember = [&](std::string& name) {
        const std::size_t from = scanner.position();
        if (!scanner.skipValue(1))
            return false;
        members.push_back({std::move(name), scanner.slice(from)});
        return true;
    };
    const bool read = scanner.peek() == '{' ? scanner.object(readMember) : scanner.expectedFault("a JSON object");
    if (!read || !scanner.end())
        return std::unexpected(scanner.error());
    return members;
}

Result<std::vector<std::string_view>> readRawArray(std::string_view json)
{
    JsonScanner scanner(json);
    scanner.skipSpace();
    std::vector<std::string_view> elements;
    const auto readElement = [&] {
        const std::size_t from = scanner.position();
        if (!scanner.skipValue(1))
            return false;
        elements.push_back(scanner.slice(from));
        return true;
    };
    const bool read = scanner.peek() == '[' ? scanner.array(readElement) : scanner.expectedFault("a JSON array");
    if (!read || !scanner.end())
        return std::unexpected(scanner.error());
    return elements;
}

const RawJsonMember* findRaw(const std::vector<RawJsonMember>& members, std::string_view name)
{
    for (const RawJsonMember& member : members) {
        if (member.name == name)
            return &member;
    }
    return nullptr;
}

std::string decodeJsonString(std::string_view token)
{
    if (token.size() >= 2 && token.find('\\') == std::string_view::npos)
        return std::string(token.substr(1, token.size() - 2));
    std::string text;
    JsonScanner(token).string(&text);
    return text;
}

} // namespace eventscope::core
