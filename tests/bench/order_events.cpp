// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "order_events.h"

#include "bench.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <string_view>
#include <unistd.h>

namespace eventscope::bench {

using namespace eventscope::core;

namespace {

constexpr std::size_t kBatch = 4096;
constexpr std::uint64_t kUuidLength = 36;
constexpr Timestamp kStart{std::chrono::seconds{1'790'000'000}};
constexpr std::array<std::string_view, 5> kTypes{
    "OrderPlaced", "PaymentConfirmed", "OrderPacked", "OrderShipped", "InvoiceSent"};

/// Numbers that look random and are those of their index (SplitMix64).
std::uint64_t mixed(std::uint64_t value)
{
    value += 0x9e3779b97f4a7c15U;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
    return value ^ (value >> 31);
}

void appendUuid(std::string& out, std::uint64_t number)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    const std::uint64_t high = mixed(number);
    const std::uint64_t low = mixed(~number);
    for (unsigned i = 0; i < 32; ++i) {
        if (i == 8 || i == 12 || i == 16 || i == 20)
            out += '-';
        out += i == 12 ? '7' : kDigits[((i < 16 ? high : low) >> (4 * (i % 16))) & 15U];
    }
}

/// Forty events each of 2048 orders at a time, in turn.
std::uint64_t orderOf(std::uint64_t number)
{
    constexpr std::uint64_t kAtATime = 2048;
    constexpr std::uint64_t kEventsEach = 40;
    return number / (kAtATime * kEventsEach) * kAtATime + mixed(number) % kAtATime;
}

void appendPayload(std::string& out, std::uint64_t number, std::uint64_t order, std::size_t type)
{
    const std::uint64_t random = mixed(number + 1);
    out += R"({"eventId":")";
    appendUuid(out, number);
    fmt::format_to(std::back_inserter(out),
        R"(","eventType":"{}","timestamp":"{}","aggregateId":"order-{:07}","version":{},"data":{{"orderId":"{:07}",)"
        R"("customerId":"customer-{:05}","sku":"SKU-{:04}","quantity":{},"totalAmount":{}.{:02},"currency":"EUR",)"
        R"("tracking":"TRK-{:09}"}}}})",
        kTypes[type], formatTimestamp(kStart + std::chrono::microseconds(number * 150)), order, number % 40 + 1, order,
        random % 50'000, random / 7 % 8000, random / 11 % 9 + 1, random / 13 % 3000, random / 17 % 100,
        random / 19 % 1'000'000'000);
}

} // namespace

std::span<const SourceEvent> OrderEvents::make(std::uint64_t first, std::size_t count)
{
    m_bytes.clear();
    m_bytes.reserve(count * 400);
    m_streams.resize(std::max(m_streams.size(), count));
    m_events.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint64_t number = first + i;
        const std::uint64_t order = orderOf(number);
        const std::size_t type = mixed(number + 2) % kTypes.size();
        const std::size_t begin = m_bytes.size();
        appendPayload(m_bytes, number, order, type);
        m_streams[i] = fmt::format("order-{:07}", order);
        SourceEvent& event = m_events[i] = SourceEvent{};
        event.source = "shop";
        event.stream = m_streams[i];
        event.position = static_cast<std::int64_t>(number + 1);
        event.version = static_cast<std::int64_t>(number % 40 + 1);
        event.type = kTypes[type];
        event.time = kStart + std::chrono::microseconds(number * 150);
        event.payload = std::string_view(m_bytes).substr(begin);
        event.id = event.payload.substr(12, kUuidLength);
    }
    return m_events;
}

OrderCorpus::OrderCorpus(std::size_t size) : log({.budgetBytes = std::size_t{12} << 30})
{
    OrderEvents events;
    for (std::size_t at = 0; at < size; at += kBatch)
        log.append(events.make(at, std::min(kBatch, size - at)));
}

OrderCorpus::~OrderCorpus()
{
    std::error_code ignored;
    if (!m_lines.empty())
        std::filesystem::remove(m_lines, ignored);
}

OrderCorpus& OrderCorpus::shared()
{
    // As many as the machine has room for beside others: log and file take about 0.7 kB an event.
    static OrderCorpus corpus([] {
        const auto pages = static_cast<std::uint64_t>(std::max(sysconf(_SC_AVPHYS_PAGES), 0L));
        const std::uint64_t free = pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
        return wantedSize(free > (std::uint64_t{12} << 30) ? 10'000'000 : 2'000'000);
    }());
    return corpus;
}

const std::filesystem::path& OrderCorpus::lines()
{
    if (!m_lines.empty())
        return m_lines;
    m_lines = std::filesystem::temp_directory_path() / fmt::format("eventscope-bench-{}.ndjson", getpid());
    std::FILE* const file = std::fopen(m_lines.c_str(), "w");
    if (file == nullptr)
        std::abort();
    for (LogRow row = 0; row < log.size(); ++row) {
        const std::string_view payload = log.payloadAt(row);
        std::fwrite(payload.data(), 1, payload.size(), file);
        std::fputc('\n', file);
    }
    std::fclose(file);
    return m_lines;
}

} // namespace eventscope::bench
