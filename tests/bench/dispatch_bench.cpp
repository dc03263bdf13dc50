// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench.h"
#include "qt_view_signals.h"

#include "sourcing/event_dispatcher.h"
#include "sourcing/views/view_event_generator.h"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include <boost/signals2/signal.hpp>

using namespace eventscope::bench;
using namespace eventscope::core;

namespace {

// As many as the queue they come off would hold, again and again: memory is not what is measured.
constexpr std::size_t kQueued = 16'384;
constexpr std::size_t kTurns = 128;
constexpr double kEvents = kQueued * kTurns;

/// What the four handlers do with an event, the same on all sides: each adds up another field, so
/// that the sums show that every handler saw every event it was to see.
struct Sums {
    std::array<std::uint64_t, 4> of{};
    std::uint64_t checksum() const { return of[0] + 3 * of[1] + 5 * of[2] + 7 * of[3]; }
};

template <int Handler>
void addTo(std::uint64_t& sum, const ViewEvent& event)
{
    if constexpr (Handler == 0)
        sum += event.user;
    else if constexpr (Handler == 1)
        sum += event.video;
    else if constexpr (Handler == 2)
        sum += event.advance;
    else
        sum += event.position;
}

template <int Handler>
void takeSpan(void* context, std::span<const ViewEvent> events)
{
    std::uint64_t sum = 0;
    for (const ViewEvent& event : events)
        addTo<Handler>(sum, event);
    static_cast<Sums*>(context)->of[Handler] += sum;
}

class QtReceiver : public QObject {
public:
    template <int Handler>
    void take(const ViewEvent& event)
    {
        addTo<Handler>(sums.of[Handler], event);
    }
    Sums sums;
};

const std::vector<ViewEvent>& viewEvents()
{
    static const std::vector<ViewEvent> events = [] {
        ViewEventGenerator generator(1, {.concurrentViews = 500});
        std::vector<ViewEvent> made(kQueued);
        generator.fill(made);
        return made;
    }();
    return events;
}

template <class Dispatch>
void inBatches(const Dispatch& dispatch)
{
    constexpr std::size_t kBatch = EventDispatcher<ViewEvent>::kBatch;
    const std::span<const ViewEvent> events = viewEvents();
    for (std::size_t turn = 0; turn < kTurns; ++turn) {
        for (std::size_t i = 0; i < events.size(); i += kBatch)
            dispatch(events.subspan(i, kBatch));
    }
}

template <class Emit>
void oneByOne(const Emit& emitOne)
{
    for (std::size_t turn = 0; turn < kTurns; ++turn) {
        for (const ViewEvent& event : viewEvents())
            emitOne(event);
    }
}

Work dispatchToAll()
{
    EventDispatcher<ViewEvent> dispatcher;
    Sums sums;
    dispatcher.addForAll(&takeSpan<0>, &sums);
    dispatcher.addForAll(&takeSpan<1>, &sums);
    dispatcher.addForAll(&takeSpan<2>, &sums);
    dispatcher.addForAll(&takeSpan<3>, &sums);
    inBatches([&](std::span<const ViewEvent> batch) { dispatcher.dispatch(batch); });
    return {kEvents, sums.checksum()};
}

Work qtSignalToAll()
{
    QtViewSender sender;
    QtReceiver receiver;
    QObject::connect(&sender, &QtViewSender::viewed, &receiver, &QtReceiver::take<0>, Qt::DirectConnection);
    QObject::connect(&sender, &QtViewSender::viewed, &receiver, &QtReceiver::take<1>, Qt::DirectConnection);
    QObject::connect(&sender, &QtViewSender::viewed, &receiver, &QtReceiver::take<2>, Qt::DirectConnection);
    QObject::connect(&sender, &QtViewSender::viewed, &receiver, &QtReceiver::take<3>, Qt::DirectConnection);
    oneByOne([&](const ViewEvent& event) { Q_EMIT sender.viewed(event); });
    return {kEvents, receiver.sums.checksum()};
}

Work boostSignalToAll()
{
    boost::signals2::signal<void(const ViewEvent&)> viewed;
    Sums sums;
    viewed.connect([&](const ViewEvent& event) { addTo<0>(sums.of[0], event); });
    viewed.connect([&](const ViewEvent& event) { addTo<1>(sums.of[1], event); });
    viewed.connect([&](const ViewEvent& event) { addTo<2>(sums.of[2], event); });
    viewed.connect([&](const ViewEvent& event) { addTo<3>(sums.of[3], event); });
    oneByOne([&](const ViewEvent& event) { viewed(event); });
    return {kEvents, sums.checksum()};
}

// The four handlers want different types, so that hardly two events in a row go the same way.

Work dispatchByType()
{
    constexpr auto kStarted = static_cast<TypeId>(ViewEventType::Started);
    constexpr auto kProgressed = static_cast<TypeId>(ViewEventType::Progressed);
    constexpr auto kCompleted = static_cast<TypeId>(ViewEventType::Completed);
    EventDispatcher<ViewEvent> dispatcher;
    Sums sums;
    dispatcher.addForAll(&takeSpan<0>, &sums);
    dispatcher.add(std::array{kStarted}, &takeSpan<1>, &sums);
    dispatcher.add(std::array{kStarted, kProgressed}, &takeSpan<2>, &sums);
    dispatcher.add(std::array{kCompleted}, &takeSpan<3>, &sums);
    inBatches([&](std::span<const ViewEvent> batch) { dispatcher.dispatch(batch); });
    return {kEvents, sums.checksum()};
}

Work qtSignalByType()
{
    QtViewSender sender;
    QtReceiver receiver;
    const auto connect
        = [&](auto signal, auto slot) { QObject::connect(&sender, signal, &receiver, slot, Qt::DirectConnection); };
    connect(&QtViewSender::started, &QtReceiver::take<0>);
    connect(&QtViewSender::progressed, &QtReceiver::take<0>);
    connect(&QtViewSender::completed, &QtReceiver::take<0>);
    connect(&QtViewSender::started, &QtReceiver::take<1>);
    connect(&QtViewSender::started, &QtReceiver::take<2>);
    connect(&QtViewSender::progressed, &QtReceiver::take<2>);
    connect(&QtViewSender::completed, &QtReceiver::take<3>);
    oneByOne([&](const ViewEvent& event) {
        switch (event.type) {
        case ViewEventType::Started: Q_EMIT sender.started(event); break;
        case ViewEventType::Progressed: Q_EMIT sender.progressed(event); break;
        case ViewEventType::Completed: Q_EMIT sender.completed(event); break;
        }
    });
    return {kEvents, receiver.sums.checksum()};
}

} // namespace

EVENTSCOPE_BENCH(dispatch)
{
    report.compare({.what = "dispatch to 4 handlers, batches of 256",
                       .unit = "events",
                       .baselineName = "Qt direct signal, 4 slots",
                       .target = 5.0},
        &dispatchToAll, &qtSignalToAll);
    report.compare({.what = "dispatch to 4 handlers, batches of 256",
                       .unit = "events",
                       .baselineName = "boost.signals2, 4 slots",
                       .target = 15.0},
        &dispatchToAll, &boostSignalToAll);
    report.compare(
        {.what = "dispatch of mixed types by type", .unit = "events", .baselineName = "Qt direct signals, one a type"},
        &dispatchByType, &qtSignalByType);
}
