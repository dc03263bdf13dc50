// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/projection_runner.h"

#include "sourcing/memory_event_store.h"

#include "new_events.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

using namespace eventscope::core;
using namespace eventscope::test;
using namespace std::chrono_literals;
using Phase = ProjectionStatus::Phase;

namespace {

const Timestamp kStart = Timestamp(1'790'000'000s);

/// Collects ids of "Wanted" events; what it was given can be looked at.
class Collector final : public Projection {
public:
    explicit Collector(std::string name = "collector") : m_name(std::move(name)) { }

    std::string name() const override { return m_name; }
    bool wants(std::string_view type) const override { return type == "Wanted"; }

    Result<GlobalPosition> checkpoint(ProjectionTarget target) const override
    {
        const std::scoped_lock lock(m_mutex);
        return target == ProjectionTarget::Live ? m_live.checkpoint : m_rebuild->checkpoint;
    }
    Status apply(ProjectionTarget target, std::span<const RecordedEvent> events, GlobalPosition upTo) override
    {
        const std::scoped_lock lock(m_mutex);
        ++m_transactions;
        for (const RecordedEvent& event : events) {
            if (event.id == m_poison)
                return fail(m_poisonCode, "this one cannot be applied");
        }
        Model& model = target == ProjectionTarget::Live ? m_live : *m_rebuild;
        for (const RecordedEvent& event : events) {
            if (event.position > model.checkpoint)
                model.ids.push_back(event.id);
        }
        model.checkpoint = std::max(model.checkpoint, upTo);
        return {};
    }
    Status beginRebuild() override
    {
        const std::scoped_lock lock(m_mutex);
        m_rebuild.emplace();
        return {};
    }
    Status finishRebuild() override
    {
        const std::scoped_lock lock(m_mutex);
        EXPECT_GE(m_rebuild->checkpoint, m_live.checkpoint);
        m_live = *std::exchange(m_rebuild, std::nullopt);
        return {};
    }
    Status abandonRebuild() override
    {
        const std::scoped_lock lock(m_mutex);
        m_rebuild.reset();
        return {};
    }

    void poison(std::string id, ErrorCode code = ErrorCode::Unparsable)
    {
        const std::scoped_lock lock(m_mutex);
        m_poison = std::move(id);
        m_poisonCode = code;
    }
    void spoil(std::string id)
    {
        const std::scoped_lock lock(m_mutex);
        m_live.ids.push_back(std::move(id));
    }
    std::string ids() const
    {
        const std::scoped_lock lock(m_mutex);
        return joined(m_live.ids);
    }
    bool isRebuilding() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_rebuild.has_value();
    }
    int transactions() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_transactions;
    }

private:
    struct Model {
        std::vector<std::string> ids;
        GlobalPosition checkpoint;
    };
    const std::string m_name;
    mutable std::mutex m_mutex;
    Model m_live;
    std::optional<Model> m_rebuild;
    std::string m_poison;
    ErrorCode m_poisonCode = ErrorCode::Unparsable;
    int m_transactions = 0;
};

struct World {
    MemoryEventStore store;
    ManualClock clock{kStart};
    Collector collector;

    void append(const std::string& id, const std::string& type = "Wanted")
    {
        const NewEvent event = newEvent(id, type);
        ASSERT_TRUE(store.append("stream-" + id, ExpectedVersion::noStream(), {&event, 1}));
    }
    std::unique_ptr<ProjectionRunner> run(ProjectionRunnerOptions options = {})
    {
        auto runner = std::make_unique<ProjectionRunner>(store, clock, options);
        EXPECT_TRUE(runner->add(collector));
        return runner;
    }
};

ProjectionStatus statusOf(const ProjectionRunner& runner, std::string_view name = "collector")
{
    for (ProjectionStatus& status : runner.status()) {
        if (status.name == name)
            return status;
    }
    ADD_FAILURE() << "no projection " << name;
    return {};
}

const auto isFailing = [](const ProjectionStatus& status) { return status.phase == Phase::Failing; };

} // namespace

TEST(ProjectionRunner, CatchesUpAndThenFollowsTheBell)
{
    World world;
    world.append("a");
    world.append("b", "Other");
    const auto runner = world.run();
    ASSERT_TRUE(runner->waitUntilLive("collector"));
    EXPECT_EQ(world.collector.ids(), "a");
    world.append("c");
    ASSERT_TRUE(runner->waitUntilLive("collector"));
    EXPECT_EQ(world.collector.ids(), "a c");

    const ProjectionStatus status = statusOf(*runner);
    EXPECT_EQ(status.phase, Phase::Live);
    EXPECT_EQ(status.at, GlobalPosition{3});
    EXPECT_EQ(status.lag(), 0);
    EXPECT_EQ(status.applied, 2u);
    EXPECT_EQ(status.failure, std::nullopt);
}

