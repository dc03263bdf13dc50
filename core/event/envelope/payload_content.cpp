// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/envelope/payload_content.h"

#include "event/json_scanner.h"
#include "event/utf8.h"

#include <fmt/core.h>

#include <array>
#include <optional>

namespace eventscope::core {

namespace {

using namespace std::string_view_literals;

struct Magic {
    std::string_view bytes;
    PayloadFormat format;
};
constexpr std::array kMagics{
    Magic{"\xAC\xED\x00\x05"sv, PayloadFormat::JavaObject},
    Magic{"Obj\x01"sv, PayloadFormat::AvroFile},
    Magic{"\xC3\x01"sv, PayloadFormat::AvroSingleObject},
};

std::uint32_t bigEndian32(std::string_view bytes)
{
    std::uint32_t number = 0;
    for (const char c : bytes.substr(0, 4)) {
        number = (number << 8) | static_cast<unsigned char>(c);
    }
    return number;
}

/// Confluent's prefix: a zero byte and four of the schema's id.
constexpr std::size_t kConfluentPrefix = 5;

bool readConfluent(std::string_view bytes, PayloadContent& content)
{
    if (bytes.size() <= kConfluentPrefix || bytes.front() != '\0') {
        return false;
    }
    content.note = fmt::format("schema id {}, no registry is configured", bigEndian32(bytes.substr(1)));
    content.format = PayloadFormat::SchemaRegistry;
    content.inner = PayloadFormat::SchemaRegistry;
    const std::string_view data = bytes.substr(kConfluentPrefix);
    if (checkJson(data)) {
        content.inner = PayloadFormat::Json;
        content.prefixSize = kConfluentPrefix;
        content.json = data;
        return true;
    }
    content.isKnown = false;
    content.attempts.push_back({"Schema registry", content.note});
    return true;
}

bool isReadable(std::string_view text)
{
    return text.find('\0') == std::string_view::npos && isUtf8(text);
}

PayloadFormat textFormat(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    const std::string_view begin = first == std::string_view::npos ? std::string_view() : text.substr(first);
    if (begin.starts_with('<')) {
        return PayloadFormat::Xml;
    }
    return begin.starts_with("---\n") || begin.starts_with("--- ") ? PayloadFormat::Yaml : PayloadFormat::Text;
}

} // namespace

std::string_view toString(PayloadFormat format)
{
    switch (format) {
    case PayloadFormat::Null: return "no value";
    case PayloadFormat::Empty: return "empty";
    case PayloadFormat::Json: return "JSON";
    case PayloadFormat::Xml: return "XML";
    case PayloadFormat::Yaml: return "YAML";
    case PayloadFormat::MessagePack: return "MessagePack";
    case PayloadFormat::Cbor: return "CBOR";
    case PayloadFormat::Protobuf: return "protobuf without its schema";
    case PayloadFormat::AvroFile: return "Avro file";
    case PayloadFormat::AvroSingleObject: return "Avro object";
    case PayloadFormat::SchemaRegistry: return "bytes of a schema registry";
    case PayloadFormat::JavaObject: return "Java object";
    case PayloadFormat::Gzip: return "gzip";
    case PayloadFormat::Zlib: return "zlib";
    case PayloadFormat::Zstd: return "zstd";
    case PayloadFormat::Lz4: return "LZ4";
    case PayloadFormat::Text: return "text";
    case PayloadFormat::Bytes: break;
    }
    return "bytes";
}

Status checkJson(std::string_view text)
{
    JsonScanner scanner(text);
    scanner.skipSpace();
    if (scanner.skipValue() && scanner.end()) {
        return {};
    }
    return std::unexpected(scanner.error());
}

PayloadContent readPayloadContent(std::string_view bytes, std::span<const HeaderView>)
{
    PayloadContent content;
    const auto is = [&content](PayloadFormat format) {
        content.format = format;
        content.inner = format;
        return content;
    };
    if (bytes.empty()) {
        return content;
    }
    if (readConfluent(bytes, content)) {
        return content;
    }
    for (const Magic& magic : kMagics) {
        if (bytes.starts_with(magic.bytes)) {
            return is(magic.format);
        }
    }
    if (isReadable(bytes)) {
        if (checkJson(bytes)) {
            content.json = bytes;
            return is(PayloadFormat::Json);
        }
        return is(textFormat(bytes));
    }
    content.isKnown = false;
    content.attempts.push_back({"text", "the bytes are not valid UTF-8"});
    return is(PayloadFormat::Bytes);
}

} // namespace eventscope::core
