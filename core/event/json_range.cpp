// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/json_range.h"

#include "event/json_scanner.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <system_error>

namespace eventscope::core {

namespace {

std::string unescaped(std::string_view token)
{
    std::string text;
    for (std::size_t i = 0; i < token.size(); ++i) {
        if (token[i] == '~' && i + 1 < token.size()) {
            text += token[++i] == '1' ? '/' : '~';
        } else {
            text += token[i];
        }
    }
    return text;
}

/// Stands before the member's value then; false when there is none.
bool enterMember(JsonScanner& scanner, std::string_view wanted)
{
    bool found = false;
    scanner.object([&](const std::string& name) {
        found = name == wanted;
        return !found && scanner.skipValue(1);
    });
    return found;
}

bool enterElement(JsonScanner& scanner, std::string_view wanted)
{
    std::size_t left = 0;
    const char* const end = wanted.data() + wanted.size();
    if (const auto [rest, error] = std::from_chars(wanted.data(), end, left); error != std::errc{} || rest != end) {
        return false;
    }
    bool found = false;
    scanner.array([&] {
        found = left == 0;
        return !found && (--left, scanner.skipValue(1));
    });
    return found;
}

} // namespace

std::optional<JsonRange> rangeOfPointer(std::string_view json, std::string_view pointer)
{
    JsonScanner scanner(json);
    scanner.skipSpace();
    while (!pointer.empty()) {
        if (pointer.front() != '/') {
            return std::nullopt;
        }
        pointer.remove_prefix(1);
        const std::string token = unescaped(pointer.substr(0, pointer.find('/')));
        pointer.remove_prefix(std::min(pointer.size(), pointer.find('/')));
        const bool entered = scanner.peek() == '{' ? enterMember(scanner, token)
            : scanner.peek() == '['                ? enterElement(scanner, token)
                                                   : false;
        if (!entered) {
            return std::nullopt;
        }
    }
    const std::size_t begin = scanner.position();
    if (begin >= json.size()) {
        return std::nullopt;
    }
    return JsonRange{begin, scanner.skipValue(1) ? scanner.position() : json.size()};
}

} // namespace eventscope::core
