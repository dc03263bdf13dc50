// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/filter_lexer.h"

#include "event/json.h"
#include "inspect/filter/filter_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace eventscope::core {

namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isNameCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c) || c == '_';
}

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

class Lexer {
public:
    explicit Lexer(std::string_view text) : m_text(text) { }

    /// The next token; nothing when problem() says why.
    std::optional<FilterToken> next()
    {
        while (m_pos < m_text.size() && isSpace(m_text[m_pos]))
            ++m_pos;
        m_start = m_pos;
        if (m_pos == m_text.size())
            return token(FilterTokenKind::End);
        if (isNameCharacter(m_text[m_pos]))
            return word();
        if (m_text[m_pos] == '\'' || m_text[m_pos] == '"')
            return string();
        return symbol();
    }

    const FilterProblem& problem() const { return m_problem; }
    bool inString() const { return m_inString; }

private:
    char at(std::size_t pos) const { return pos < m_text.size() ? m_text[pos] : '\0'; }

    FilterToken token(FilterTokenKind kind) const
    {
        return {kind, m_start, m_pos, std::string(m_text.substr(m_start, m_pos - m_start)), {}};
    }

    std::nullopt_t wrong(std::size_t begin, std::size_t end, std::string message)
    {
        m_problem = {begin, end, std::move(message)};
        return std::nullopt;
    }

    void skipDigits()
    {
        while (isDigit(at(m_pos)))
            ++m_pos;
    }

    std::optional<FilterToken> word()
    {
        while (m_pos < m_text.size() && isNameCharacter(m_text[m_pos]))
            ++m_pos;
        const std::string_view text = m_text.substr(m_start, m_pos - m_start);
        if (std::all_of(text.begin(), text.end(), isDigit))
            return number();
        if (at(m_pos) == '.' || at(m_pos) == '[')
            return path(text);
        FilterToken result = token(isFilterKeyword(text) ? FilterTokenKind::Keyword : FilterTokenKind::Name);
        if (result.kind == FilterTokenKind::Keyword)
            result.text = toUpperCase(result.text);
        return result;
    }

    std::optional<FilterToken> number()
    {
        if (at(m_pos) != '.' || !isDigit(at(m_pos + 1)))
            return token(FilterTokenKind::Integer);
        ++m_pos;
        skipDigits();
        if (at(m_pos) == 'e' || at(m_pos) == 'E') {
            const std::size_t sign = at(m_pos + 1) == '-' || at(m_pos + 1) == '+' ? 1 : 0;
            if (isDigit(at(m_pos + 1 + sign))) {
                m_pos += 1 + sign;
                skipDigits();
            }
        }
        if (isNameCharacter(at(m_pos)))
            return wrong(m_start, m_pos + 1,
                "A number ends here, but a letter follows it; put a space or an operator between them.");
        return token(FilterTokenKind::Decimal);
    }

    std::optional<FilterToken> path(std::string_view rootName)
    {
        const auto root = pathRootOf(rootName);
        if (!root)
            return wrong(
                m_start, m_pos + 1, fmt::format("Only data, state and headers have fields; {} has none.", rootName));
        FilterPath result;
        result.root = *root;
        while (at(m_pos) == '.' || at(m_pos) == '[') {
            auto step = m_text[m_pos] == '.' ? memberStep() : bracketStep();
            if (!step)
                return std::nullopt;
            result.steps.push_back(*std::move(step));
        }
        FilterToken done = token(FilterTokenKind::Path);
        done.path = std::move(result);
        return done;
    }

    std::optional<PathStep> memberStep()
    {
        const std::size_t begin = ++m_pos;
        while (m_pos < m_text.size() && isPlainPathName(m_text.substr(m_pos, 1)))
            ++m_pos;
        if (m_pos == begin)
            return wrong(
                begin - 1, begin, "Expected the name of a field after the point; write other names as ['name'].");
        return PathStep::member(std::string(m_text.substr(begin, m_pos - begin)));
    }

    std::optional<PathStep> bracketStep()
    {
        const std::size_t open = m_pos++;
        std::optional<PathStep> step;
        if (at(m_pos) == '\'' || at(m_pos) == '"')
            step = quotedStep();
        else
            step = elementStep();
        if (!step)
            return std::nullopt;
        if (at(m_pos) != ']')
            return wrong(open, std::min(m_pos + 1, m_text.size()), "Expected ] to close this bracket.");
        ++m_pos;
        return step;
    }

