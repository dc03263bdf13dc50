// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/event_import.h"

#include <fmt/format.h>

#include <charconv>
#include <utility>

namespace eventscope::core {

namespace {

constexpr std::size_t kBatch = 500;
constexpr std::size_t kBatchBytes = std::size_t{16} << 20;

std::string nameOf(const SourceEvent& event)
{
    std::string name = event.type.empty() ? "the event" : fmt::format("the event {}", event.type);
    if (!event.id.empty()) {
        name += fmt::format(" {}", event.id);
    }
    return event.position == SourceEvent::kNone ? name : name + fmt::format(" at position {}", event.position);
}

/// FNV-1a: the same event gets the same id, here and on any machine.
class Fingerprint {
public:
    explicit Fingerprint(std::uint64_t seed) : m_hash(seed) { }
    void add(std::string_view text)
    {
        for (const char c : text) {
            m_hash = (m_hash ^ static_cast<unsigned char>(c)) * 1'099'511'628'211ULL;
        }
        m_hash = (m_hash ^ 0xFFU) * 1'099'511'628'211ULL; // texts do not run into each other
    }
    std::uint64_t value() const { return m_hash; }

private:
    std::uint64_t m_hash;
};

/// A UUID of version 8: whatever its maker likes.
std::string idOf(const SourceEvent& event)
{
    const auto hashOf = [&event](std::uint64_t seed) {
        Fingerprint print(seed);
        print.add(event.stream);
        print.add(event.type);
        print.add(fmt::format("{} {} {}", event.position, event.version, event.partition));
        print.add(event.payload);
        return print.value();
    };
    const std::uint64_t high = hashOf(14'695'981'039'346'656'037ULL);
    const std::uint64_t low = hashOf(1'099'511'628'211ULL);
    return fmt::format("{:08x}-{:04x}-8{:03x}-{:04x}-{:012x}", high >> 32, (high >> 16) & 0xFFFF, high & 0xFFF,
        0x8000 | ((low >> 48) & 0x3FFF), low & 0xFFFF'FFFF'FFFF);
}

/// Takes the headers that a store keeps in fields of their own, where it would give them back in this
/// place; all others stay headers.
void readHeaders(const SourceEvent& event, NewEvent& made)
{
    std::size_t next = 0;
    const auto at
        = [&](std::string_view name) { return next < event.headers.size() && event.headers[next].name == name; };
    if (at("userId") && !event.headers[next].value.empty()) {
        made.metadata.userId = event.headers[next++].value;
    }
    if (at("schemaVersion")) {
        const std::string_view text = event.headers[next].value;
        int version = 0;
        const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), version);
        if (error == std::errc{} && rest == text.data() + text.size() && version > 1 && text.front() != '0') {
            made.schemaVersion = version;
            ++next;
        }
    }
    for (; next < event.headers.size(); ++next) {
        made.metadata.headers.push_back(
            {std::string(event.headers[next].name), std::string(event.headers[next].value)});
    }
}

} // namespace

Result<EventImport::Pending> EventImport::toPending(const SourceEvent& event)
{
    const auto refuse = [&event](std::string_view reason) {
        return fail(ErrorCode::InvalidArgument, fmt::format("{} cannot be imported: {}.", nameOf(event), reason));
    };
    if (!event.undecodable.empty()) {
        return refuse(fmt::format("it could not be read ({})", event.undecodable));
    }
    if (event.stream.empty()) {
        return refuse("it belongs to no stream");
    }
    if (event.type.empty()) {
        return refuse("it has no type");
    }
    const bool hasVersion = event.version != SourceEvent::kNone && m_versions == Versions::Kept;
    if (hasVersion && event.version < 1) {
        return refuse(fmt::format("its version is {}, and streams begin at 1", event.version));
    }
    NewEvent made;
    made.id = event.id.empty() ? idOf(event) : std::string(event.id);
    made.type = event.type;
    made.time = event.hasTime ? event.time : m_clock.now();
    made.metadata.correlationId = event.correlationId;
    made.metadata.causationId = event.causationId;
    readHeaders(event, made);
    made.data = event.payloadIsNull ? std::string_view("null") : event.payload;
    m_withoutId += event.id.empty() ? 1 : 0;
    m_withoutTime += event.hasTime ? 0 : 1;
    return Pending{.stream = std::string(event.stream),
        .expected = hasVersion ? ExpectedVersion::exactly({event.version - 1}) : ExpectedVersion::any(),
        .event = std::move(made),
        .name = nameOf(event)};
}

bool EventImport::deliver(std::span<const SourceEvent> batch)
{
    for (const SourceEvent& event : batch) {
        Result<Pending> pending = m_failure ? std::unexpected(*m_failure) : toPending(event);
        if (!pending) {
            m_failure = pending.error();
            break;
        }
        m_pendingBytes += pending->event.data.size();
        m_pending.push_back(std::move(*pending));
        if (m_pending.size() < kBatch && m_pendingBytes < kBatchBytes) {
            continue;
        }
        if (Status written = flush(); !written) {
            m_failure = written.error();
            break;
        }
    }
    return !m_failure;
}

Status EventImport::flush()
{
    std::vector<StreamAppend> appends;
    appends.reserve(m_pending.size());
    for (const Pending& pending : m_pending) {
        appends.push_back({pending.stream, pending.expected, {&pending.event, 1}});
    }
    const auto results = appends.empty() ? Result<std::vector<AppendResult>>() : m_store.appendAll(appends);
    Status status;
    if (results) {
        for (const AppendResult& result : *results) {
            ++(result.alreadyStored ? m_alreadyThere : m_written);
        }
    } else if (results.error().code == ErrorCode::InDoubt) {
        status = std::unexpected(results.error());
    } else {
        status = writeOneByOne(); // finds the one that is to blame
    }
    m_pending.clear();
    m_pendingBytes = 0;
    return status;
}

Status EventImport::writeOneByOne()
{
    for (const Pending& pending : m_pending) {
        const auto result = m_store.append(pending.stream, pending.expected, {&pending.event, 1});
        if (!result) {
            return fail(
                result.error().code, fmt::format("{} cannot be imported: {}", pending.name, result.error().message));
        }
        ++(result->alreadyStored ? m_alreadyThere : m_written);
    }
    return {};
}

Status EventImport::finish()
{
    const std::optional<Error> failure = std::exchange(m_failure, std::nullopt);
    Status rest = flush();
    return failure && rest ? Status(std::unexpected(*failure)) : rest;
}

} // namespace eventscope::core
