// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "record_splitter.h"

#include "event/envelope/payload_content.h"

#include <algorithm>

namespace eventscope::file {

namespace {

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::size_t skipSpace(std::string_view text, std::size_t from)
{
    while (from < text.size() && isSpace(text[from])) {
        ++from;
    }
    return from;
}

/// How much of a first text is looked at to tell whether it goes over several lines.
constexpr std::size_t kLongestGuess = std::size_t{4} << 20;

} // namespace

FileLayout layoutOf(std::string_view beginning, bool isAll)
{
    const std::size_t first = skipSpace(beginning, 0);
    if (first == beginning.size()) {
        return isAll ? FileLayout::Lines : FileLayout::Unknown;
    }
    const bool hasEnough = isAll || beginning.size() >= kLongestGuess;
    if (beginning[first] == '[') {
        const std::size_t second = skipSpace(beginning, first + 1);
        if (second == beginning.size()) {
            return hasEnough ? FileLayout::Lines : FileLayout::Unknown;
        }
        return beginning[second] == '{' || beginning[second] == ']' ? FileLayout::Values : FileLayout::Lines;
    }
    if (beginning[first] != '{') {
        return FileLayout::Lines;
    }
    const std::size_t lineEnd = beginning.find('\n', first);
    if (lineEnd == std::string_view::npos) {
        return hasEnough ? FileLayout::Lines : FileLayout::Unknown;
    }
    if (core::checkJson(beginning.substr(first, lineEnd - first))) {
        return FileLayout::Lines;
    }
    RecordSplitter splitter(FileLayout::Values);
    const auto record = splitter.next(beginning, hasEnough);
    if (!record) {
        return FileLayout::Unknown;
    }
    const std::string_view value = beginning.substr(record->begin, record->end - record->begin);
    return record->isWhole && core::checkJson(value) ? FileLayout::Values : FileLayout::Lines;
}

std::optional<RecordSplitter::Record> RecordSplitter::next(std::string_view text, bool isAll)
{
    return m_layout == FileLayout::Values ? nextValue(text, isAll) : nextLine(text, isAll);
}

RecordSplitter::Record RecordSplitter::finish(std::string_view text, std::size_t end, bool isWhole)
{
    std::size_t begin = m_state.begin;
    std::size_t last = end;
    while (last > begin && isSpace(text[last - 1])) {
        --last;
    }
    const Record record{.begin = begin, .end = last, .next = end, .lines = m_state.lines, .isWhole = isWhole};
    m_state = {};
    return record;
}

std::optional<RecordSplitter::Record> RecordSplitter::nextLine(std::string_view text, bool isAll)
{
    if (!m_state.isInside) {
        for (m_state.at = std::max(m_state.at, m_state.begin); m_state.at < text.size() && isSpace(text[m_state.at]);
             ++m_state.at) {
            m_state.lines += text[m_state.at] == '\n' ? 1 : 0;
        }
        if (m_state.at == text.size()) {
            return std::nullopt;
        }
        m_state.isInside = true;
        m_state.begin = m_state.at;
    }
    const std::size_t end = text.find('\n', m_state.at);
    if (end == std::string_view::npos) {
        m_state.at = text.size();
        return isAll ? std::optional(finish(text, text.size(), true)) : std::nullopt;
    }
    return finish(text, end, true);
}

/// False when there is nothing but space, commas and brackets of the outermost array.
bool RecordSplitter::skipBetween(std::string_view text)
{
    for (; m_state.at < text.size(); ++m_state.at) {
        const char c = text[m_state.at];
        if (c == '[' && !m_isInArray) {
            m_isInArray = true;
        } else if (c == ']' && m_isInArray) {
            m_isInArray = false;
        } else if (c == '\n') {
            ++m_state.lines;
        } else if (!isSpace(c) && !(c == ',' && m_isInArray)) {
            return true;
        }
    }
    return false;
}

/// True when the record ends at m_state.at.
bool RecordSplitter::scanValue(std::string_view text)
{
    for (; m_state.at < text.size(); ++m_state.at) {
        const char c = text[m_state.at];
        if (m_state.isInString) {
            if (m_state.isEscaped) {
                m_state.isEscaped = false;
            } else if (c == '\\') {
                m_state.isEscaped = true;
            } else if (c == '"') {
                m_state.isInString = false;
                if (m_state.depth == 0) {
                    ++m_state.at;
                    return true;
                }
            }
        } else if (m_state.isBare) {
            if (isSpace(c) || c == ',' || c == ']' || c == '[' || c == '{' || c == '"') {
                return true;
            }
        } else if (c == '"') {
            m_state.isInString = true;
        } else if (c == '{' || c == '[') {
            ++m_state.depth;
        } else if ((c == '}' || c == ']') && --m_state.depth == 0) {
            ++m_state.at;
            return true;
        }
    }
    return false;
}

std::optional<RecordSplitter::Record> RecordSplitter::nextValue(std::string_view text, bool isAll)
{
    if (!m_state.isInside) {
        if (!skipBetween(text)) {
            return std::nullopt;
        }
        m_state.isInside = true;
        m_state.begin = m_state.at;
        const char c = text[m_state.at];
        m_state.isBare = c != '{' && c != '[' && c != '"';
        if (m_state.isBare) {
            ++m_state.at; // at least one, also of what no value begins with
        }
    }
    if (scanValue(text)) {
        return finish(text, m_state.at, true);
    }
    if (!isAll) {
        return std::nullopt;
    }
    const bool isWhole = m_state.isBare;
    return finish(text, text.size(), isWhole);
}

} // namespace eventscope::file
