// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/envelope/binary_json.h"
#include "event/envelope/byte_reader.h"
#include "event/envelope/json_writer.h"
#include "event/json.h"
#include "event/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

namespace eventscope::core {

namespace {

constexpr int kDeepest = 30;
constexpr std::uint64_t kLargestField = (std::uint64_t{1} << 29) - 1;
constexpr std::size_t kMostFields = 1'000'000;

bool isPrintable(std::string_view text)
{
    const bool hasControl = std::ranges::any_of(text, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte == 0x7F || (byte < 0x20 && c != '\n' && c != '\r' && c != '\t');
    });
    return !hasControl && isUtf8(text);
}

class Protobuf {
public:
    /// The message as JSON; false when these bytes are none.
    bool message(std::string_view bytes, int depth, std::string& out)
    {
        if (bytes.empty() || depth > kDeepest) {
            return false;
        }
        ByteReader in(bytes);
        std::map<std::uint64_t, std::vector<std::string>> fields;
        while (!in.atEnd()) {
            std::uint64_t tag = 0;
            std::string value;
            if (++m_fields > kMostFields || !in.varint(tag) || tag >> 3 == 0 || tag >> 3 > kLargestField
                || !field(in, static_cast<unsigned>(tag & 7u), depth, value)) {
                return false;
            }
            fields[tag >> 3].push_back(std::move(value));
        }
        out.push_back('{');
        for (const auto& [number, values] : fields) {
            out += fmt::format("{}\"{}\":", out.back() == '{' ? "" : ",", number);
            if (values.size() == 1) {
                out += values.front();
                continue;
            }
            out += fmt::format("[{}]", fmt::join(values, ","));
        }
        out.push_back('}');
        return true;
    }

private:
    bool field(ByteReader& in, unsigned wireType, int depth, std::string& value)
    {
        std::uint64_t number = 0;
        std::uint32_t shorter = 0;
        std::string_view bytes;
        switch (wireType) {
        case 0:
            if (!in.varint(number)) {
                return false;
            }
            value = std::to_string(number);
            return true;
        case 1:
            if (!in.littleEndian(number)) {
                return false;
            }
            value = std::to_string(number);
            return true;
        case 2:
            if (!in.varint(number) || !in.bytes(number, bytes)) {
                return false;
            }
            delimited(bytes, depth, value);
            return true;
        case 5:
            if (!in.littleEndian(shorter)) {
                return false;
            }
            value = std::to_string(shorter);
            return true;
        default: return false;
        }
    }

    void delimited(std::string_view bytes, int depth, std::string& value)
    {
        if (isPrintable(bytes)) {
            appendJsonString(value, bytes);
        } else if (!message(bytes, depth + 1, value)) {
            value.clear();
            appendBytesAsJson(value, bytes);
        }
    }

    std::size_t m_fields = 0;
};

} // namespace

Result<std::string> protobufToJson(std::string_view bytes)
{
    std::string json;
    if (Protobuf().message(bytes, 0, json)) {
        return json;
    }
    return fail(ErrorCode::Unparsable, "the bytes are no sequence of fields");
}

} // namespace eventscope::core
