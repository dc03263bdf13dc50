// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/envelope.h"
#include "event/envelope/payload_content.h"
#include "event/json.h"
#include "inspect/envelope_reader.h"
#include "inspect/event_export.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

using namespace eventscope::core;

namespace {

void require(bool holds)
{
    if (!holds) {
        std::abort();
    }
}

/// The input is headers, one a line as "name: value", an empty line, and the value's bytes.
std::vector<HeaderView> takeHeaders(std::string_view& bytes)
{
    std::vector<HeaderView> headers;
    while (headers.size() < 20) {
        const std::size_t end = bytes.find('\n');
        const std::string_view line = bytes.substr(0, end);
        const std::size_t colon = line.find(": ");
        if (end == std::string_view::npos || (!line.empty() && colon == std::string_view::npos)) {
            break;
        }
        bytes.remove_prefix(end + 1);
        if (line.empty()) {
            break;
        }
        headers.push_back({line.substr(0, colon), line.substr(colon + 2)});
    }
    return headers;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const std::vector<HeaderView> headers = takeHeaders(bytes);
    Envelope envelope;
    decodeEnvelope({.bytes = bytes, .headers = headers}, envelope);
    require(envelope.undecodable == !envelope.whyUndecodable().empty());
    const bool isPart = envelope.payload.data() >= bytes.data()
        && envelope.payload.data() + envelope.payload.size() <= bytes.data() + bytes.size();
    require(isPart || envelope.payload.empty() || envelope.payload.data() == envelope.ownPayload.data());

    Envelope again; // the same answer, whatever was asked before
    decodeEnvelope({.bytes = bytes, .headers = headers}, again);
    decodeEnvelope({.bytes = bytes, .headers = headers}, again);
    require(again.id == envelope.id && again.type == envelope.type && again.attempts == envelope.attempts);

    const PayloadContent content = readPayloadContent(bytes, headers);
    require(content.json.empty() || isJson(content.json));

    EnvelopeReader reader;
    const SourceEvent event = reader.read({.source = "s", .stream = "t", .headers = headers, .payload = bytes});
    for (const ExportFormat format : {ExportFormat::NdJson, ExportFormat::CloudEvents, ExportFormat::Csv}) {
        std::string line;
        appendExported(line, event, format);
        require(line.ends_with('\n') && (format == ExportFormat::Csv || isJson(line)));
    }
    return 0;
}
