// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/regex_sequence.h"

#include "inspect/filter/byte_frequency.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <optional>
#include <utility>

namespace eventscope::core {

namespace {

using Bytes = std::vector<ByteClass>;

constexpr std::size_t kLongest = 64;
/// A sequence that is met more often than once in so many bytes is not worth looking for.
constexpr double kLeastRarity = 5; // as a logarithm: 150

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool isAscii(char c)
{
    return static_cast<unsigned char>(c) < 0x80;
}

/// How much rarer than any byte: the logarithm of one in how many.
double rarityOf(const ByteClass& bytes)
{
    double share = 0;
    for (int c = 0; c < 256; ++c) {
        if (bytes.has(static_cast<char>(c)))
            share += std::max(0.0005, 0.07 * std::exp((frequencyOf(static_cast<char>(c)) - 79) / 14.0));
    }
    return -std::log(std::min(share, 1.0));
}

/// Of its rarest places: more of them hardly say more, as bytes that stand together mostly do so elsewhere too.
double rarityOf(const Bytes& sequence)
{
    std::vector<double> rarities;
    for (const ByteClass& bytes : sequence)
        rarities.push_back(rarityOf(bytes));
    std::sort(rarities.begin(), rarities.end(), std::greater<>());
    double sum = 0;
    for (std::size_t i = 0; i < std::min<std::size_t>(rarities.size(), 4); ++i)
        sum += rarities[i];
    return sum;
}

/// Reads the pattern's top level from the left; runs of units of known length are the candidates.
class SequenceReader {
public:
    explicit SequenceReader(std::string_view pattern) : m_pattern(pattern) { }

    std::vector<RegexSequence> read()
    {
        m_anyCase = m_pattern.starts_with("(?i)");
        m_at = m_anyCase ? 4 : 0;
        // Other flags and names are not worth the trouble.
        for (std::size_t at = m_pattern.find("(?", m_at); at != std::string_view::npos;
             at = m_pattern.find("(?", at + 1)) {
            if (m_pattern.substr(at, 3) != "(?:")
                return {};
        }
        while (m_at < m_pattern.size()) {
            if (!readOne())
                return {};
        }
        endRun();
        if (!m_isBroken && !m_found.empty())
            m_found.front().sequence.isWhole = true;
        std::stable_sort(
            m_found.begin(), m_found.end(), [](const Found& a, const Found& b) { return a.rarity > b.rarity; });
        std::vector<RegexSequence> sequences;
        for (Found& found : m_found)
            sequences.push_back(std::move(found.sequence));
        return sequences;
    }

private:
    struct Found {
        RegexSequence sequence;
        double rarity = 0;
    };

    /// A unit and how often it comes. False: nothing is certain about this pattern.
    bool readOne()
    {
        std::optional<Bytes> unit;
        switch (const char c = m_pattern[m_at]) {
        case '|': return false;
        case '^':
        case '$':
            breakRun();
            ++m_at;
            return true;
        case '\\':
            if (!readEscape(unit))
                return false;
            break;
        case '(':
            if (!skipGroup())
                return false;
            break;
        case '[':
            if (!readClass(unit))
                return false;
            break;
        case '.': ++m_at; break;
        default: unit = readCharacter(c);
        }
        takeTimes(unit);
        return true;
    }

    /// One character with all its bytes; nothing when it also stands for others of another length.
    std::optional<Bytes> readCharacter(char c)
    {
        Bytes bytes{ByteClass(c)};
        ++m_at;
        if (isAscii(c))
            return m_anyCase ? inAnyCase(c) : bytes;
        while (m_at < m_pattern.size() && (static_cast<unsigned char>(m_pattern[m_at]) & 0xc0U) == 0x80U)
            bytes.emplace_back(m_pattern[m_at++]);
        return m_anyCase ? std::nullopt : std::optional(std::move(bytes));
    }

    static std::optional<Bytes> inAnyCase(char c)
    {
        ByteClass both(c);
        if (isLetter(c)) {
            const char lower = static_cast<char>(c | 0x20);
            if (lower == 'k' || lower == 's')
                return std::nullopt; // as much as the Kelvin sign and the long s
            both.add(lower);
            both.add(static_cast<char>(c & ~0x20));
        }
        return Bytes{both};
    }

    static std::optional<ByteClass> classOfLetter(char c)
    {
        ByteClass bytes;
        switch (c) {
        case 'w':
            bytes.addRange('a', 'z');
            bytes.addRange('A', 'Z');
            bytes.add('_');
            [[fallthrough]];
        case 'd': bytes.addRange('0', '9'); return bytes;
        case 's':
            for (const char space : {'\t', '\n', '\f', '\r', ' '})
                bytes.add(space);
            return bytes;
        case 't': return ByteClass('\t');
        case 'n': return ByteClass('\n');
        case 'r': return ByteClass('\r');
        default: return std::nullopt;
        }
    }

    bool readEscape(std::optional<Bytes>& unit)
    {
        if (m_at + 1 >= m_pattern.size())
            return false;
        const char c = m_pattern[m_at + 1];
        m_at += 2;
        if (!isDigit(c) && !isLetter(c)) {
            if (!isAscii(c))
                return false;
            unit = Bytes{ByteClass(c)};
            return true;
        }
        if (const auto bytes = classOfLetter(c)) {
            if (c != 'w' || !m_anyCase)
                unit = Bytes{*bytes};
            return true;
        }
        constexpr std::string_view kAnyLength = "DWSbBAz"; // of bytes, or none
        return kAnyLength.find(c) != std::string_view::npos;
    }