    std::optional<PathStep> quotedStep()
    {
        const std::size_t begin = m_pos;
        const bool isJson = m_text[m_pos] == '"';
        auto content = quoted();
        if (!content)
            return std::nullopt;
        if (!isJson)
            return PathStep::member(*std::move(content));
        const auto json = Json::parse(m_text.substr(begin, m_pos - begin));
        if (!json || !json->isString())
            return wrong(begin, m_pos,
                "A field's name between double quotes is written as in JSON; use ['name'] for a plain one.");
        return PathStep::member(json->asString());
    }

    std::optional<PathStep> elementStep()
    {
        const std::size_t begin = m_pos;
        skipDigits();
        std::size_t index = 0;
        const auto [end, error] = std::from_chars(m_text.data() + begin, m_text.data() + m_pos, index);
        if (m_pos == begin || error != std::errc{})
            return wrong(begin - 1, std::min(m_pos + 1, m_text.size()),
                "Expected an element's number like [0] or a field's name like ['name'].");
        return PathStep::element(index);
    }

    std::optional<FilterToken> string()
    {
        auto content = quoted();
        if (!content)
            return std::nullopt;
        FilterToken result = token(FilterTokenKind::String);
        result.text = *std::move(content);
        return result;
    }

    std::optional<std::string> quoted()
    {
        const std::size_t begin = m_pos;
        const char quote = m_text[m_pos++];
        std::string content;
        while (m_pos < m_text.size()) {
            const char c = m_text[m_pos];
            if (c == quote && at(m_pos + 1) != quote) {
                ++m_pos;
                return content;
            }
            if (c == '\\' && m_pos + 1 < m_text.size()) {
                if (m_text[m_pos + 1] != quote)
                    content += c;
                content += m_text[m_pos + 1];
                m_pos += 2;
            } else {
                content += c;
                m_pos += c == quote ? 2 : 1;
            }
        }
        m_inString = true;
        return wrong(begin, m_text.size(), fmt::format("This text has no closing {}.", quote));
    }

    std::optional<FilterToken> symbol()
    {
        constexpr std::array<std::string_view, 4> kLong{"!=", "<>", "<=", ">="};
        for (const std::string_view s : kLong) {
            if (m_text.substr(m_pos, 2) == s) {
                m_pos += 2;
                return token(FilterTokenKind::Symbol);
            }
        }
        constexpr std::string_view kShort = "(),+-*/%=<>";
        if (kShort.find(m_text[m_pos]) != std::string_view::npos) {
            ++m_pos;
            return token(FilterTokenKind::Symbol);
        }
        return wrong(m_pos, m_pos + characterSizeAt(m_text, m_pos), unexpected());
    }

    std::string unexpected() const
    {
        const char c = m_text[m_pos];
        if (c == '!')
            return "Expected != here; for the opposite of a condition write NOT.";
        if (c == '&' || c == '|')
            return fmt::format("{} is no operator here; write {}.", c, c == '&' ? "AND" : "OR");
        if (c > ' ' && c < '\x7f')
            return fmt::format("{} has no meaning here; put text in quotes.", c);
        return "A character stands here that has no meaning outside of quotes.";
    }

    std::string_view m_text;
    std::size_t m_pos = 0;
    std::size_t m_start = 0;
    bool m_inString = false;
    FilterProblem m_problem;
};

} // namespace

std::expected<std::vector<FilterToken>, FilterProblem> tokenizeFilter(std::string_view text)
{
    Lexer lexer(text);
    std::vector<FilterToken> tokens;
    do {
        auto token = lexer.next();
        if (!token)
            return std::unexpected(lexer.problem());
        tokens.push_back(*std::move(token));
    } while (tokens.back().kind != FilterTokenKind::End);
    return tokens;
}

std::vector<FilterToken> tokenizeFilterSoFar(std::string_view text, bool& inString)
{
    Lexer lexer(text);
    std::vector<FilterToken> tokens;
    while (auto token = lexer.next()) {
        if (token->kind == FilterTokenKind::End)
            break;
        tokens.push_back(*std::move(token));
    }
    inString = lexer.inString();
    return tokens;
}

} // namespace eventscope::core
