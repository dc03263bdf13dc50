// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "message_bus_contract.h"
#include "scripted_dead_letters.h"

#include "event/clock.h"
#include "event/ids.h"
#include "sourcing/in_process_bus.h"

using namespace eventscope;

namespace {

class InProcessHarness {
public:
    core::MessageBus& bus() { return m_bus; }
    std::string pattern(std::string_view type) { return std::string(type); }
    std::string everything() { return "*"; }
    core::RetryPolicy retries(int count) { return {.maxRetries = count, .firstDelay = std::chrono::milliseconds(1)}; }

    std::vector<core::ParkedEvent> waitForParked(std::string_view name, std::size_t)
    {
        EXPECT_TRUE(m_bus.drain());
        return *m_deadLetters.list(name);
    }

private:
    core::SystemClock m_clock;
    core::UuidV7Generator m_ids{m_clock};
    test::ScriptedDeadLetters m_deadLetters;
    core::InProcessBus m_bus{m_clock, m_ids, m_deadLetters};
};

} // namespace

namespace eventscope::test {
INSTANTIATE_TYPED_TEST_SUITE_P(InProcess, MessageBusContract, InProcessHarness);
} // namespace eventscope::test
