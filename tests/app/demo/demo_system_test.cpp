// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/demo_system.h"

#include "demo/story_audit.h"
#include "event/json.h"
#include "inspect/dead_letter_queue.h"
#include "scaled_clock.h"
#include "sourcing/saga_state.h"
#include "temp_dir.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <map>
#include <mutex>

using namespace eventscope;
using namespace std::chrono_literals;

namespace {

constexpr int kFactor = 20;

/// The order system on a fast clock and a file of its own, with what it stored counted by type.
class DemoSystemTest : public testing::Test {
protected:
    std::unique_ptr<app::DemoSystem> open(app::DemoOptions options = {})
    {
        options.file = m_file;
        options.onStored = [this](const core::StreamAppend& append, const core::AppendResult& result) {
            const std::scoped_lock lock(m_mutex);
            for (const core::NewEvent& event : append.events) {
                m_stored[event.type] += result.alreadyStored ? 0 : 1;
            }
            m_changed.notify_all();
        };
        options.onProblem = [](std::string_view sentence) { ADD_FAILURE() << sentence; };
        auto system = app::DemoSystem::open(m_clock, std::move(options));
        EXPECT_TRUE(system) << (system ? "" : system.error().message);
        return system ? std::move(*system) : nullptr;
    }

    /// Waits until so many events of that type are stored, by all systems so far.
    bool waitFor(const std::string& type, int count)
    {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, 60s, [&] { return m_stored[type] >= count; });
    }

    int stored(const std::string& type)
    {
        const std::scoped_lock lock(m_mutex);
        return m_stored[type];
    }

    static void bringToRest(app::DemoSystem& system)
    {
        system.closeShop();
        const core::Status settled = system.settle({});
        ASSERT_TRUE(settled) << settled.error().message;
    }

    /// What is in the file must hang together.
    test::StoryAudit audit() const
    {
        test::StoryAudit audit = test::auditStory(m_file);
        for (const std::string& violation : audit.violations) {
            ADD_FAILURE() << violation;
        }
        return audit;
    }

    static std::vector<core::DeadLetter> lettersOf(const app::DemoSystem& system, std::string_view queue)
    {
        return system.makeDeadLetterQueue()->list(queue, {}).value();
    }

    test::TempDir m_folder;
    std::filesystem::path m_file = m_folder / "story.db";
    test::ScaledClock m_clock{core::SystemClock().now(), kFactor};
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::map<std::string, int> m_stored;
};

std::string withoutTimes(core::Json data)
{
    for (const char* member : {"shippedAt", "retryAt"}) {
        if (data.isObject() && data.find(member) != nullptr) {
            data.set(member, "some time");
        }
    }
    if (core::Json* result = data.find("result"); result != nullptr && result->find("shippedAt") != nullptr) {
        result->set("shippedAt", "some time");
    }
    return data.dump();
}

/// Every stream's types and data, without what tells the time.
std::map<std::string, std::vector<std::string>> storyOf(const core::EventStore& store)
{
    std::map<std::string, std::vector<std::string>> streams;
    const auto events = store.readAll({.limit = core::kNoLimit});
    for (const core::RecordedEvent& event : events.value()) {
        streams[event.stream].push_back(event.type + ' ' + event.metadata.correlationId + ' ' + event.metadata.userId
            + ' ' + withoutTimes(core::Json::parse(event.data).value()));
    }
    return streams;
}

} // namespace

TEST_F(DemoSystemTest, TakesEveryOrderToItsEnd)
{
    const auto system = open();
    system->start();
    ASSERT_TRUE(waitFor("SagaStarted", 30));
    bringToRest(*system);
    const app::DemoFigures figures = system->figures();
    EXPECT_EQ(figures.orders, static_cast<std::uint64_t>(stored("SagaStarted")));
    EXPECT_EQ(figures.sagas.completed + figures.sagas.compensated + figures.sagas.stuck, figures.orders);
    EXPECT_GT(figures.sagas.completed, 0U);
    EXPECT_GT(figures.sagas.compensated, 0U);
    EXPECT_EQ(figures.sagas.stuck, 1U) << "the sixth order's refund";
    EXPECT_EQ(figures.outboxBacklog, 0U);
    EXPECT_GT(figures.notifications, 0U);
    EXPECT_EQ(lettersOf(*system, "notifications").size() + lettersOf(*system, "search-index").size()
            + lettersOf(*system, "loyalty").size(),
        figures.deadLetters);
    EXPECT_GE(figures.deadLetters, 2U);
    system->stop();
    audit();
}

