// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dead_letter_session.h"
#include "inspect/parked_letters.h"
#include "sourcing/memory_dead_letter_store.h"
#include "sourcing/memory_redelivery_queue.h"
#include "temp_dir.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace eventscope::test {

/// Dead letters in memory, and a desk over them.
struct MemoryLetters {
    core::MemoryDeadLetterStore letters;
    core::MemoryRedeliveryQueue redeliveries;
    core::SystemClock clock;
    TempDir folder;
    std::atomic<bool> isUnlocked{true};

    std::string park(int number, std::string message, core::ErrorCode code = core::ErrorCode::Timeout)
    {
        core::ParkedEvent parked;
        parked.id = "letter-" + std::to_string(number);
        parked.queue = "payments";
        parked.original.id = "event-" + std::to_string(number);
        parked.original.type = "OrderPlaced";
        parked.original.data
            = R"({"orderId":")" + std::to_string(number) + R"(","totalAmount":38.00,"items":[{"sku":"A-1"}]})";
        parked.original.stream = "order-" + std::to_string(7000 + number);
        parked.original.version = {1};
        parked.original.position = {8810 + number};
        parked.original.time = clock.now();
        parked.original.metadata.correlationId = "flow-" + std::to_string(number);
        parked.error = {code, std::move(message), "PaymentHandler::handle\n  at payments.cpp:42"};
        parked.failedAt = clock.now();
        parked.attempts = 1 + number % 3;
        if (!letters.park(parked))
            return {};
        return parked.id;
    }

    models::DeadLetterDesk desk(std::string source = "demo")
    {
        return {std::move(source),
            [this]() -> core::Result<std::shared_ptr<core::DeadLetterQueue>> {
                return std::make_shared<core::ParkedLetters>(letters, redeliveries, nullptr);
            },
            [this] { return isUnlocked.load(); }};
    }

    models::OpenJournal openJournal()
    {
        return [this]() -> core::Result<std::shared_ptr<core::Journal>> {
            auto journal = core::Journal::open(folder / "journal.db", clock);
            if (!journal)
                return std::unexpected(journal.error());
            return std::shared_ptr<core::Journal>(std::move(*journal));
        };
    }

    std::vector<std::string> sent() const
    {
        std::vector<std::string> events;
        const auto pending = redeliveries.pending(1000);
        for (const core::Redelivery& redelivery : *pending)
            events.push_back(redelivery.event.id);
        return events;
    }
};

} // namespace eventscope::test
