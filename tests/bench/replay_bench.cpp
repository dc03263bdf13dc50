// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench.h"

#include "child_process.h"
#include "event/json.h"
#include "inspect/merge_reducer.h"
#include "inspect/order_lines.h"
#include "inspect/replay.h"
#include "sourcing/order_state.h"

#include <fmt/core.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace eventscope::bench {

namespace {

using namespace eventscope::core;
using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kOrders = 60'000;
constexpr std::size_t kReadableBehind = 64;

/// Orders as the demo makes them, two hundred under way at a time, printed as `eventscope read` does.
class OrderFile {
public:
    OrderFile()
    {
        std::vector<std::vector<Event>> underWay;
        while (m_orders < kOrders || !underWay.empty()) {
            while (m_orders < kOrders && underWay.size() < kUnderWay)
                underWay.push_back(course(m_orders++));
            std::vector<Event>& order = underWay[m_random() % underWay.size()];
            print(order.front());
            order.erase(order.begin());
            if (order.empty()) {
                std::swap(order, underWay.back());
                underWay.pop_back();
            }
        }
    }

    std::string text;
    std::size_t events = 0;

private:
    struct Event {
        std::size_t order;
        int version;
        std::string_view type;
        std::string data;
    };
    static constexpr std::size_t kUnderWay = 200;

    std::vector<Event> course(std::size_t order)
    {
        const auto cents = 100 + m_random() % 100'000;
        const std::string total = fmt::format("{}.{:02}", cents / 100, cents % 100);
        std::vector<Event> story;
        story.push_back({order, 1, "OrderPlaced",
            fmt::format(
                R"({{"orderId":"{:08x}","customerId":"customer-{}","items":[{{"sku":"sku-{}","quantity":1,"price":{}}}],)"
                R"("totalAmount":{},"currency":"USD"}})",
                order, m_random() % 5000, m_random() % 300, total, total)});
        if (m_random() % 10 == 0) {
            story.push_back({order, 2, "OrderCancelled",
                fmt::format(R"({{"orderId":"{:08x}","reason":"payment declined"}})", order)});
            return story;
        }
        story.push_back({order, 2, "PaymentConfirmed",
            fmt::format(R"({{"orderId":"{:08x}","paymentId":"payment-{:08x}","amount":{}}})", order, order, total)});
        story.push_back({order, 3, "OrderShipped",
            fmt::format(
                R"({{"orderId":"{:08x}","trackingNumber":"TRK-{:08x}","shippedAt":"2026-11-23T09:14:07.000000Z"}})",
                order, order)});
        return story;
    }

    void print(const Event& event)
    {
        ++events;
        text += fmt::format(
            R"({{"source":"demo","stream":"order-{0:08x}","position":"{1}","version":{2},"id":"018bcfe5-687b-7abc-8def-{1:012x}",)"
            R"("type":"{3}","time":"2026-11-23T09:14:02.{4:06}Z","correlationId":"018bcfe5-687b-7abc-8def-{0:012x}"{5},"data":{6}}})",
            event.order, events, event.version, event.type, events % 1'000'000,
            event.type == "OrderPlaced" ? R"(,"headers":[["schemaVersion","2"]])" : "", event.data);
        text += '\n';
    }

