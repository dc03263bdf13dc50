// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/views/view_event_processor.h"

#include "sourcing/batch_queue.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

namespace eventscope::core {

namespace {

constexpr std::size_t kPortion = 1024;

template <class View>
ViewUpdate updateOf(std::string name, View& view, std::vector<ViewEventType> types)
{
    return {.name = std::move(name),
        .types = std::move(types),
        .apply = [](void* context, std::span<const ViewEvent> events) { static_cast<View*>(context)->apply(events); },
        .context = &view};
}

} // namespace

struct ViewEventProcessor::Private {
    struct Lane {
        Lane(ViewUpdate u, std::size_t capacity) : update(std::move(u)), queue(capacity) { }

        const ViewUpdate update;
        BatchQueue<ViewEvent> queue;
        std::uint64_t applied = 0; // under the progress lock
        std::thread thread{};
    };

    void run(Lane& lane);

    std::vector<std::unique_ptr<Lane>> lanes;

    std::mutex publishing; // makes one sender of many, and all lanes get the same order
    std::uint64_t published = 0;
    bool stopped = false;

    std::mutex progress;
    std::condition_variable advanced;
};

void ViewEventProcessor::Private::run(Lane& lane)
{
    EventDispatcher<ViewEvent> dispatcher;
    if (lane.update.types.empty()) {
        dispatcher.addForAll(lane.update.apply, lane.update.context);
    } else {
        std::vector<TypeId> types;
        std::ranges::transform(
            lane.update.types, std::back_inserter(types), [](ViewEventType type) { return static_cast<TypeId>(type); });
        dispatcher.add(types, lane.update.apply, lane.update.context);
    }
    while (const std::size_t count
        = lane.queue.receive([&](std::span<const ViewEvent> events) { dispatcher.dispatch(events); })) {
        const std::scoped_lock lock(progress);
        lane.applied += count;
        advanced.notify_all();
    }
}

ViewEventProcessor::ViewEventProcessor(std::vector<ViewUpdate> updates, std::size_t queueCapacity)
    : d(std::make_unique<Private>())
{
    for (ViewUpdate& update : updates)
        d->lanes.push_back(std::make_unique<Private::Lane>(std::move(update), queueCapacity));
    for (const auto& lane : d->lanes)
        lane->thread = std::thread(&Private::run, d.get(), std::ref(*lane));
}

ViewEventProcessor::~ViewEventProcessor()
{
    stop();
}

Status ViewEventProcessor::publish(std::span<const ViewEvent> events)
{
    const std::scoped_lock lock(d->publishing);
    if (d->stopped)
        return fail(ErrorCode::Cancelled, "the view events' processor has stopped and takes nothing more");
    d->published += events.size();
    while (!events.empty()) { // in portions, so that no lane waits for another one's queue to take it all
        const std::span<const ViewEvent> portion = events.first(std::min(events.size(), kPortion));
        events = events.subspan(portion.size());
        for (const auto& lane : d->lanes)
            lane->queue.push(portion);
    }
    return {};
}

void ViewEventProcessor::drain()
{
    const std::uint64_t target = published();
    std::unique_lock lock(d->progress);
    d->advanced.wait(
        lock, [&] { return std::ranges::all_of(d->lanes, [&](const auto& lane) { return lane->applied >= target; }); });
}

std::uint64_t ViewEventProcessor::stop()
{
    const std::scoped_lock lock(d->publishing);
    d->stopped = true;
    for (const auto& lane : d->lanes)
        lane->queue.close();
    for (const auto& lane : d->lanes) {
        if (lane->thread.joinable())
            lane->thread.join();
    }
    return d->published;
}

std::uint64_t ViewEventProcessor::published() const
{
    const std::scoped_lock lock(d->publishing);
    return d->published;
}

std::vector<ViewUpdateProgress> ViewEventProcessor::progress() const
{
    const std::scoped_lock lock(d->progress);
    std::vector<ViewUpdateProgress> all;
    for (const auto& lane : d->lanes)
        all.push_back({lane->update.name, lane->applied});
    return all;
}

StreamingViews::StreamingViews(const StreamingViewsOptions& options)
    : m_history(options.users)
    , m_recommendations(options.users, options.videos)
    , m_engagement(options.videos)
    , m_trending(options.videos)
    , m_processor(
          {updateOf("watch history", m_history, {}),
              updateOf("recommendations", m_recommendations, {ViewEventType::Completed}),
              updateOf("engagement", m_engagement, {}), updateOf("trending", m_trending, {ViewEventType::Started})},
          options.queueCapacity)
{
}

} // namespace eventscope::core
