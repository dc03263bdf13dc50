// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/envelope/binary_json.h"
#include "event/envelope/binary_reader.h"
#include "event/envelope/json_writer.h"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <limits>
#include <string>

namespace eventscope::core {

namespace {

/// The head of an item (RFC 8949): its major type and its argument.
struct Head {
    unsigned major = 0;
    unsigned info = 0; ///< the five bits behind the type
    std::uint64_t argument = 0;
    bool isIndefinite() const { return info == 31; }
};

enum Major : unsigned { Natural, Negative, Bytes, Text, Array, Map, Tag, Simple };

double halfToDouble(std::uint16_t half)
{
    const unsigned exponent = (half >> 10) & 0x1Fu;
    const double mantissa = half & 0x3FFu;
    double value = 0;
    if (exponent == 0) {
        value = std::ldexp(mantissa, -24);
    } else if (exponent == 31) {
        value = mantissa == 0 ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
    } else {
        value = std::ldexp(mantissa + 1024, static_cast<int>(exponent) - 25);
    }
    return (half & 0x8000u) != 0 ? -value : value;
}

class Cbor final : BinaryReader {
public:
    explicit Cbor(std::string_view bytes) : BinaryReader(bytes) { }

    Result<std::string> toJson() { return finished(value(0)); }

private:
    template <class Size>
    bool argument(Head& head)
    {
        Size size = 0;
        const bool read = m_in.bigEndian(size);
        head.argument = size;
        return read || cutShort();
    }

    bool readHead(Head& head)
    {
        std::uint8_t first = 0;
        if (!m_in.byte(first)) {
            return cutShort();
        }
        head.major = first >> 5;
        head.info = first & 0x1Fu;
        switch (head.info) {
        case 24: return argument<std::uint8_t>(head);
        case 25: return argument<std::uint16_t>(head);
        case 26: return argument<std::uint32_t>(head);
        case 27: return argument<std::uint64_t>(head);
        case 28:
        case 29:
        case 30: return fault("a byte that begins no value");
        case 31: return head.major >= Bytes && head.major != Tag ? true : fault("a byte that begins no value");
        default: head.argument = head.info; return true;
        }
    }

    bool value(int depth)
    {
        Head head;
        return readHead(head) && value(head, depth);
    }

    bool value(const Head& head, int depth)
    {
        if (depth > kDeepest) {
            return fault("the nesting is too deep");
        }
        switch (head.major) {
        case Natural: return write(std::to_string(head.argument));
        case Negative: return negative(head.argument);
        case Bytes: return string(head, [this](std::string_view bytes) { appendBytesAsJson(m_out, bytes); });
        case Text: return string(head, [this](std::string_view text) { appendTextOrBytes(m_out, text); });
        case Array: return array(head, depth);
        case Map: return map(head, depth);
        case Tag: return value(depth + 1);
        default: return simple(head);
        }
    }

    /// -1 - argument, which may need 65 bits.
    bool negative(std::uint64_t argument)
    {
        if (argument == std::numeric_limits<std::uint64_t>::max()) {
            return write("-18446744073709551616");
        }
        return write('-' + std::to_string(argument + 1));
    }

    template <class Append>
    bool string(const Head& head, Append append)
    {
        std::string_view part;
        if (!head.isIndefinite()) {
            if (!m_in.bytes(head.argument, part)) {
                return cutShort();
            }
            append(part);
            return true;
        }
        std::string whole;
        while (true) {
            Head piece;
            if (!readHead(piece)) {
                return false;
            }
            if (piece.major == Simple && piece.isIndefinite()) {
                append(whole);
                return true;
            }
            if (piece.major != head.major || piece.isIndefinite()) {
                return fault("a piece of a text that is of another type");
            }
            if (!m_in.bytes(piece.argument, part)) {
                return cutShort();
            }
            whole += part;
        }
    }

    /// Calls `item` for each element until the argument's count or the break.
    template <class Item>
    bool items(const Head& head, Item item)
    {
        for (std::uint64_t i = 0; head.isIndefinite() || i < head.argument; ++i) {
            Head next;
            if (!readHead(next)) {
                return false;
            }
            if (next.major == Simple && next.isIndefinite()) {
                return head.isIndefinite() || fault("an end where a value should be");
            }
            if (i > 0) {
                m_out.push_back(',');
            }
            if (!item(next)) {
                return false;
            }
        }
        return true;
    }

    bool array(const Head& head, int depth)
    {
        m_out.push_back('[');
        const bool read = items(head, [&](const Head& next) { return value(next, depth + 1); });
        m_out.push_back(']');
        return read;
    }

    bool map(const Head& head, int depth)
    {
        m_out.push_back('{');
        const bool read = items(
            head, [&](const Head& next) { return key([&] { return value(next, depth + 1); }) && value(depth + 1); });
        m_out.push_back('}');
        return read;
    }

    bool simple(const Head& head)
    {
        switch (head.info) {
        case 20: return write("false");
        case 21: return write("true");
        case 22:
        case 23: return write("null");
        case 25: appendReal(m_out, halfToDouble(static_cast<std::uint16_t>(head.argument))); return true;
        case 26: appendReal(m_out, std::bit_cast<float>(static_cast<std::uint32_t>(head.argument))); return true;
        case 27: appendReal(m_out, std::bit_cast<double>(head.argument)); return true;
        case 31: return fault("an end where a value should be");
        default: return write(fmt::format("{{\"$simple\":{}}}", head.argument));
        }
    }
};

} // namespace

Result<std::string> cborToJson(std::string_view bytes)
{
    return Cbor(bytes).toJson();
}

} // namespace eventscope::core
