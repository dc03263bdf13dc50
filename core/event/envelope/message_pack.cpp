// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/envelope/binary_json.h"
#include "event/envelope/binary_reader.h"
#include "event/envelope/json_writer.h"
#include "event/json.h"
#include "event/timestamp.h"

#include <fmt/format.h>

#include <bit>

namespace eventscope::core {

namespace {

class MessagePack final : BinaryReader {
public:
    explicit MessagePack(std::string_view bytes) : BinaryReader(bytes) { }

    Result<std::string> toJson() { return finished(value(0)); }

private:
    bool value(int depth)
    {
        std::uint8_t mark = 0;
        if (!m_in.byte(mark)) {
            return cutShort();
        }
        if (depth > kDeepest) {
            return fault("the nesting is too deep");
        }
        if (mark < 0x80) {
            return integer(mark);
        }
        if (mark >= 0xE0) {
            return integer(static_cast<std::int64_t>(mark) - 0x100);
        }
        if (mark < 0x90) {
            return map(mark & 0x0Fu, depth);
        }
        if (mark < 0xA0) {
            return array(mark & 0x0Fu, depth);
        }
        if (mark < 0xC0) {
            return text(mark & 0x1Fu);
        }
        return marked(mark, depth);
    }

    bool marked(std::uint8_t mark, int depth)
    {
        switch (mark) {
        case 0xC0: return write("null");
        case 0xC2: return write("false");
        case 0xC3: return write("true");
        case 0xC4: return sized<std::uint8_t>([this](std::uint64_t n) { return binary(n); });
        case 0xC5: return sized<std::uint16_t>([this](std::uint64_t n) { return binary(n); });
        case 0xC6: return sized<std::uint32_t>([this](std::uint64_t n) { return binary(n); });
        case 0xC7: return sized<std::uint8_t>([this](std::uint64_t n) { return extension(n); });
        case 0xC8: return sized<std::uint16_t>([this](std::uint64_t n) { return extension(n); });
        case 0xC9: return sized<std::uint32_t>([this](std::uint64_t n) { return extension(n); });
        case 0xCA:
            return sized<std::uint32_t>(
                [this](std::uint64_t n) { return real(std::bit_cast<float>(static_cast<std::uint32_t>(n))); });
        case 0xCB: return sized<std::uint64_t>([this](std::uint64_t n) { return real(std::bit_cast<double>(n)); });
        case 0xCC: return sized<std::uint8_t>([this](std::uint64_t n) { return natural(n); });
        case 0xCD: return sized<std::uint16_t>([this](std::uint64_t n) { return natural(n); });
        case 0xCE: return sized<std::uint32_t>([this](std::uint64_t n) { return natural(n); });
        case 0xCF: return sized<std::uint64_t>([this](std::uint64_t n) { return natural(n); });
        case 0xD0: return sized<std::uint8_t>([this](std::uint64_t n) { return integer(static_cast<std::int8_t>(n)); });
        case 0xD1:
            return sized<std::uint16_t>([this](std::uint64_t n) { return integer(static_cast<std::int16_t>(n)); });
        case 0xD2:
            return sized<std::uint32_t>([this](std::uint64_t n) { return integer(static_cast<std::int32_t>(n)); });
        case 0xD3:
            return sized<std::uint64_t>([this](std::uint64_t n) { return integer(static_cast<std::int64_t>(n)); });
        case 0xD4:
        case 0xD5:
        case 0xD6:
        case 0xD7:
        case 0xD8: return extension(std::uint64_t{1} << (mark - 0xD4u));
        case 0xD9: return sized<std::uint8_t>([this](std::uint64_t n) { return text(n); });
        case 0xDA: return sized<std::uint16_t>([this](std::uint64_t n) { return text(n); });
        case 0xDB: return sized<std::uint32_t>([this](std::uint64_t n) { return text(n); });
        case 0xDC: return sized<std::uint16_t>([this, depth](std::uint64_t n) { return array(n, depth); });
        case 0xDD: return sized<std::uint32_t>([this, depth](std::uint64_t n) { return array(n, depth); });
        case 0xDE: return sized<std::uint16_t>([this, depth](std::uint64_t n) { return map(n, depth); });
        case 0xDF: return sized<std::uint32_t>([this, depth](std::uint64_t n) { return map(n, depth); });
        default: return fault("a byte that begins no value");
        }
    }