    std::mt19937_64 m_random{5};
    std::size_t m_orders = 0;
};

std::uint64_t centsOf(const std::string& amount)
{
    return amount.empty() ? 0 : static_cast<std::uint64_t>(std::llround(std::strtod(amount.c_str(), nullptr) * 100));
}

/// The same sum as in fold_orders.js.
std::uint64_t checksumOf(const OrderLines& lines)
{
    const std::string_view statuses[] = {"pending", "paid", "shipped", "cancelled"};
    std::uint64_t sum = 0;
    for (const auto& [stream, order] : lines.orders()) {
        sum += centsOf(order.totalAmount) + (order.paid ? centsOf(order.paymentAmount) : 0);
        sum += static_cast<std::uint64_t>(
                   std::find(std::begin(statuses), std::end(statuses), order.status) - std::begin(statuses))
            + 1;
        sum += order.trackingNumber.empty() ? 0 : order.trackingNumber.size() - 2;
        if (!order.cancellation.empty())
            sum += Json::parse(order.cancellation).value().stringOr("reason").size();
    }
    return sum;
}

class TemporaryFile {
public:
    explicit TemporaryFile(const std::string& content)
        : m_path(
            std::filesystem::temp_directory_path() / fmt::format("eventscope-bench-{}.ndjson", std::random_device()()))
    {
        std::ofstream(m_path, std::ios::binary) << content;
    }
    ~TemporaryFile() { std::filesystem::remove(m_path); }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    std::string path() const { return m_path.string(); }

private:
    std::filesystem::path m_path;
};

double secondsSince(SteadyClock::time_point start)
{
    return std::chrono::duration<double>(SteadyClock::now() - start).count();
}

Work foldNatively(const std::string& text, const UpcasterChain& upcasters, std::size_t events)
{
    const auto start = SteadyClock::now();
    OrderLines lines(upcasters);
    lines.fold(text, text.size() + kReadableBehind);
    const double seconds = secondsSince(start);
    return {.units = static_cast<double>(events), .checksum = checksumOf(lines), .seconds = seconds};
}

Work foldWithNode(const std::string& path, std::size_t events)
{
    test::ChildProcess node({"node", EVENTSCOPE_BENCH_DIR "/fold_orders.js", path});
    node.closeInput();
    if (node.wait() != 0)
        return {};
    const Result<Json> answer = Json::parse(node.output());
    if (!answer)
        return {};
    return {.units = static_cast<double>(events),
        .checksum = std::strtoull(answer->find("checksum")->numberText().c_str(), nullptr, 10),
        .seconds = std::strtod(answer->find("seconds")->numberText().c_str(), nullptr)};
}

constexpr std::size_t kSteps = 100'000;

/// One long stream whose state has a few dozen members, as an account or a device would have.
std::shared_ptr<StreamHistory> longStream()
{
    auto history = std::make_shared<StreamHistory>("device-1");
    for (std::size_t i = 1; i <= kSteps; ++i) {
        const std::string payload = fmt::format(
            R"({{"reading{}":{{"value":{}.{:02},"unit":"°C","at":{}}},"count":{}}})", i % 40, i % 90, i % 100, i, i);
        SourceEvent event;
        event.source = "bench";
        event.stream = "device-1";
        event.version = static_cast<std::int64_t>(i);
        event.type = "ReadingTaken";
        event.payload = payload;
        history->append(event);
    }
    return history;
}

double percentile99(std::vector<double> values)
{
    const auto place = values.begin() + static_cast<std::ptrdiff_t>(values.size() * 99 / 100);
    std::nth_element(values.begin(), place, values.end());
    return *place;
}

/// Milliseconds of each of a thousand steps, the 99th percentile.
double stepMilliseconds(Replay& replay, const std::function<void(std::mt19937_64&)>& step)
{
    std::mt19937_64 random(3);
    std::vector<double> times;
    for (int i = 0; i < 1000; ++i) {
        const auto start = SteadyClock::now();
        step(random);
        keep(replay.current().after);
        times.push_back(secondsSince(start) * 1000);
    }
    return percentile99(std::move(times));
}

} // namespace

EVENTSCOPE_BENCH(replay_steps)
{
    constexpr double kFrame = 1000.0 / 60;
    Replay replay(longStream(), std::make_shared<MergeReducer>(), std::make_shared<const UpcasterChain>());
    const auto start = SteadyClock::now();
    replay.prepare();
    report.figure(
        {.what = "first fold of a stream of 100 000 events", .unit = "ms", .value = secondsSince(start) * 1000});
    const auto figure = [&](std::string what, const std::function<void(std::mt19937_64&)>& step) {
        report.figure({.what = std::move(what),
            .unit = "ms",
            .value = stepMilliseconds(replay, step),
            .boundName = "one frame",
            .bound = kFrame});
    };
    figure("jump anywhere in 100 000 events, 99th percentile",
        [&](std::mt19937_64& random) { replay.jump(random() % (kSteps + 1)); });
    replay.jump(kSteps);
    figure("step back in 100 000 events, 99th percentile", [&](std::mt19937_64&) { replay.back(); });
    figure("step forward in 100 000 events, 99th percentile", [&](std::mt19937_64&) { replay.forward(); });
    report.figure({.what = "checkpoints of 100 000 events",
        .unit = "MB",
        .value = static_cast<double>(replay.checkpointBytes()) / 1e6,
        .boundName = "budget",
        .bound = 64 * 1.048576});
}

EVENTSCOPE_BENCH(order_replay)
{
    OrderFile orders;
    std::string& text = orders.text;
    const std::size_t events = orders.events;
    const TemporaryFile file(text);
    text.reserve(text.size() + kReadableBehind);
    const UpcasterChain upcasters = orderUpcasters();
    report.compare(
        {.what = "replay of orders from raw JSON",
            .baselineName = "node: JSON.parse and fold",
            .target = 5.0,
            .note = fmt::format("{} events, {:.0f} MB", events, static_cast<double>(text.size()) / 1e6)},
        [&] { return foldNatively(text, upcasters, events); }, [&] { return foldWithNode(file.path(), events); });
}

} // namespace eventscope::bench
