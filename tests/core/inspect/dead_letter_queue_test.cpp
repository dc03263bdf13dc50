// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dead_letter_queue_contract.h"

#include "inspect/parked_letters.h"
#include "sourcing/memory_dead_letter_store.h"
#include "sourcing/memory_redelivery_queue.h"
#include "sourcing/sqlite_database.h"
#include "sourcing/sqlite_dead_letter_store.h"
#include "sourcing/sqlite_redelivery_queue.h"

#include <fmt/format.h>

using namespace eventscope::core;

namespace {

ParkedEvent parkedEvent(std::size_t number)
{
    ParkedEvent parked;
    parked.id = fmt::format("letter-{}", number);
    parked.queue = number % 2 == 0 ? "notifications" : "search-index";
    parked.original.id = fmt::format("event-{}", number);
    parked.original.type = "OrderPlaced";
    parked.original.stream = fmt::format("order-{}", number);
    parked.original.version = {1};
    parked.original.position = {static_cast<std::int64_t>(number) + 1};
    parked.original.time = Timestamp(std::chrono::days(20'000) + std::chrono::milliseconds(number));
    parked.original.metadata = {"flow", "cause", "", {{"raw", std::string("\xff\0x", 3)}, {"raw", "again"}}};
    parked.original.data = number % 3 == 0 ? std::string("no json \xfe\0 at all", 15) : R"({"total": 38.00})";
    parked.error = {ErrorCode::HandlerFailed, "no such customer", "in notifications"};
    parked.failedAt = Timestamp(std::chrono::days(20'000) + std::chrono::seconds(number));
    parked.attempts = 4;
    return parked;
}

/// Both kinds of our own letters; what differs is where they are kept.
class ParkedFixture : public DeadLetterQueueFixture {
public:
    DeadLetterQueue& queue() override { return *m_queue; }
    void park(std::size_t count) override
    {
        for (std::size_t i = 0; i < count; ++i)
            EXPECT_TRUE(m_letters->park(parkedEvent(m_next++)));
    }
    std::vector<std::string> arrived() override
    {
        std::vector<std::string> ids;
        for (const Redelivery& redelivery : redeliveries())
            ids.push_back(redelivery.event.id);
        return ids;
    }
    std::string arrivedData(const std::string& messageId) override
    {
        std::string data;
        for (const Redelivery& redelivery : redeliveries()) {
            if (redelivery.event.id == messageId)
                data = redelivery.event.data;
        }
        return data;
    }

protected:
    void connect() { m_queue = std::make_unique<ParkedLetters>(*m_letters, *m_redeliveries, nullptr); }

    std::vector<Redelivery> redeliveries() const
    {
        return m_redeliveries->pending(10'000).value_or(std::vector<Redelivery>());
    }

    std::unique_ptr<DeadLetterStore> m_letters;
    std::unique_ptr<RedeliveryQueue> m_redeliveries;

private:
    std::unique_ptr<ParkedLetters> m_queue;
    std::size_t m_next = 0;
};

class MemoryFixture final : public ParkedFixture {
public:
    MemoryFixture()
    {
        m_letters = std::make_unique<MemoryDeadLetterStore>();
        m_redeliveries = std::make_unique<MemoryRedeliveryQueue>();
        connect();
    }
    void restart() override { } // its memory is what would have been durable
};

class SqliteFixture final : public ParkedFixture {
public:
    SqliteFixture() { open(); }
    void restart() override
    {
        m_letters.reset();
        m_redeliveries.reset();
        open();
    }

private:
    void open()
    {
        auto database = SqliteDatabase::open(m_folder / "store.db", {.access = SqliteAccess::Create});
        ASSERT_TRUE(database) << database.error().message;
        m_letters = std::move(*SqliteDeadLetterStore::open(*database));
        m_redeliveries = std::move(*SqliteRedeliveryQueue::open(*database));
        connect();
    }
    eventscope::test::TempDir m_folder;
};

/// The least a technology can offer: nothing can be removed, nothing looked up. A broker's topic.
class TopicFixture final : public DeadLetterQueueFixture, public DeadLetterQueue {
public:
    DeadLetterQueue& queue() override { return *this; }
    void park(std::size_t count) override
    {
        for (std::size_t i = 0; i < count; ++i)
            m_letters.push_back(toDeadLetter(parkedEvent(m_letters.size())));
    }
    std::vector<std::string> arrived() override
    {
        std::vector<std::string> ids;
        for (const Requeue& requeue : m_sent)
            ids.push_back(requeue.letter.original.id);
        return ids;
    }
    std::string arrivedData(const std::string& messageId) override
    {
        const auto found = std::ranges::find(m_sent, messageId, [](const Requeue& r) { return r.letter.original.id; });
        return found == m_sent.end() ? std::string() : found->data;
    }
    void restart() override { }

    Capabilities capabilities() const override { return {.acknowledge = false, .discard = false}; }
    Result<std::vector<DeadLetter>> list(std::string_view, std::stop_token) override { return m_letters; }
    Status send(const Requeue& requeue) override
    {
        if (std::ranges::find(m_letters, requeue.letter.id, &DeadLetter::id) == m_letters.end())
            return fail(ErrorCode::NotFound, "no such record");
        m_sent.push_back(requeue);
        return {};
    }
    Status acknowledge(const DeadLetter&) override { return fail(ErrorCode::Unsupported, "a topic keeps its records"); }
    Status discard(const DeadLetter&) override { return fail(ErrorCode::Unsupported, "a topic keeps its records"); }
    Status restore(const DeadLetter&) override { return fail(ErrorCode::Unsupported, "a topic keeps its records"); }
    Result<SendState> settle(std::string_view, const DeadLetter&) override { return SendState::Unknown; }
    Result<std::optional<std::size_t>> newerOfSameKey(const DeadLetter&) override { return std::nullopt; }

private:
    std::vector<DeadLetter> m_letters;
    std::vector<Requeue> m_sent;
};

} // namespace

INSTANTIATE_TEST_SUITE_P(Implementations, DeadLetterQueueContract,
    testing::Values(
        std::pair<const char*, DeadLetterQueueFactory>("Memory", [] { return std::make_unique<MemoryFixture>(); }),
        std::pair<const char*, DeadLetterQueueFactory>("Sqlite", [] { return std::make_unique<SqliteFixture>(); }),
        std::pair<const char*, DeadLetterQueueFactory>("Topic", [] { return std::make_unique<TopicFixture>(); })),
    [](const auto& parameter) { return parameter.param.first; });

TEST(ParkedLetters, ComeBackFromDeadLettersWithoutLoss)
{
    for (std::size_t i = 0; i < 6; ++i) {
        ParkedEvent parked = parkedEvent(i);
        parked.original.schemaVersion = static_cast<int>(i);
        EXPECT_EQ(toParkedEvent(toDeadLetter(parked)), parked);
    }
}