TEST_F(DemoSystemTest, TellsTheSameStoryForTheSameSeed)
{
    // Only up to the order that both came to: how many there are by the end is up to the machine.
    std::map<std::string, std::vector<std::string>> stories[2];
    for (auto& story : stories) {
        m_file = m_folder / (&story == &stories[0] ? "first.db" : "second.db");
        const int before = stored("SagaStarted");
        const auto system = open({.seed = 7, .rate = 20});
        system->start();
        ASSERT_TRUE(waitFor("SagaStarted", before + 25));
        bringToRest(*system);
        story = storyOf(system->events());
    }
    int compared = 0;
    for (const auto& [stream, events] : stories[0]) {
        const auto other = stories[1].find(stream);
        // A customer's points come in the order of the orders' ends, and that is a matter of time.
        if (other == stories[1].end() || stream.starts_with("loyalty-")) {
            continue;
        }
        EXPECT_EQ(events, other->second) << stream;
        ++compared;
    }
    EXPECT_GE(compared, 100);
}

TEST_F(DemoSystemTest, TellsAnotherStoryForAnotherSeed)
{
    EXPECT_NE(app::planOrder(1, 0, 0.2).orderId, app::planOrder(2, 0, 0.2).orderId);
    const auto system = open({.seed = 11});
    system->start();
    ASSERT_TRUE(waitFor("OrderPlaced", 1));
    bringToRest(*system);
    const auto streams = system->events().streams({}, core::kNoLimit, "order").value();
    ASSERT_FALSE(streams.empty());
    EXPECT_TRUE(system->events().streamVersion("order-" + app::planOrder(11, 0, 0.2).orderId).value().value > 0);
}

TEST_F(DemoSystemTest, ContinuesWhereItWasStopped)
{
    int before = 0;
    for (int life = 1; life <= 4; ++life) {
        const auto system = open();
        system->start();
        ASSERT_TRUE(waitFor("SagaStarted", before + 5));
        system->stop(); // in the middle of everything
        before = stored("SagaStarted");
    }
    const auto last = open();
    bringToRest(*last);
    const auto orders = last->events().streams({}, core::kNoLimit, core::SagaState::kCategory).value();
    EXPECT_EQ(orders.size(), static_cast<std::size_t>(before)) << "no order was started twice";
    for (std::size_t index = 0; index < orders.size(); ++index) {
        const std::string stream = "saga-order-" + app::planOrder(app::kDefaultSeed, index, 0.2).orderId;
        EXPECT_GT(last->events().streamVersion(stream).value().value, 0) << "order " << index << " is missing";
    }
    last->stop();
    audit();
}

TEST_F(DemoSystemTest, SellsNothingAtRateZero)
{
    const auto system = open({.rate = 0});
    system->start();
    bringToRest(*system);
    EXPECT_EQ(system->figures().events, 0);
    EXPECT_EQ(system->rate(), 0);
}

TEST_F(DemoSystemTest, TakesANewRateAtOnce)
{
    const auto system = open({.rate = 0});
    system->start();
    system->setRate(50);
    EXPECT_TRUE(waitFor("SagaStarted", 5));
    EXPECT_EQ(system->rate(), 50);
}

TEST_F(DemoSystemTest, HasNoTroubleWithoutAFailureShare)
{
    const auto system = open({.failureShare = 0});
    system->start();
    ASSERT_TRUE(waitFor("SagaStarted", 25));
    bringToRest(*system);
    EXPECT_EQ(system->figures().sagas.completed, system->figures().orders);
    EXPECT_EQ(system->figures().deadLetters, 0U);
}

