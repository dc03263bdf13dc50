// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/view_burst.h"

#include <algorithm>
#include <string>
#include <vector>

namespace eventscope::app {

using namespace std::chrono_literals;

namespace {

constexpr auto kBeat = 50ms; // a batch each
constexpr std::size_t kMostPerBatch = 2000;
// A service that people still find their way around in.
constexpr core::ViewAudience kAudience{.users = 400, .videos = 120, .concurrentViews = 250};

} // namespace

ViewBurst::ViewBurst(
    core::EventStore& store, core::Clock& clock, core::IdGenerator& ids, std::uint64_t seed, ProblemFunction onProblem)
    : m_store(store)
    , m_clock(clock)
    , m_ids(ids)
    , m_onProblem(std::move(onProblem))
    , m_generator(seed, kAudience)
    , m_views({.users = 1024, .videos = 512, .queueCapacity = 4096})
    , m_thread([this](const std::stop_token& stop) { run(stop); })
{
}

ViewBurst::~ViewBurst()
{
    stop();
}

void ViewBurst::burst(double perSecond, std::chrono::milliseconds length)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_perSecond = perSecond;
        m_until = m_clock.now() + length;
    }
    m_asked.notify_one();
}

void ViewBurst::stop()
{
    m_thread.request_stop();
    if (m_thread.joinable()) {
        m_thread.join();
    }
}

void ViewBurst::run(const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        core::Timestamp last;
        {
            std::unique_lock lock(m_mutex);
            if (!m_asked.wait(lock, stop, [this] { return m_clock.now() < m_until; })) {
                return;
            }
            last = m_clock.now();
        }
        double owed = 0; // events that are due and not yet made
        while (m_clock.sleepFor(kBeat, stop)) {
            const core::Timestamp now = m_clock.now();
            {
                const std::scoped_lock lock(m_mutex);
                owed += m_perSecond * std::chrono::duration<double>(std::min(now, m_until) - last).count();
                if (now >= m_until && owed < 1) {
                    break;
                }
            }
            last = now;
            // What the machine cannot keep up with is let go.
            const auto count = std::min(static_cast<std::size_t>(std::max(owed, 0.0)), kMostPerBatch);
            owed = count == kMostPerBatch ? 0 : owed - static_cast<double>(count);
            if (count > 0) {
                publish(count);
            }
        }
    }
}

void ViewBurst::publish(std::size_t count)
{
    std::vector<core::ViewEvent> views(count);
    m_generator.fill(views);
    const core::Timestamp now = m_clock.now();
    std::vector<std::string> streams(count);
    std::vector<core::NewEvent> events(count);
    std::vector<core::StreamAppend> appends;
    for (std::size_t i = 0; i < count; ++i) {
        views[i].time = now;
        streams[i] = core::viewStream(views[i]);
        events[i] = core::toNewEvent(views[i], m_ids);
        appends.push_back({streams[i], core::ExpectedVersion::any(), {&events[i], 1}});
    }
    core::Status published = m_views.processor().publish(views);
    if (published) {
        const auto stored = m_store.appendAll(appends);
        published = stored ? core::Status() : std::unexpected(stored.error());
    }
    if (!published) {
        m_onProblem(published.error());
    }
}

} // namespace eventscope::app
