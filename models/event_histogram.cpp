// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_histogram.h"

#include <algorithm>
#include <chrono>

namespace eventscope::models {

namespace {

using namespace std::chrono_literals;
constexpr core::LogRow kSlice = 65'536;
constexpr auto kBetweenPictures = 150ms;

} // namespace

EventHistogram::EventHistogram(core::EventLog& log, QObject* parent)
    : QObject(parent), m_log(log), m_latest(std::make_shared<core::TimeHistogram>()), m_bell(16ms)
{
    connect(&m_bell, &FrameBell::rang, this, &EventHistogram::changed);
    m_listening = log.onAppended([this] {
        {
            const std::scoped_lock lock(m_mutex);
            m_more = true;
        }
        m_wake.notify_one();
    });
    m_thread = std::jthread([this](std::stop_token stop) { run(stop); });
}

EventHistogram::~EventHistogram()
{
    m_listening.reset();
}

void EventHistogram::setRules(EventRules rules)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_rules = std::move(rules);
        m_restart = m_more = true;
    }
    m_wake.notify_one();
}

std::shared_ptr<const core::TimeHistogram> EventHistogram::latest() const
{
    const std::scoped_lock lock(m_mutex);
    return m_latest;
}

void EventHistogram::run(std::stop_token stop)
{
    core::TimeHistogram histogram;
    EventTones tones;
    const auto textOf = [this](std::uint32_t id) { return m_log.text(id); };
    core::LogRow next = 0;
    while (true) {
        {
            std::unique_lock lock(m_mutex);
            if (!m_wake.wait(lock, stop, [this] { return m_more; })) {
                return;
            }
            m_more = false;
            if (m_restart) {
                m_restart = false;
                tones.setRules(m_rules);
                histogram.clear();
                next = 0;
            }
        }
        const core::LogRow end = m_log.size();
        while (next < end && !stop.stop_requested()) {
            for (const core::LogRow stopAt = std::min(end, next + kSlice); next < stopAt; ++next) {
                // A row without a time has the epoch here.
                if (const core::Timestamp time = m_log.timeAt(next); time != core::Timestamp{}) {
                    histogram.add(time, tones.toneOf(m_log.typeAt(next), textOf) == EventTone::Failure);
                }
            }
        }
        auto picture = std::make_shared<core::TimeHistogram>(histogram);
        std::unique_lock lock(m_mutex);
        m_latest = std::move(picture);
        m_bell.ring();
        // New rows wait until the picture has been looked at for a moment.
        m_wake.wait_for(lock, stop, kBetweenPictures, [this] { return m_restart; });
    }
}

} // namespace eventscope::models
