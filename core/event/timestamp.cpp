// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/timestamp.h"

#include <fmt/core.h>

#include <cstdint>
#include <cstdlib>
#include <optional>

namespace eventscope::core {

namespace {

using namespace std::chrono;

/// Takes a timestamp's text apart from the left.
class Reader {
public:
    explicit Reader(std::string_view text) : m_rest(text) { }

    bool done() const { return m_rest.empty(); }
    char peek() const { return m_rest.empty() ? '\0' : m_rest.front(); }

    bool take(char c)
    {
        if (peek() != c || m_rest.empty())
            return false;
        m_rest.remove_prefix(1);
        return true;
    }

    bool takeOneOf(std::string_view set)
    {
        if (m_rest.empty() || set.find(m_rest.front()) == std::string_view::npos)
            return false;
        m_rest.remove_prefix(1);
        return true;
    }

    /// Exactly `count` digits.
    std::optional<int> number(std::size_t count)
    {
        if (m_rest.size() < count)
            return std::nullopt;
        int value = 0;
        for (std::size_t i = 0; i < count; ++i) {
            if (!isDigit(m_rest[i]))
                return std::nullopt;
            value = value * 10 + (m_rest[i] - '0');
        }
        m_rest.remove_prefix(count);
        return value;
    }

    /// One to nine digits of a fraction, cut to microseconds.
    std::optional<microseconds> fraction()
    {
        std::size_t count = 0;
        std::int64_t value = 0;
        for (; isDigit(peek()); ++count) {
            if (count < 6)
                value = value * 10 + (peek() - '0');
            m_rest.remove_prefix(1);
        }
        if (count == 0 || count > 9)
            return std::nullopt;
        for (std::size_t i = count; i < 6; ++i)
            value *= 10;
        return microseconds(value);
    }

private:
    static bool isDigit(char c) { return c >= '0' && c <= '9'; }

    std::string_view m_rest;
};

std::optional<sys_days> readDate(Reader& in)
{
    const auto y = in.number(4);
    if (!y || !in.take('-'))
        return std::nullopt;
    const auto m = in.number(2);
    if (!m || !in.take('-'))
        return std::nullopt;
    const auto d = in.number(2);
    if (!d)
        return std::nullopt;
    const year_month_day date{year(*y), month(static_cast<unsigned>(*m)), day(static_cast<unsigned>(*d))};
    if (*y < 1 || !date.ok())
        return std::nullopt;
    return sys_days(date);
}

/// Seconds may be left out (Java does so when they are 0); 60 is a leap second.
std::optional<microseconds> readTimeOfDay(Reader& in)
{
    const auto h = in.number(2);
    if (!h || *h > 23 || !in.take(':'))
        return std::nullopt;
    const auto m = in.number(2);
    if (!m || *m > 59)
        return std::nullopt;
    microseconds time = hours(*h) + minutes(*m);
    if (!in.take(':'))
        return time;
    const auto s = in.number(2);
    if (!s || *s > 60)
        return std::nullopt;
    time += seconds(*s);
    if (!in.takeOneOf(".,"))
        return time;
    const auto fraction = in.fraction();
    if (!fraction)
        return std::nullopt;
    return time + *fraction;
}

std::optional<minutes> readOffset(Reader& in)
{
    if (in.done() || in.takeOneOf("Zz"))
        return minutes(0);
    const bool west = in.peek() == '-';
    if (!in.takeOneOf("+-"))
        return std::nullopt;
    const auto h = in.number(2);
    if (!h || *h > 23)
        return std::nullopt;
    minutes offset = hours(*h);
    const bool colon = in.take(':');
    if (colon || !in.done()) {
        const auto m = in.number(2);
        if (!m || *m > 59)
            return std::nullopt;
        offset += minutes(*m);
    }
    return west ? -offset : offset;
}

std::optional<Timestamp> readTimestamp(std::string_view text)
{
    Reader in(text);
    const auto date = readDate(in);
    if (!date)
        return std::nullopt;
    if (in.done())
        return Timestamp(*date);
    if (!in.takeOneOf("Tt "))
        return std::nullopt;
    const auto time = readTimeOfDay(in);
    if (!time)
        return std::nullopt;
    const auto offset = readOffset(in);
    if (!offset || !in.done())
        return std::nullopt;
    const Timestamp result = Timestamp(*date) + *time - *offset;
    if (result < sys_days(year(1) / 1 / 1) || result >= sys_days(year(10000) / 1 / 1))
        return std::nullopt;
    return result;
}

void appendDigits(std::string& out, unsigned value, std::size_t width)
{
    const std::size_t begin = out.size();
    out.resize(begin + width);
    for (std::size_t i = begin + width; i > begin; --i) {
        out[i - 1] = static_cast<char>('0' + value % 10);
        value /= 10;
    }
}

} // namespace

std::string formatTimestamp(Timestamp time)
{
    std::string text;
    appendTimestamp(text, time);
    return text;
}

void appendTimestamp(std::string& out, Timestamp time)
{
    const auto date = floor<days>(time);
    const year_month_day ymd(date);
    if (ymd.year() < year(0) || ymd.year() > year(9999)) {
        // No column of four digits: as ISO 8601 has it for such years, with all the digits there are.
        out += fmt::format("{:+}", static_cast<int>(ymd.year()));
    } else {
        appendDigits(out, static_cast<unsigned>(static_cast<int>(ymd.year())), 4);
    }
    const hh_mm_ss clock(time - date);
    out.push_back('-');
    appendDigits(out, static_cast<unsigned>(ymd.month()), 2);
    out.push_back('-');
    appendDigits(out, static_cast<unsigned>(ymd.day()), 2);
    out.push_back('T');
    appendDigits(out, static_cast<unsigned>(clock.hours().count()), 2);
    out.push_back(':');
    appendDigits(out, static_cast<unsigned>(clock.minutes().count()), 2);
    out.push_back(':');
    appendDigits(out, static_cast<unsigned>(clock.seconds().count()), 2);
    out.push_back('.');
    appendDigits(out, static_cast<unsigned>(clock.subseconds().count()), 6);
    out.push_back('Z');
}

Result<Timestamp> parseTimestamp(std::string_view text)
{
    if (const std::optional<Timestamp> time = readTimestamp(text))
        return *time;
    constexpr std::size_t kShown = 40;
    return fail(ErrorCode::Unparsable,
        fmt::format("\"{}{}\" is no time; write it like 2026-11-23T09:14:02.113Z", text.substr(0, kShown),
            text.size() > kShown ? "…" : ""));
}

} // namespace eventscope::core
