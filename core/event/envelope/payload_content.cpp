// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/envelope/payload_content.h"

#include "event/envelope/binary_json.h"
#include "event/envelope/byte_reader.h"
#include "event/json_scanner.h"
#include "event/unpacker.h"
#include "event/utf8.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace eventscope::core {

namespace {

using namespace std::string_view_literals;

struct Magic {
    std::string_view bytes;
    PayloadFormat format;
};
constexpr std::array kMagics{
    Magic{"\x04\x22\x4D\x18"sv, PayloadFormat::Lz4},
    Magic{"\xAC\xED\x00\x05"sv, PayloadFormat::JavaObject},
    Magic{"Obj\x01"sv, PayloadFormat::AvroFile},
    Magic{"\xC3\x01"sv, PayloadFormat::AvroSingleObject},
};

/// Confluent's prefix: a zero byte and four of the schema's id.
constexpr std::size_t kConfluentPrefix = 5;
/// Glue's: a version, how it is packed (0 not, 5 zlib), and the schema's UUID.
constexpr std::size_t kGluePrefix = 18;

std::uint32_t bigEndian32(std::string_view bytes)
{
    std::uint32_t number = 0;
    ByteReader(bytes).bigEndian(number);
    return number;
}

/// What follows the schema's id of a protobuf message: which message of the schema it is.
std::string_view skipMessageIndexes(std::string_view bytes)
{
    ByteReader in(bytes);
    std::uint64_t count = 0;
    if (!in.varint(count)) {
        return {};
    }
    for (std::uint64_t i = 0; i < count / 2; ++i) { // zigzag: n is written as 2n
        std::uint64_t index = 0;
        if (!in.varint(index)) {
            return {};
        }
    }
    return bytes.substr(in.position());
}

/// Bytes behind a schema's id: JSON, protobuf, or what only the schema explains (Avro).
void readBehindPrefix(std::string_view bytes, std::size_t prefix, std::string note, PayloadContent& content)
{
    content.note = std::move(note);
    content.format = PayloadFormat::SchemaRegistry;
    content.inner = PayloadFormat::SchemaRegistry;
    const std::string_view data = bytes.substr(prefix);
    if (checkJson(data)) {
        content.inner = PayloadFormat::Json;
        content.prefixSize = prefix;
        content.json = data;
        return;
    }
    if (Result<std::string> json = protobufToJson(skipMessageIndexes(data))) {
        content.inner = PayloadFormat::Protobuf;
        content.json = std::move(*json);
        return;
    }
    content.isKnown = false;
    content.attempts.push_back({"Schema registry", content.note});
}

bool readSchemaPrefix(std::string_view bytes, std::span<const HeaderView> headers, PayloadContent& content)
{
    if (bytes.size() > kConfluentPrefix && bytes.front() == '\0') {
        readBehindPrefix(bytes, kConfluentPrefix,
            fmt::format("schema id {}, no registry is configured", bigEndian32(bytes.substr(1))), content);
        return true;
    }
    if (bytes.size() > kGluePrefix && (bytes.starts_with("\x03\x00"sv) || bytes.starts_with("\x03\x05"sv))) {
        PayloadContent glue;
        readBehindPrefix(bytes, kGluePrefix, "a schema of AWS Glue, no registry is configured", glue);
        if (glue.isKnown) { // its mark is too weak to believe it without
            content = std::move(glue);
            return true;
        }
    }
    for (const HeaderView& header : headers) {
        constexpr std::size_t kIdSize = 5;
        if (header.name == "__value_schema_id" && header.value.size() == kIdSize && header.value.front() == '\0') {
            content.note = fmt::format("schema id {}, no registry is configured", bigEndian32(header.value.substr(1)));
        }
    }
    return false;
}

/// Text that people can read: no control characters but those of lines and tabs.
bool isReadable(std::string_view text)
{
    const bool hasControl = std::ranges::any_of(text, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != '\x1B';
    });
    return !hasControl && isUtf8(text);
}

