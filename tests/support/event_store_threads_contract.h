// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event_store_contract.h"

#include <array>
#include <atomic>
#include <barrier>
#include <map>
#include <set>
#include <thread>

namespace eventscope::test {

/// What every EventStore keeps when many threads use it: see EventStoreContract.
template <class Fixture>
class EventStoreThreadsContract : public EventStoreContract<Fixture> {
protected:
    static constexpr int kThreads = 8;

    template <class Work>
    static void inThreads(const Work& work)
    {
        std::barrier start(kThreads);
        std::vector<std::jthread> threads;
        for (int t = 0; t < kThreads; ++t) {
            threads.emplace_back([&, t] {
                start.arrive_and_wait();
                work(t);
            });
        }
    }
};
TYPED_TEST_SUITE_P(EventStoreThreadsContract);

TYPED_TEST_P(EventStoreThreadsContract, LetsExactlyOneWriterHaveEachVersionOfAStream)
{
    constexpr int kEach = 40;
    std::atomic<int> refused = 0;
    std::atomic<int> failed = 0;
    std::array<std::vector<std::int64_t>, 8> won;
    this->inThreads([&](int t) {
        for (int i = 0; i < kEach; ++i) {
            const std::string id = "t" + std::to_string(t) + "-" + std::to_string(i);
            for (;;) {
                const auto version = this->store().streamVersion("order-1");
                const auto result = version
                    ? this->store().append("order-1", core::ExpectedVersion::exactly(*version), {{newEvent(id)}})
                    : core::Result<core::AppendResult>(std::unexpected(version.error()));
                if (result) {
                    failed += result->alreadyStored || result->lastVersion != version->next() ? 1 : 0;
                    won[static_cast<std::size_t>(t)].push_back(result->lastVersion.value);
                    break;
                }
                if (result.error().code != core::ErrorCode::WrongExpectedVersion) {
                    ADD_FAILURE() << result.error().message;
                    return;
                }
                ++refused;
            }
        }
    });
    EXPECT_EQ(failed, 0);
    const auto events = this->stream("order-1");
    ASSERT_EQ(events.size(), static_cast<std::size_t>(this->kThreads * kEach));
    std::set<std::string> ids;
    for (std::size_t i = 0; i < events.size(); ++i) {
        EXPECT_EQ(events[i].version.value, static_cast<std::int64_t>(i) + 1);
        ids.insert(events[i].id);
    }
    EXPECT_EQ(ids.size(), events.size());
    std::set<std::int64_t> versions;
    for (const auto& mine : won)
        versions.insert(mine.begin(), mine.end());
    EXPECT_EQ(versions.size(), events.size()) << "two writers were told that they had the same version";
}

TYPED_TEST_P(EventStoreThreadsContract, StoresTheSameAppendOnceHoweverManySendIt)
{
    for (int round = 0; round < 20; ++round) {
        const std::string stream = "order-" + std::to_string(round);
        const std::vector<core::NewEvent> events{newEvent(stream + " a"), newEvent(stream + " b")};
        std::array<core::Result<core::AppendResult>, 8> results;
        this->inThreads([&](int t) {
            const auto expected = t % 2 == 0 ? core::ExpectedVersion::noStream() : core::ExpectedVersion::any();
            results[static_cast<std::size_t>(t)] = this->store().append(stream, expected, events);
        });
        int stored = 0;
        for (const auto& result : results) {
            ASSERT_TRUE(result) << result.error().message;
            EXPECT_EQ(result->lastVersion, core::StreamVersion{2});
            EXPECT_EQ(result->lastPosition, results[0]->lastPosition);
            stored += result->alreadyStored ? 0 : 1;
        }
        EXPECT_EQ(stored, 1);
        EXPECT_EQ(this->stream(stream).size(), 2U);
    }
}

TYPED_TEST_P(EventStoreThreadsContract, ShowsReadersEachPositionOnceAndInOrderWhileWritersWrite)
{
    constexpr int kEach = 60;
    std::atomic<int> writing = this->kThreads;
    std::array<std::vector<std::string>, 2> seen;
    const auto follow = [&](std::vector<std::string>& ids) {
        core::ReadAllOptions options{.limit = 16};
        std::int64_t last = 0;
        std::map<std::string, std::int64_t, std::less<>> versions;
        for (;;) {
            const bool over = writing == 0;
            const auto end = this->store().visitAll(options, [&](const core::EventView& event) {
                EXPECT_GT(event.position.value, last);
                last = event.position.value;
                EXPECT_EQ(event.version.value, ++versions[std::string(event.stream)]);
                ids.emplace_back(event.id);
                return true;
            });
            ASSERT_TRUE(end) << end.error().message;
            if (end->count > 0)
                options.from = end->last.next();
            else if (over)
                return;
        }
    };
    {
        std::jthread first([&] { follow(seen[0]); });
        std::jthread second([&] { follow(seen[1]); });
        this->inThreads([&](int t) {
            const std::string stream = "order-" + std::to_string(t);
            for (int i = 0; i < kEach; ++i) {
                const auto result = this->store().append(
                    stream, core::ExpectedVersion::exactly({i}), {{newEvent(stream + "/" + std::to_string(i))}});
                EXPECT_TRUE(result) << result.error().message;
            }
            --writing;
        });
    }
    const std::string everything = this->idsOf(this->all());
    EXPECT_EQ(std::ranges::count(everything, ' ') + 1, this->kThreads * kEach);
    EXPECT_EQ(joined(seen[0]), everything);
    EXPECT_EQ(joined(seen[1]), everything);
    const auto infos = this->store().streams();
    for (const core::StreamInfo& info : *infos)
        EXPECT_EQ(info.count, kEach) << info.name;
}

TYPED_TEST_P(EventStoreThreadsContract, RingsForEveryThreadAndNeverAfterTheHandleHasGone)
{
    std::atomic<int> rings = 0;
    auto handle = this->store().onAppended([&] { ++rings; });
    this->inThreads([&](int t) {
        for (int i = 0; i < 10; ++i) {
            auto own = std::make_shared<std::atomic<int>>(0);
            auto passing = this->store().onAppended([own] { ++*own; });
            const std::string id = std::to_string(t) + "/" + std::to_string(i);
            EXPECT_TRUE(this->store().append("order-" + id, core::ExpectedVersion::noStream(), {{newEvent(id)}}));
            EXPECT_GE(*own, 1);
            passing.reset();
            const int before = *own;
            std::this_thread::yield();
            EXPECT_EQ(*own, before);
        }
    });
    EXPECT_EQ(rings, this->kThreads * 10);
}

REGISTER_TYPED_TEST_SUITE_P(EventStoreThreadsContract, LetsExactlyOneWriterHaveEachVersionOfAStream,
    StoresTheSameAppendOnceHoweverManySendIt, ShowsReadersEachPositionOnceAndInOrderWhileWritersWrite,
    RingsForEveryThreadAndNeverAfterTheHandleHasGone);

} // namespace eventscope::test
