// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/dead_letter_groups.h"

#include "event/event.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <tuple>

namespace eventscope::core {

namespace {

bool isWordPart(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_';
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Hexadecimal with a digit in it, eight characters or more: an id, not a word.
bool looksLikeId(std::string_view word)
{
    const auto hexOrDash = [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) || c == '-'; };
    return word.size() >= 8 && std::ranges::all_of(word, hexOrDash) && std::ranges::any_of(word, isDigit);
}

/// A word's digits end blanked ("customer-17" → "customer-‹n›"), an id in whole or behind its prefix.
std::string blankedWord(std::string_view word)
{
    if (looksLikeId(word))
        return "‹id›";
    if (const std::size_t dash = word.find('-'); dash != word.npos && looksLikeId(word.substr(dash + 1)))
        return std::string(word.substr(0, dash + 1)) + "‹id›";
    std::string out;
    for (std::size_t i = 0; i < word.size();) {
        if (!isDigit(word[i])) {
            out += word[i++];
            continue;
        }
        while (i < word.size() && isDigit(word[i]))
            ++i;
        out += "‹n›";
    }
    return out;
}

std::size_t endOfQuoted(std::string_view message, std::size_t begin)
{
    const std::size_t end = message.find(message[begin], begin + 1);
    return end == message.npos ? message.npos : end + 1;
}

std::string originOf(const DeadLetter& letter)
{
    const std::string_view from = categoryOf(letter.original.stream);
    return from.empty() ? letter.queue : std::string(from) + " → " + letter.queue;
}

Trend trendOf(
    const DeadLetterGroup& group, std::span<const DeadLetter> letters, Timestamp now, std::chrono::microseconds window)
{
    std::size_t recent = 0, before = 0;
    for (const std::size_t index : group.letters) {
        const auto age = now - letters[index].failedAt;
        recent += age <= window;
        before += age > window && age <= 2 * window;
    }
    if (recent > before)
        return Trend::Rising;
    return recent < before ? Trend::Falling : Trend::Steady;
}

} // namespace

std::string blankedMessage(std::string_view message)
{
    std::string out;
    for (std::size_t i = 0; i < message.size();) {
        if (message[i] == '"' || message[i] == '\'') {
            const bool apostrophe = i > 0 && isWordPart(message[i - 1]);
            if (const std::size_t end = endOfQuoted(message, i); end != message.npos && !apostrophe) {
                out += "‹text›";
                i = end;
                continue;
            }
        }
        if (!isWordPart(message[i])) {
            out += message[i++];
            continue;
        }
        const std::size_t begin = i;
        while (i < message.size() && isWordPart(message[i]))
            ++i;
        out += blankedWord(message.substr(begin, i - begin));
    }
    return out;
}

std::vector<DeadLetterGroup> groupByCause(
    std::span<const DeadLetter> letters, Timestamp now, std::chrono::microseconds window)
{
    std::map<std::tuple<std::string, std::string, std::string>, DeadLetterGroup> groups;
    for (std::size_t i = 0; i < letters.size(); ++i) {
        const DeadLetter& letter = letters[i];
        auto key = std::tuple(letter.error.type, blankedMessage(letter.error.message), originOf(letter));
        auto [found, isNew] = groups.try_emplace(std::move(key));
        DeadLetterGroup& group = found->second;
        if (isNew) {
            std::tie(group.errorType, group.message, group.origin) = found->first;
            group.first = group.last = letter.failedAt;
        }
        group.letters.push_back(i);
        group.first = std::min(group.first, letter.failedAt);
        group.last = std::max(group.last, letter.failedAt);
    }
    std::vector<DeadLetterGroup> sorted;
    for (auto& [key, group] : groups) {
        group.trend = trendOf(group, letters, now, window);
        sorted.push_back(std::move(group));
    }
    std::ranges::stable_sort(sorted, std::greater{}, [](const DeadLetterGroup& g) { return g.letters.size(); });
    return sorted;
}

} // namespace eventscope::core