TEST(ProjectionRunner, ReadsInBatchesWithoutLosingOrDoublingAny)
{
    World world;
    std::string expected;
    for (int i = 0; i < 57; ++i) {
        const bool wanted = i % 3 != 0;
        world.append(std::to_string(i), wanted ? "Wanted" : "Other");
        if (wanted)
            expected += (expected.empty() ? "" : " ") + std::to_string(i);
    }
    const auto runner = world.run({.batch = 5});
    ASSERT_TRUE(runner->waitUntilLive("collector"));
    EXPECT_EQ(world.collector.ids(), expected);
}

TEST(ProjectionRunner, PollsForWhatOtherProcessesWrite)
{
    /// A store whose bell is out of order, as it is for the commits of others.
    class Silent final : public EventStore {
    public:
        explicit Silent(EventStore& inner) : m_inner(inner) { }
        Result<std::vector<AppendResult>> appendAll(std::span<const StreamAppend> a) override
        {
            return m_inner.appendAll(a);
        }
        Status visitStream(std::string_view s, const ReadStreamOptions& o, const EventVisitor& v) const override
        {
            return m_inner.visitStream(s, o, v);
        }
        Result<ReadAllEnd> visitAll(const ReadAllOptions& o, const EventVisitor& v) const override
        {
            return m_inner.visitAll(o, v);
        }
        Result<StreamVersion> streamVersion(std::string_view s) const override { return m_inner.streamVersion(s); }
        Result<GlobalPosition> lastPosition() const override { return m_inner.lastPosition(); }
        Result<std::vector<StreamInfo>> streams(
            std::string_view after, std::size_t limit, std::string_view category) const override
        {
            return m_inner.streams(after, limit, category);
        }
        Result<std::optional<RecordedEvent>> findById(std::string_view id) const override
        {
            return m_inner.findById(id);
        }
        std::shared_ptr<void> onAppended(std::function<void()>) override { return nullptr; }

    private:
        EventStore& m_inner;
    };

    World world;
    Silent silent(world.store);
    ProjectionRunner runner(silent, world.clock, {.pollInterval = 500ms});
    ASSERT_TRUE(runner.add(world.collector));
    ASSERT_TRUE(runner.waitUntilLive("collector"));
    world.append("a");
    world.clock.waitForSleepers();
    world.clock.advance(500ms);
    ASSERT_TRUE(runner.waitUntilLive("collector"));
    EXPECT_EQ(world.collector.ids(), "a");
}

TEST(ProjectionRunner, GoesOnFromTheCheckpointAfterARestart)
{
    World world;
    world.append("a");
    ASSERT_TRUE(world.run()->waitUntilLive("collector"));
    world.append("b");
    const auto runner = world.run();
    ASSERT_TRUE(runner->waitUntilLive("collector"));
    EXPECT_EQ(world.collector.ids(), "a b");
    EXPECT_EQ(statusOf(*runner).applied, 1u);
}

TEST(ProjectionRunner, SpendsNoTransactionOnPositionsWithNothingForIt)
{
    World world;
    for (int i = 0; i < 100; ++i)
        world.append(std::to_string(i), "Other");
    {
        const auto runner = world.run({.batch = 10});
        ASSERT_TRUE(runner->waitUntilLive("collector"));
        EXPECT_EQ(world.collector.transactions(), 0);
    }
    EXPECT_EQ(world.collector.transactions(), 1) << "the checkpoint is saved at the end";
    EXPECT_EQ(world.collector.checkpoint(ProjectionTarget::Live), GlobalPosition{100});
}

TEST(ProjectionRunner, ShowsTheEventThatCannotBeAppliedAndTriesAgainLater)
{
    World world;
    for (const char* id : {"a", "b", "poison", "c"})
        world.append(id);
    world.collector.poison("poison");
    const auto runner = world.run({.backOff = {.firstDelay = 250ms}});
    ASSERT_TRUE(runner->waitUntil("collector", isFailing));
    EXPECT_EQ(statusOf(*runner).failure->retryAt, kStart + 250ms);
    world.clock.waitForSleepers();
    world.clock.advance(250ms);
    ASSERT_TRUE(runner->waitUntil(
        "collector", [](const ProjectionStatus& status) { return isFailing(status) && status.failure->event; }));
    const ProjectionStatus failing = statusOf(*runner);
    EXPECT_EQ(failing.failure->event, GlobalPosition{3});
    EXPECT_EQ(failing.failure->error.message, "this one cannot be applied");
    EXPECT_EQ(failing.lag(), 2);
    EXPECT_EQ(world.collector.ids(), "a b") << "everything before it is there";

    world.collector.poison("");
    world.append("d");
    world.clock.set(failing.failure->retryAt);
    ASSERT_TRUE(runner->waitUntilLive("collector"));
    EXPECT_EQ(world.collector.ids(), "a b poison c d");
    EXPECT_EQ(statusOf(*runner).failure, std::nullopt);
}

