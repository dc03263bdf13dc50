// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event_inbox.h"
#include "scripted_dead_letters.h"

#include "event/clock.h"
#include "event/ids.h"
#include "sourcing/in_process_bus.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

/// A bus on a clock that the test moves.
class InProcessBusTest : public ::testing::Test {
protected:
    static constexpr eventscope::core::Timestamp kStart{std::chrono::microseconds{1'700'000'000'000'000}};

    explicit InProcessBusTest(eventscope::core::InProcessBusOptions options = {}) : m_options(options)
    {
        m_bus.emplace(m_clock, m_ids, m_deadLetters, m_options);
    }

    /// The same with other options.
    void restart(eventscope::core::InProcessBusOptions options)
    {
        m_bus.reset();
        m_bus.emplace(m_clock, m_ids, m_deadLetters, options);
    }

    std::unique_ptr<eventscope::core::Subscription> subscribe(std::string name, std::string pattern,
        eventscope::core::EventHandler handler,
        eventscope::core::RetryPolicy retry = eventscope::core::RetryPolicy::none())
    {
        auto subscription = m_bus->subscribe(
            {.name = std::move(name), .pattern = std::move(pattern), .handler = std::move(handler), .retry = retry});
        EXPECT_TRUE(subscription) << subscription.error().message;
        return subscription ? std::move(*subscription) : nullptr;
    }

    eventscope::core::SubscriptionStatistics statisticsOf(const std::string& name) const
    {
        for (const auto& subscription : m_bus->statistics().subscriptions) {
            if (subscription.name == name)
                return subscription;
        }
        ADD_FAILURE() << "no subscription " << name;
        return {};
    }

    /// Once the retry is waiting on the clock: lets the time pass that it waits for, and tells how long that was.
    std::chrono::microseconds passNextDelay()
    {
        m_clock.waitForSleepers(1);
        const auto delay = *m_clock.nextWakeUp() - m_clock.now();
        m_clock.advance(delay);
        return delay;
    }

    std::vector<eventscope::core::ParkedEvent> parked(std::string_view queue = {}) const
    {
        return *m_deadLetters.list(queue);
    }

    static eventscope::core::EventHandler failing(std::string message = "no")
    {
        return [message](const eventscope::core::RecordedEvent&) -> eventscope::core::Status {
            return eventscope::core::fail(eventscope::core::ErrorCode::DomainRule, message);
        };
    }

    eventscope::core::ManualClock m_clock{kStart};
    eventscope::core::UuidV7Generator m_ids{m_clock, 1};
    eventscope::test::ScriptedDeadLetters m_deadLetters;
    eventscope::core::InProcessBusOptions m_options;
    std::optional<eventscope::core::InProcessBus> m_bus;
};
