// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench.h"
#include "order_events.h"

#include "event/envelope.h"
#include "inspect/filter/payload_reader.h"

#include <QByteArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QString>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace eventscope::bench {

namespace {

using namespace eventscope::core;

constexpr std::size_t kEvents = 2048; ///< just received, as when a connection decodes a batch
constexpr int kTurns = 20;
constexpr std::array<std::string_view, 4> kFields{"eventId", "eventType", "timestamp", "version"};

/// What a reader found, so that two of them can be compared: how long the texts are, and the versions.
std::uint64_t checksum(std::size_t id, std::size_t type, std::size_t time, std::int64_t version)
{
    return id + 3 * type + 7 * time + 31 * static_cast<std::uint64_t>(version);
}

Work readOurs(std::span<const SourceEvent> events)
{
    std::array<PathStep, kFields.size()> names;
    std::transform(kFields.begin(), kFields.end(), names.begin(),
        [](std::string_view name) { return PathStep::member(std::string(name)); });
    std::array<std::string_view, kFields.size()> texts;
    PayloadReader reader;
    std::uint64_t sum = 0;
    for (const SourceEvent& event : events) {
        reader.setPaddedPayload(event.payload);
        reader.texts(names, texts);
        std::int64_t version = 0;
        std::from_chars(texts[3].data(), texts[3].data() + texts[3].size(), version);
        sum += checksum(texts[0].size(), texts[1].size(), texts[2].size(), version);
    }
    return {static_cast<double>(events.size()), sum};
}

Work decodeOurs(std::span<const SourceEvent> events)
{
    Envelope envelope;
    std::uint64_t sum = 0;
    for (const SourceEvent& event : events) {
        decodeEnvelope({.bytes = event.payload}, envelope);
        sum += checksum(envelope.id.size(), envelope.type.size(), envelope.time ? 27 : 0, envelope.version);
    }
    return {static_cast<double>(events.size()), sum};
}

Work readWithQt(std::span<const SourceEvent> events)
{
    std::uint64_t sum = 0;
    for (const SourceEvent& event : events) {
        const QJsonObject object = QJsonDocument::fromJson(
            QByteArray::fromRawData(event.payload.data(), static_cast<qsizetype>(event.payload.size())))
                                       .object();
        sum += checksum(static_cast<std::size_t>(object[u"eventId"].toString().size()),
            static_cast<std::size_t>(object[u"eventType"].toString().size()),
            static_cast<std::size_t>(object[u"timestamp"].toString().size()), object[u"version"].toInteger());
    }
    return {static_cast<double>(events.size()), sum};
}

} // namespace

} // namespace eventscope::bench

using namespace eventscope::bench;

namespace {

Work turns(
    Work (*read)(std::span<const eventscope::core::SourceEvent>), std::span<const eventscope::core::SourceEvent> events)
{
    Work all;
    for (int i = 0; i < kTurns; ++i) {
        const Work one = read(events);
        all.units += one.units;
        all.checksum += one.checksum;
    }
    return all;
}

} // namespace

EVENTSCOPE_BENCH(envelope_fields)
{
    OrderEvents maker;
    const auto events = maker.make(0, kEvents);
    report.compare(
        {.what = "four envelope fields out of JSON", .baselineName = "QJsonDocument", .target = 25, .rounds = 9},
        [&] { return turns(&readOurs, events); }, [&] { return turns(&readWithQt, events); });
    report.compare(
        {.what = "an envelope decoded, all of it checked",
            .baselineName = "QJsonDocument, four fields",
            .rounds = 9,
            .note = "every member read, the data kept byte for byte, anything that is no JSON explained"},
        [&] { return turns(&decodeOurs, events); }, [&] { return turns(&readWithQt, events); });
}