TEST_F(DemoSystemTest, DeclinesAndPoisonsOnRequest)
{
    const auto system = open({.rate = 0, .failureShare = 0});
    system->start();
    system->causeDecline();
    system->causePoison();
    system->setRate(10);
    ASSERT_TRUE(waitFor("PaymentDeclined", 1));
    bringToRest(*system);
    EXPECT_EQ(system->figures().sagas.compensated, 1U);
    const auto letters = lettersOf(*system, "notifications");
    ASSERT_EQ(letters.size(), 1U);
    EXPECT_NE(letters[0].error.message.find("max.mustermann@@example"), std::string::npos) << letters[0].error.message;
    EXPECT_NE(letters[0].error.stack.find("SmtpError"), std::string::npos) << letters[0].error.stack;
    EXPECT_EQ(letters[0].attempts, 4);
}

TEST_F(DemoSystemTest, SurvivesTheCrashOfAWorker)
{
    const auto system = open({.failureShare = 0});
    system->crashWorker();
    system->start();
    ASSERT_TRUE(waitFor("SagaStarted", 10));
    bringToRest(*system);
    EXPECT_EQ(system->figures().sagas.crashes, 1U);
    EXPECT_EQ(system->figures().sagas.completed, system->figures().orders);
    system->stop();
    audit();
}

TEST_F(DemoSystemTest, LetsAnOperatorFreeAStuckSaga)
{
    const auto system = open();
    system->start();
    ASSERT_TRUE(waitFor("SagaStuck", 1));
    const std::string saga = "order-" + app::planOrder(app::kDefaultSeed, 5, 0.2).orderId;
    const core::Status retried = system->retrySaga(saga, "", "operator");
    ASSERT_TRUE(retried) << retried.error().message;
    bringToRest(*system);
    EXPECT_EQ(system->figures().sagas.compensated, system->figures().orders - system->figures().sagas.completed);
    system->stop();
    EXPECT_EQ(audit().sagas["stuck"], 0);
}

TEST_F(DemoSystemTest, HandsARequeuedLetterToItsHandler)
{
    const auto system = open({.rate = 20});
    system->start();
    ASSERT_TRUE(waitFor("SagaStarted", 15)); // the fourteenth order finds the ledger locked
    bringToRest(*system);
    const auto letters = lettersOf(*system, "loyalty");
    ASSERT_EQ(letters.size(), 1U);
    const std::uint64_t before = system->figures().loyalty;

    const auto queue = system->makeDeadLetterQueue();
    ASSERT_TRUE(
        queue->send({.sendId = "send-1", .letter = letters[0], .target = {}, .data = letters[0].original.data}));
    ASSERT_TRUE(queue->acknowledge(letters[0]));
    ASSERT_TRUE(system->settle({}));
    EXPECT_EQ(system->figures().loyalty, before + 1);
    EXPECT_TRUE(lettersOf(*system, "loyalty").empty());
    system->stop();
    audit();
}

TEST_F(DemoSystemTest, BurstsWithViewEvents)
{
    const auto system = open({.rate = 0});
    system->start();
    system->burstViews(2000, 2s);
    ASSERT_TRUE(waitFor("VideoViewStarted", 300));
    EXPECT_GT(system->figures().views, 300U);
    bringToRest(*system);
    const auto viewers = system->events().streams({}, core::kNoLimit, "viewer").value();
    EXPECT_GT(viewers.size(), 50U);
}

TEST_F(DemoSystemTest, NeedsNoFile)
{
    auto system = app::DemoSystem::open(m_clock, {});
    ASSERT_TRUE(system) << system.error().message;
    (*system)->start();
    (*system)->stop();
}

TEST_F(DemoSystemTest, RefusesAFileThatIsNoStore)
{
    test::writeFile(m_file, "Dear diary");
    const auto system = app::DemoSystem::open(m_clock, {.file = m_file});
    ASSERT_FALSE(system);
    EXPECT_EQ(system.error().code, core::ErrorCode::NotAStore);
    EXPECT_EQ(test::readFile(m_file), "Dear diary");
}