std::string_view withoutByteOrderMark(std::string_view text)
{
    constexpr std::string_view kMark = "\xEF\xBB\xBF";
    return text.starts_with(kMark) ? text.substr(kMark.size()) : text;
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

namespace {

bool isMessagePackContainer(unsigned char first)
{
    return (first >= 0x80 && first <= 0x9F) || first == 0xDC || first == 0xDD || first == 0xDE || first == 0xDF;
}

bool isCborContainer(std::string_view bytes)
{
    const auto first = static_cast<unsigned char>(bytes.front());
    return (first >= 0xA0 && first <= 0xBF) || bytes.starts_with("\xD9\xD9\xF7"sv); // a map, or CBOR that says so
}

using ToJson = Result<std::string> (*)(std::string_view);

bool tryBinary(std::string_view bytes, PayloadFormat format, ToJson toJson, PayloadContent& content)
{
    Result<std::string> json = toJson(bytes);
    if (!json) {
        content.attempts.push_back({std::string(toString(format)), std::move(json.error().message)});
        return false;
    }
    content.format = format;
    content.inner = format;
    content.json = std::move(*json);
    return true;
}

bool readMarked(std::string_view bytes, std::span<const HeaderView> headers, PayloadContent& content)
{
    if (readSchemaPrefix(bytes, headers, content)) {
        return true;
    }
    for (const Magic& magic : kMagics) {
        if (bytes.starts_with(magic.bytes)) {
            content.format = magic.format;
            content.inner = magic.format;
            return true;
        }
    }
    return false;
}

/// The formats of bytes that are not compressed.
void readFormats(std::string_view bytes, std::span<const HeaderView> headers, PayloadContent& content)
{
    if (bytes.empty() || readMarked(bytes, headers, content)) {
        return;
    }
    if (isReadable(bytes)) {
        const bool isJson = checkJson(withoutByteOrderMark(bytes)).has_value();
        content.format = isJson ? PayloadFormat::Json : textFormat(bytes);
        content.inner = content.format;
        if (isJson) {
            content.json = withoutByteOrderMark(bytes);
        }
        return;
    }
    const bool isUnpacked = (isMessagePackContainer(static_cast<unsigned char>(bytes.front()))
                                && tryBinary(bytes, PayloadFormat::MessagePack, messagePackToJson, content))
        || (isCborContainer(bytes) && tryBinary(bytes, PayloadFormat::Cbor, cborToJson, content))
        || tryBinary(bytes, PayloadFormat::Protobuf, protobufToJson, content);
    if (isUnpacked) {
        return;
    }
    content.format = isUtf8(bytes) ? PayloadFormat::Text : PayloadFormat::Bytes;
    content.inner = content.format;
    if (content.format == PayloadFormat::Bytes) {
        content.isKnown = false;
        content.attempts.push_back({"Text", "the bytes are not valid UTF-8"});
    }
}

PayloadFormat formatOf(Compression compression)
{
    switch (compression) {
    case Compression::Gzip: return PayloadFormat::Gzip;
    case Compression::Zlib: return PayloadFormat::Zlib;
    case Compression::Zstd: return PayloadFormat::Zstd;
    case Compression::None: break;
    }
    return PayloadFormat::Bytes;
}

/// False when it only looked compressed.
bool readCompressed(std::string_view bytes, std::span<const HeaderView> headers, PayloadContent& content)
{
    const Compression compression = compressionOf(bytes);
    if (compression == Compression::None) {
        return false;
    }
    Result<std::string> unpacked = unpackAll(bytes, compression);
    if (!unpacked) {
        content.attempts.push_back({std::string(toString(compression)), std::move(unpacked.error().message)});
        // A bomb is what it says it is; a text may begin with zlib's "x^".
        const bool isRefused = unpacked.error().code == ErrorCode::Refused;
        content.isKnown = !isRefused;
        content.format = content.inner = formatOf(compression);
        return isRefused;
    }
    PayloadContent inner;
    readFormats(*unpacked, headers, inner);
    inner.format = formatOf(compression);
    inner.prefixSize = 0; // nothing of it lies in `bytes`
    if (inner.json.empty() && inner.isKnown) {
        inner.text = std::move(*unpacked);
    }
    std::ranges::move(inner.attempts, std::back_inserter(content.attempts));
    inner.attempts = std::move(content.attempts);
    content = std::move(inner);
    return true;
}

} // namespace

PayloadContent readPayloadContent(std::string_view bytes, std::span<const HeaderView> headers)
{
    PayloadContent content;
    if (readCompressed(bytes, headers, content)) {
        return content;
    }
    content.isKnown = true;
    content.format = content.inner = PayloadFormat::Empty;
    readFormats(bytes, headers, content);
    return content;
}

} // namespace eventscope::core
