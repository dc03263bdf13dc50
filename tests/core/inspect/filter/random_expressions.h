// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <initializer_list>
#include <random>
#include <string>
#include <string_view>

namespace eventscope::test {

/// Writes random expressions that can be read: about the events of RandomEvents, of every form there
/// is, often with values that do occur. The same ones for the same seed.
class RandomExpressions {
public:
    explicit RandomExpressions(unsigned seed) : m_random(seed) { }

    /// A filter: mostly conditions joined by AND, OR, XOR and NOT.
    std::string filter(int depth)
    {
        if (depth <= 0)
            return condition(1);
        switch (m_random() % 6) {
        case 0: return "NOT (" + filter(depth - 1) + ")";
        case 1: return filter(depth - 1) + " OR " + filter(depth - 1);
        case 2: return "(" + filter(depth - 1) + ") XOR (" + filter(depth - 2) + ")";
        case 3: return "(" + filter(depth - 1) + " OR " + filter(depth - 1) + ") AND " + filter(depth - 1);
        default: return filter(depth - 1) + " AND " + filter(depth - 1);
        }
    }

    std::string condition(int depth)
    {
        switch (m_random() % 12) {
        case 0: return operand(depth) + " " + pick({"LIKE", "NOT LIKE"}) + " " + pattern();
        case 1:
            return operand(depth) + " " + pick({"IN", "NOT IN"}) + " (" + operand(0) + ", " + literal() + ", "
                + literal() + ")";
        case 2: return pick({"", "NOT "}) + "EXISTS " + name();
        case 3: return operand(depth) + " " + pick({"CONTAINS", "NOT CONTAINS"}) + " " + text();
        case 4: return operand(depth) + " " + pick({"MATCHES", "NOT MATCHES"}) + " " + regex();
        case 5: return "time " + order() + " " + pick({"'2026-11-23T09:00:01Z'", "'2026-11-23'", "'soon'", "time"});
        case 6: return pick({"version", "position", "partition", "data.total"}) + " " + order() + " " + literal();
        case 7: return pick({"TRUE", "FALSE", "data.vip", "'true'", "1"});
        default:
            return operand(depth) + " " + pick({"=", "!=", "<>", "=", "=", "<", "<=", ">", ">="}) + " "
                + operand(depth);
        }
    }

    std::string operand(int depth)
    {
        if (depth <= 0)
            return m_random() % 2 == 0 ? literal() : name();
        switch (m_random() % 10) {
        case 0:
            return "(" + operand(depth - 1) + " " + pick({"+", "-", "*", "/", "%"}) + " " + operand(depth - 1) + ")";
        case 1: return "-" + name();
        case 2:
            return pick({"LENGTH", "LOWER", "UPPER", "TRIM", "INT", "BOOL", "STRING", "IS_INT", "IS_BOOL", "ABS"}) + "("
                + operand(depth - 1) + ")";
        case 3: return pick({"LEFT", "RIGHT", "SUBSTRING"}) + "(" + operand(depth - 1) + ", " + operand(0) + ")";
        case 4: return "CONCAT(" + operand(0) + ", " + operand(0) + ")";
        case 5: return "(" + condition(depth - 1) + ")";
        case 6: return "NOFUNCTION(" + operand(0) + ")";
        default: return operand(0);
        }
    }

    std::string name()
    {
        return pick({"type", "type", "source", "subject", "stream", "correlationid", "causationid", "id", "time",
            "version", "position", "partition", "specversion", "tenant", "retries", "missing", "data", "data.total",
            "data.items[0].sku", "data.items", "data.vip", "data.note", "data['a b']", "data.items[1].price",
            "headers['x-a']", "state.x"});
    }

    std::string literal()
    {
        return pick({"'OrderPlaced'", "'OrderShipped'", "'order-1'", "'order-2'", "'demo'", "'c-1'", "'c-2'", "''",
            "'true'", "'7'", "'A-1'", "0", "1", "2", "-3", "7", "2147483647", "99.5", "7.0", "-0.1", "TRUE", "FALSE",
            "'2026-11-23'", "'it\\'s'", "\"quo'te\""});
    }

    std::string pattern()
    {
        return pick({"'Order%'", "'%Placed'", "'order-_'", "'%'", "''", "'c\\_1'", "'%e%r%'", "'OrderPlaced'"});
    }

    std::string regex() { return pick({"'^Order'", "'d$'", "'[0-9]+'", "'(?i)ORDER'", "'.'", "'^$'", "'a|b'"}); }

    std::string text()
    {
        return pick({"'Order'", "'order-1'", "'A-1'", "''", "'9'", "'nowhere'", "'c-'", "'\"total\"'"});
    }

    std::string pick(std::initializer_list<std::string_view> from)
    {
        return std::string(from.begin()[m_random() % from.size()]);
    }

    std::mt19937& random() { return m_random; }

private:
    std::string order() { return pick({"<", "<=", ">", ">=", "=", "!="}); }

    std::mt19937 m_random;
};

/// Some of the text's bytes changed, doubled, taken out or put elsewhere.
inline std::string mutated(std::string text, std::mt19937& random)
{
    constexpr std::string_view kBytes = "'\"\\()[].,+-*/%=<>!_ \t\nandorxnoti0129Ee\0\xff\xc3\xa4";
    for (std::size_t times = random() % 4 + 1; times > 0; --times) {
        const std::size_t at = text.empty() ? 0 : random() % text.size();
        switch (random() % 5) {
        case 0: text.insert(at, 1, kBytes[random() % kBytes.size()]); break;
        case 1: text.erase(at, random() % 4 + 1); break;
        case 2:
            if (!text.empty())
                text[at] = kBytes[random() % kBytes.size()];
            break;
        case 3: text.insert(at, text.substr(0, random() % 16)); break;
        default: text = text.substr(at) + text.substr(0, at); break;
        }
    }
    return text;
}

} // namespace eventscope::test
