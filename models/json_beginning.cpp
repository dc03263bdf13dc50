// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "json_beginning.h"

namespace eventscope::models {

namespace {

/// Cuts back to the end of a whole UTF-8 character.
std::string_view wholeCharacters(std::string_view text)
{
    std::size_t back = 0;
    while (
        back < 3 && back < text.size() && (static_cast<unsigned char>(text[text.size() - 1 - back]) & 0xC0) == 0x80) {
        ++back;
    }
    if (back == text.size()) {
        return text;
    }
    const auto lead = static_cast<unsigned char>(text[text.size() - 1 - back]);
    const std::size_t needs = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
    return back == needs ? text : text.substr(0, text.size() - 1 - back);
}

/// Cuts back to before an escape that is not whole.
std::string_view wholeEscapes(std::string_view string)
{
    for (std::size_t at = 0; at < string.size();) {
        if (string[at] != '\\') {
            ++at;
            continue;
        }
        const std::size_t length = at + 1 < string.size() && string[at + 1] == 'u' ? 6 : 2;
        if (at + length > string.size()) {
            return string.substr(0, at);
        }
        at += length;
    }
    return string;
}

} // namespace

std::optional<JsonBeginning> jsonBeginning(std::string_view text, std::size_t limit)
{
    if (text.size() <= limit) {
        return JsonBeginning{std::string(text), false};
    }
    const std::string_view head = text.substr(0, limit);
    std::string open;            // the closing brackets owed, innermost last
    std::size_t safe = 0;        // everything before is whole
    std::string owedAtSafe;      // the brackets owed there
    std::size_t valueString = 0; // where a string that is a value begins
    bool inValueString = false;
    char before = '\0'; // the last token's sign
    for (std::size_t at = 0; at < head.size();) {
        const char c = head[at];
        if (c == '"') {
            const std::size_t begin = at++;
            while (at < head.size() && head[at] != '"') {
                at += head[at] == '\\' ? 2 : 1;
            }
            const bool isValue = before == ':' || before == '\0' || (!open.empty() && open.back() == ']');
            if (at >= head.size()) {
                inValueString = isValue;
                valueString = begin;
                break;
            }
            ++at;
            before = 's';
            continue;
        }
        if (c == '{' || c == '[') {
            open += c == '{' ? '}' : ']';
            safe = at + 1;
            owedAtSafe = open;
        } else if (c == '}' || c == ']') {
            if (open.empty()) {
                return std::nullopt;
            }
            open.pop_back();
            safe = at + 1;
            owedAtSafe = open;
        } else if (c == ',') {
            safe = at;
            owedAtSafe = open;
        }
        if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
            before = c;
        }
        ++at;
    }
    JsonBeginning beginning{{}, true};
    // A long text as the value being read: its beginning is worth more than nothing.
    if (inValueString && head.size() - valueString > 64) {
        beginning.json = head.substr(0, valueString + 1);
        beginning.json += wholeEscapes(wholeCharacters(head.substr(valueString + 1)));
        beginning.json += '"';
        owedAtSafe = open;
    } else if (safe > 0) {
        beginning.json = head.substr(0, safe);
    } else {
        return std::nullopt;
    }
    beginning.json.append(owedAtSafe.rbegin(), owedAtSafe.rend());
    return beginning;
}

} // namespace eventscope::models