    bool skipGroup()
    {
        int depth = 0;
        while (m_at < m_pattern.size()) {
            const char c = m_pattern[m_at];
            if (c == '[') {
                if (!skipClass())
                    return false;
                continue;
            }
            if (c == '\\') {
                if (m_at + 1 < m_pattern.size() && m_pattern[m_at + 1] == 'Q')
                    return false;
                m_at += 2;
                continue;
            }
            ++m_at;
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth == 0)
                return true;
        }
        return false;
    }

    /// "[0-9a-f_]" and the like; of what needs more than one byte or is said otherwise, nothing.
    bool readClass(std::optional<Bytes>& unit)
    {
        const std::size_t begin = m_at;
        if (!skipClass())
            return false;
        const std::string_view inside = m_pattern.substr(begin + 1, m_at - begin - 2);
        if (inside.empty() || inside.front() == '^' || inside.front() == ']' || inside.find('[') != inside.npos
            || !std::all_of(inside.begin(), inside.end(), isAscii))
            return true;
        ByteClass bytes;
        for (std::size_t i = 0; i < inside.size();) {
            if (inside[i] == '\\') {
                const char c = inside[i + 1];
                const auto named = classOfLetter(c);
                if (!named && (isLetter(c) || isDigit(c)))
                    return true;
                bytes |= named ? *named : ByteClass(c);
                i += 2;
                if (i < inside.size() && inside[i] == '-' && i + 1 < inside.size())
                    return true;
            } else if (i + 2 < inside.size() && inside[i + 1] == '-') {
                if (inside[i + 2] == '\\')
                    return true;
                bytes.addRange(inside[i], inside[i + 2]);
                i += 3;
            } else {
                bytes.add(inside[i++]);
            }
        }
        if (!m_anyCase || addOtherCases(bytes))
            unit = Bytes{bytes};
        return true;
    }

    /// False when one of them has a case of another length.
    static bool addOtherCases(ByteClass& bytes)
    {
        for (char c = 'a'; c <= 'z'; ++c) {
            const char upper = static_cast<char>(c & ~0x20);
            if (!bytes.has(c) && !bytes.has(upper))
                continue;
            if (c == 'k' || c == 's')
                return false;
            bytes.add(c);
            bytes.add(upper);
        }
        return true;
    }

    bool skipClass()
    {
        ++m_at;
        if (m_at < m_pattern.size() && m_pattern[m_at] == '^')
            ++m_at;
        if (m_at < m_pattern.size() && m_pattern[m_at] == ']')
            ++m_at; // first in a class it is a character
        while (m_at < m_pattern.size() && m_pattern[m_at] != ']') {
            if (m_pattern.substr(m_at, 2) == "[:") {
                const std::size_t end = m_pattern.find(":]", m_at + 2);
                if (end == std::string_view::npos)
                    return false;
                m_at = end + 2;
            } else {
                m_at += m_pattern[m_at] == '\\' ? 2 : 1;
            }
        }
        ++m_at;
        return m_at <= m_pattern.size();
    }

    /// Adds the unit as often as it comes at least; without one, or with more that may come, the run ends.
    void takeTimes(const std::optional<Bytes>& unit)
    {
        std::size_t least = 1;
        bool isFixed = true;
        if (m_at < m_pattern.size()) {
            switch (m_pattern[m_at]) {
            case '*':
            case '?': least = 0; [[fallthrough]];
            case '+':
                isFixed = false;
                ++m_at;
                break;
            case '{': readRepetition(least, isFixed); break;
            default: break;
            }
        }
        if (!isFixed && m_at < m_pattern.size() && m_pattern[m_at] == '?')
            ++m_at; // as few as possible: the same for whether there is a match
        for (std::size_t i = 0; unit && i < least && addToRun(*unit); ++i) { }
        if (!unit || !isFixed)
            breakRun();
    }

    /// "{2}", "{2,}" and "{2,5}"; any other brace is a character.
    void readRepetition(std::size_t& least, bool& isFixed)
    {
        std::size_t at = m_at + 1;
        const std::size_t digits = at;
        std::size_t number = 0;
        for (; at < m_pattern.size() && isDigit(m_pattern[at]); ++at)
            number = std::min<std::size_t>(number * 10 + static_cast<std::size_t>(m_pattern[at] - '0'), 10'000);
        if (at == digits || at == m_pattern.size())
            return;
        const bool isOne = m_pattern[at] == '}';
        if (m_pattern[at] == ',') {
            ++at;
            while (at < m_pattern.size() && isDigit(m_pattern[at]))
                ++at;
        }
        if (at == m_pattern.size() || m_pattern[at] != '}')
            return;
        least = number;
        isFixed = isOne;
        m_at = at + 1;
        if (isFixed && m_at < m_pattern.size() && m_pattern[m_at] == '?')
            ++m_at;
    }

    bool addToRun(const Bytes& unit)
    {
        if (m_run.size() + unit.size() > kLongest) {
            breakRun();
            return false;
        }
        m_run.insert(m_run.end(), unit.begin(), unit.end());
        return true;
    }

    void breakRun()
    {
        m_isBroken = true;
        endRun();
    }

    void endRun()
    {
        const double rarity = rarityOf(m_run);
        if (rarity > kLeastRarity)
            m_found.push_back({{.bytes = m_run, .isPrefix = m_isFirst}, rarity});
        m_isFirst = false;
        m_run.clear();
    }

    std::string_view m_pattern;
    std::size_t m_at = 0;
    bool m_anyCase = false;
    Bytes m_run;
    bool m_isFirst = true;
    bool m_isBroken = false;
    std::vector<Found> m_found;
};

} // namespace

std::vector<RegexSequence> sequencesOfRegex(std::string_view pattern)
{
    return SequenceReader(pattern).read();
}

} // namespace eventscope::core
