// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/in_process_bus_private.h"

#include <algorithm>
#include <cassert>
#include <iterator>

namespace eventscope::core {

void InProcessBus::Private::wakeWorkers(std::size_t ready)
{
    if (ready == 1)
        workThere.notify_one();
    else if (ready > 1)
        workThere.notify_all();
}

void InProcessBus::Private::tellOfProgress()
{
    if (publishersWaiting != 0 && lanes.pending() < options.capacity)
        roomThere.notify_all();
    progress.notify_all();
}

void InProcessBus::Private::work()
{
    std::unique_lock lock(mutex);
    while (true) {
        workThere.wait(lock, [this] { return stopping || lanes.hasReady(); });
        if (stopping)
            return;
        workOne(lock);
    }
}

void InProcessBus::Private::workOne(std::unique_lock<std::mutex>& lock)
{
    Delivery delivery;
    Lane& lane = lanes.take(delivery);
    std::shared_ptr<Subscriber> subscriber = lane.subscriber->shared_from_this();
    ++subscriber->running;
    lock.unlock();
    const AttemptEnd end = deliverer.attempt(*subscriber, delivery);
    lock.lock();
    --subscriber->running;
    conclude(lock, lane, std::move(delivery), end);
    if (subscriber->ended) { // perhaps the last to know it: foreign code does not die under the lock
        lock.unlock();
        subscriber.reset();
        lock.lock();
    }
}

void InProcessBus::Private::conclude(
    std::unique_lock<std::mutex>& lock, Lane& lane, Delivery delivery, const AttemptEnd& end)
{
    if (end.again && !lane.subscriber->ended) {
        lanes.again(lane, std::move(delivery), *end.again);
        timers->at(*end.again, [this] { wakeDue(); });
    } else {
        // Settled before it is finished: after drain() everything has been told.
        if (end.again)
            unhandled.fetch_add(1, std::memory_order_relaxed);
        lock.unlock();
        delivery.envelope->close(end.fate);
        delivery.envelope.reset();
        lock.lock();
        lanes.finished(lane);
    }
    tellOfProgress();
}

void InProcessBus::Private::wakeDue()
{
    const Timestamp now = clock.now();
    const std::scoped_lock lock(mutex);
    lanes.wake(now);
    wakeWorkers(lanes.ready());
}

std::uint64_t InProcessBus::Private::stop()
{
    assert(!isInsideHandler());
    const std::scoped_lock once(stopMutex);
    {
        const std::scoped_lock lock(mutex);
        stopping = true;
        deliverer.stop();
        workThere.notify_all();
        roomThere.notify_all();
        progress.notify_all();
    }
    for (std::thread& thread : threads)
        thread.join();
    threads.clear();
    timers.reset();

    std::vector<Delivery> left;
    {
        const std::scoped_lock lock(mutex);
        for (const auto& subscriber : subscribers)
            std::ranges::move(lanes.remove(*subscriber), std::back_inserter(left));
        tellOfProgress();
    }
    unhandled.fetch_add(left.size(), std::memory_order_relaxed);
    closeUnhandled(left);
    return unhandled.load();
}

} // namespace eventscope::core