TEST(ProjectionRunner, PassesOverAPoisonEventOnlyWhenTold)
{
    World world;
    for (const char* id : {"a", "poison", "b"})
        world.append(id);
    world.collector.poison("poison");
    const auto runner = world.run({.passOverAfter = 2});
    const auto rests = [&](const ProjectionStatus& status) {
        return status.at == GlobalPosition{3} || (status.failure && status.failure->retryAt > world.clock.now());
    };
    while (true) {
        ASSERT_TRUE(runner->waitUntil("collector", rests));
        const auto failure = statusOf(*runner).failure;
        if (!failure)
            break;
        world.clock.set(failure->retryAt);
    }
    ASSERT_TRUE(runner->waitUntilLive("collector"));
    EXPECT_EQ(world.collector.ids(), "a b");
    EXPECT_EQ(statusOf(*runner).passedOver, 1u);
}

TEST(ProjectionRunner, NeverPassesOverForAFailureThatMayHeal)
{
    World world;
    world.append("a");
    world.collector.poison("a", ErrorCode::DiskFull);
    const auto runner = world.run({.passOverAfter = 1});
    for (int attempt = 1; attempt <= 3; ++attempt) {
        ASSERT_TRUE(runner->waitUntil("collector",
            [&](const ProjectionStatus& status) { return status.failure && status.failure->count == attempt; }));
        world.clock.waitForSleepers();
        world.clock.set(statusOf(*runner).failure->retryAt);
    }
    EXPECT_EQ(statusOf(*runner).passedOver, 0u);
    EXPECT_EQ(world.collector.ids(), "");
}

TEST(ProjectionRunner, LetsAFailingProjectionHoldUpNoOther)
{
    World world;
    Collector other("other");
    world.append("a");
    world.collector.poison("a");
    const auto runner = world.run();
    ASSERT_TRUE(runner->add(other));
    ASSERT_TRUE(runner->waitUntil("collector", isFailing));
    ASSERT_TRUE(runner->waitUntilLive("other"));
    EXPECT_EQ(other.ids(), "a");
}

TEST(ProjectionRunner, BuildsTheModelAnewAndPutsItInPlace)
{
    World world;
    for (const char* id : {"a", "b", "c"})
        world.append(id);
    const auto runner = world.run({.batch = 1});
    ASSERT_TRUE(runner->waitUntilLive("collector"));
    world.collector.spoil("rubbish");
    EXPECT_EQ(world.collector.ids(), "a b c rubbish");
    ASSERT_TRUE(runner->rebuild("collector"));
    ASSERT_TRUE(runner->waitUntilLive("collector"));
    EXPECT_EQ(world.collector.ids(), "a b c");
    EXPECT_EQ(statusOf(*runner).rebuilds, 1u);
    world.append("d");
    ASSERT_TRUE(runner->waitUntilLive("collector"));
    EXPECT_EQ(world.collector.ids(), "a b c d");
}

TEST(ProjectionRunner, KeepsTheLiveModelInStepWhileARebuildFails)
{
    World world;
    world.append("a");
    const auto runner = world.run();
    ASSERT_TRUE(runner->waitUntilLive("collector"));
    world.collector.poison("a"); // only the rebuild meets it again
    ASSERT_TRUE(runner->rebuild("collector"));
    ASSERT_TRUE(runner->waitUntil(
        "collector", [](const ProjectionStatus& status) { return status.rebuild && status.rebuild->failure; }));
    world.append("b");
    ASSERT_TRUE(runner->waitUntil("collector", [](const ProjectionStatus& status) { return status.applied == 2; }));
    EXPECT_EQ(world.collector.ids(), "a b");
    EXPECT_EQ(statusOf(*runner).failure, std::nullopt);

    world.collector.poison("");
    world.clock.waitForSleepers();
    world.clock.set(statusOf(*runner).rebuild->failure->retryAt);
    ASSERT_TRUE(runner->waitUntilLive("collector"));
    EXPECT_EQ(statusOf(*runner).rebuilds, 1u);
    EXPECT_EQ(world.collector.ids(), "a b");
}

TEST(ProjectionRunner, GivesUpARebuildWhenStopped)
{
    World world;
    world.append("a");
    const auto runner = world.run();
    ASSERT_TRUE(runner->waitUntilLive("collector"));
    world.collector.poison("a");
    ASSERT_TRUE(runner->rebuild("collector"));
    ASSERT_TRUE(runner->waitUntil(
        "collector", [](const ProjectionStatus& status) { return status.rebuild && status.rebuild->failure; }));
    EXPECT_TRUE(world.collector.isRebuilding());
    runner->stop();
    EXPECT_FALSE(world.collector.isRebuilding());
    EXPECT_EQ(world.collector.ids(), "a");
    EXPECT_EQ(statusOf(*runner).phase, Phase::Stopped);
    EXPECT_FALSE(runner->waitUntilLive("collector"));
}

TEST(ProjectionRunner, RefusesADoubledNameAndAnUnknownOne)
{
    World world;
    Collector again;
    const auto runner = world.run();
    EXPECT_EQ(runner->add(again).error().code, ErrorCode::InvalidArgument);
    EXPECT_EQ(runner->rebuild("nobody").error().code, ErrorCode::NotFound);
    runner->stop();
    Collector late("late");
    EXPECT_EQ(runner->add(late).error().code, ErrorCode::Cancelled);
}
