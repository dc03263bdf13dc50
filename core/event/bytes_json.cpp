// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/bytes_json.h"

#include "event/utf8.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace eventscope::core {

namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase64Member = "$base64";

constexpr std::array<std::int8_t, 256> makeDecodingTable()
{
    std::array<std::int8_t, 256> table{};
    table.fill(-1);
    for (std::size_t i = 0; i < kAlphabet.size(); ++i)
        table[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::int8_t>(i);
    return table;
}

constexpr auto kDecoding = makeDecodingTable();

std::unexpected<Error> notBase64()
{
    return fail(ErrorCode::Unparsable, "This is not base64: it needs A-Z, a-z, 0-9, +, / and padding with =.");
}

} // namespace

std::string toBase64(std::string_view bytes)
{
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t left = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 3; ++k)
            group = group << 8 | (k < left ? static_cast<unsigned char>(bytes[i + k]) : 0u);
        out += kAlphabet[group >> 18];
        out += kAlphabet[group >> 12 & 63];
        out += left > 1 ? kAlphabet[group >> 6 & 63] : '=';
        out += left > 2 ? kAlphabet[group & 63] : '=';
    }
    return out;
}

Result<std::string> fromBase64(std::string_view text)
{
    if (text.size() % 4 != 0)
        return notBase64();
    std::size_t padding = 0;
    while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=')
        ++padding;
    std::string out;
    out.reserve(text.size() / 4 * 3);
    for (std::size_t i = 0; i < text.size(); i += 4) {
        const bool last = i + 4 == text.size();
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 4; ++k) {
            const bool padded = last && k >= 4 - padding;
            const int value = padded ? 0 : kDecoding[static_cast<unsigned char>(text[i + k])];
            if (value < 0)
                return notBase64();
            group = group << 6 | static_cast<std::uint32_t>(value);
        }
        const std::size_t bytes = last ? 3 - padding : 3;
        for (std::size_t k = 0; k < bytes; ++k)
            out += static_cast<char>(group >> (16 - 8 * k) & 0xff);
    }
    return out;
}

Json bytesToJson(std::string_view bytes)
{
    if (isUtf8(bytes))
        return Json(bytes);
    Json json;
    json.set(kBase64Member, toBase64(bytes));
    return json;
}

std::optional<std::string> bytesFromJson(const Json& json)
{
    if (json.isString())
        return json.asString();
    const Json* encoded = json.find(kBase64Member);
    if (encoded == nullptr || !encoded->isString())
        return std::nullopt;
    Result<std::string> bytes = fromBase64(encoded->asString());
    return bytes ? std::optional(std::move(*bytes)) : std::nullopt;
}

} // namespace eventscope::core
