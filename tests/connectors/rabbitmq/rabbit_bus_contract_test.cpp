// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "message_bus_contract.h"
#include "rabbit_server.h"

#include "event/clock.h"
#include "rabbit_bus.h"
#include "topology.h"

#include <charconv>

using namespace eventscope;
using namespace eventscope::test;
using namespace eventscope::rabbitmq;

namespace {

/// A bus in a virtual host of its own.
class RabbitHarness {
public:
    RabbitHarness()
    {
        auto opened = RabbitBus::open(m_vhost.options(), m_clock);
        if (!opened)
            throw std::runtime_error(opened.error().message);
        m_bus = std::move(*opened);
    }

    core::MessageBus& bus() { return *m_bus; }
    std::string pattern(std::string_view type)
    {
        const std::string key = routingKeyOf(type, "any-1");
        m_patterns.insert(key.starts_with("any.") ? "*." + key.substr(4) : key);
        return key.starts_with("any.") ? "*." + key.substr(4) : key;
    }
    std::string everything() { return "#"; }
    core::RetryPolicy retries(int count)
    {
        return {.maxRetries = count, .firstDelay = std::chrono::milliseconds(1), .factor = 1.0};
    }

    std::vector<core::ParkedEvent> waitForParked(std::string_view name, std::size_t count)
    {
        std::vector<core::ParkedEvent> parked;
        const std::string queue = deadLetterQueueOf("events", *m_patterns.begin());
        for (const OwnVhost::Taken& taken : m_vhost.take(queue, count)) {
            const AmqpTable& headers = taken.properties.headers;
            const auto text = [&](std::string_view header) {
                const AmqpValue* value = find(headers, header);
                return value ? value->display() : std::string();
            };
            EXPECT_EQ(text(kOriginQueue), name);
            core::ParkedEvent letter;
            letter.original = *eventOf(taken.properties, taken.body);
            letter.error = {core::errorCodeFrom(text(kErrorType)), text(kErrorMessage), text(kErrorStack)};
            letter.attempts = static_cast<int>(find(headers, kAttempts)->integer().value_or(0));
            parked.push_back(std::move(letter));
        }
        return parked;
    }

private:
    OwnVhost m_vhost;
    core::SystemClock m_clock;
    std::set<std::string> m_patterns;
    std::unique_ptr<RabbitBus> m_bus;
};

} // namespace

namespace eventscope::test {
INSTANTIATE_TYPED_TEST_SUITE_P(RabbitMq, MessageBusContract, RabbitHarness);
}