    template <class Size, class Take>
    bool sized(Take take)
    {
        Size size = 0;
        return m_in.bigEndian(size) ? take(size) : cutShort();
    }

    template <class Number>
    bool integer(Number number)
    {
        fmt::format_to(std::back_inserter(m_out), "{}", static_cast<std::int64_t>(number));
        return true;
    }

    bool natural(std::uint64_t number)
    {
        fmt::format_to(std::back_inserter(m_out), "{}", number);
        return true;
    }

    template <class Real>
    bool real(Real number)
    {
        appendReal(m_out, number);
        return true;
    }

    bool text(std::uint64_t size)
    {
        std::string_view bytes;
        if (!m_in.bytes(size, bytes)) {
            return cutShort();
        }
        appendTextOrBytes(m_out, bytes);
        return true;
    }

    bool binary(std::uint64_t size)
    {
        std::string_view bytes;
        if (!m_in.bytes(size, bytes)) {
            return cutShort();
        }
        appendBytesAsJson(m_out, bytes);
        return true;
    }

    bool extension(std::uint64_t size)
    {
        constexpr std::uint8_t kTimestamp = 0xFF;
        std::uint8_t type = 0;
        std::string_view bytes;
        if (!m_in.byte(type) || !m_in.bytes(size, bytes)) {
            return cutShort();
        }
        if (type == kTimestamp && time(bytes)) {
            return true;
        }
        fmt::format_to(std::back_inserter(m_out), "{{\"$ext\":{},\"data\":", static_cast<std::int8_t>(type));
        appendBytesAsJson(m_out, bytes);
        m_out.push_back('}');
        return true;
    }

    bool time(std::string_view bytes)
    {
        ByteReader in(bytes);
        std::uint32_t nanoseconds = 0;
        std::int64_t seconds = 0;
        if (bytes.size() == sizeof(std::uint32_t)) {
            std::uint32_t value = 0;
            in.bigEndian(value);
            seconds = value;
        } else if (bytes.size() == sizeof(std::uint64_t)) {
            std::uint64_t value = 0;
            in.bigEndian(value);
            nanoseconds = static_cast<std::uint32_t>(value >> 34);
            seconds = static_cast<std::int64_t>(value & ((std::uint64_t{1} << 34) - 1));
        } else if (bytes.size() == sizeof(std::uint32_t) + sizeof(std::uint64_t)) {
            std::uint64_t value = 0;
            in.bigEndian(nanoseconds);
            in.bigEndian(value);
            seconds = static_cast<std::int64_t>(value);
        } else {
            return false;
        }
        constexpr std::int64_t kYear10000 = 253'402'300'800;
        if (nanoseconds > 999'999'999 || seconds < 0 || seconds >= kYear10000) {
            return false;
        }
        appendJsonString(m_out,
            formatTimestamp(Timestamp(std::chrono::seconds(seconds)) + std::chrono::microseconds(nanoseconds / 1000)));
        return true;
    }

    bool array(std::uint64_t size, int depth)
    {
        m_out.push_back('[');
        for (std::uint64_t i = 0; i < size; ++i) {
            if (i > 0) {
                m_out.push_back(',');
            }
            if (!value(depth + 1)) {
                return false;
            }
        }
        m_out.push_back(']');
        return true;
    }

    bool map(std::uint64_t size, int depth)
    {
        m_out.push_back('{');
        for (std::uint64_t i = 0; i < size; ++i) {
            if (i > 0) {
                m_out.push_back(',');
            }
            if (!key([&] { return value(depth + 1); }) || !value(depth + 1)) {
                return false;
            }
        }
        m_out.push_back('}');
        return true;
    }
};

} // namespace

Result<std::string> messagePackToJson(std::string_view bytes)
{
    return MessagePack(bytes).toJson();
}

} // namespace eventscope::core
