// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/memory_event_store.h"
#include "sourcing/sqlite_event_store.h"

#include "new_events.h"
#include "temp_dir.h"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

using namespace eventscope;
using namespace eventscope::test;

namespace {

/// Appends that are mostly nonsense: few streams, few ids, any expectation.
class RandomAppends {
public:
    explicit RandomAppends(std::uint32_t seed) : m_random(seed) { }

    struct Append {
        std::string stream;
        core::ExpectedVersion expected = core::ExpectedVersion::any();
        std::vector<core::NewEvent> events;
    };

    std::vector<Append> next(const core::EventStore& store)
    {
        std::vector<Append> appends(static_cast<std::size_t>(1 + below(3) * below(2)));
        for (Append& append : appends) {
            append.stream = below(60) == 0 ? "" : fmt::format("s-{}", below(5));
            append.expected = expectation(store.streamVersion(append.stream).value_or(core::StreamVersion{}));
            // Now and then what is stored already, as a whole or in part.
            const auto stored = store.readStream(
                append.stream, {.from = {{1 + below(8)}}, .limit = static_cast<std::size_t>(1 + below(3))});
            if (stored && below(3) == 0)
                append.events.assign(stored->begin(), stored->end());
            for (std::int64_t i = below(4); i > 0; --i)
                append.events.push_back(
                    newEvent(below(80) == 0 ? "" : fmt::format("e{}", below(below(2) == 0 ? 40 : 4000)),
                        below(30) == 0 ? "Other" : "OrderPlaced"));
        }
        return appends;
    }
    std::int64_t below(std::int64_t end)
    {
        return static_cast<std::int64_t>(m_random() % static_cast<std::uint64_t>(end));
    }

private:
    core::ExpectedVersion expectation(core::StreamVersion current)
    {
        switch (below(8)) {
        case 0: return core::ExpectedVersion::any();
        case 1: return core::ExpectedVersion::streamExists();
        case 2: return core::ExpectedVersion::noStream();
        case 3: return core::ExpectedVersion::exactly({below(current.value + 2)});
        default: return core::ExpectedVersion::exactly(current);
        }
    }

    std::mt19937_64 m_random;
};

std::string answerOf(core::EventStore& store, const std::vector<RandomAppends::Append>& appends)
{
    std::vector<core::StreamAppend> request;
    for (const auto& append : appends)
        request.push_back({append.stream, append.expected, append.events});
    const auto results = store.appendAll(request);
    if (!results)
        return fmt::format("{}: {}", toString(results.error().code), results.error().message);
    std::string answer;
    for (const core::AppendResult& result : *results)
        answer += fmt::format(
            "{}@{}{} ", result.lastVersion.value, result.lastPosition.value, result.alreadyStored ? " again" : "");
    return answer;
}

std::shared_ptr<core::SqliteEventStore> openStore(const std::filesystem::path& path)
{
    const auto database
        = core::SqliteDatabase::open(path, {.access = core::SqliteAccess::Create, .durable = false}).value();
    return core::SqliteEventStore::open(database).value();
}

} // namespace

TEST(EventStores, AgreeOnEveryAnswerWhateverIsAsked)
{
    for (const std::uint32_t seed : {1U, 2U, 3U}) {
        const TempDir folder;
        core::MemoryEventStore memory;
        // Two writers on one file, so that the memory of each goes stale.
        std::vector<std::shared_ptr<core::SqliteEventStore>> writers{
            openStore(folder / "a.db"), openStore(folder / "a.db")};
        RandomAppends random(seed);
        int stored = 0, refused = 0;
        for (int i = 0; i < 3000; ++i) {
            const auto appends = random.next(memory);
            const std::string expected = answerOf(memory, appends);
            auto& writer = writers[static_cast<std::size_t>(random.below(10) == 0)];
            ASSERT_EQ(answerOf(*writer, appends), expected) << "append " << i << " of seed " << seed;
            (expected.find(':') == std::string::npos ? stored : refused) += 1;
            if (random.below(200) == 0)
                writer = openStore(folder / "a.db");
        }
        EXPECT_GT(stored, 300);
        EXPECT_GT(refused, 300);
        const auto theirs = writers[0]->readAll({.limit = core::kNoLimit});
        EXPECT_EQ(theirs, memory.readAll({.limit = core::kNoLimit}));
        for (int s = 0; s < 5; ++s) {
            const std::string name = fmt::format("s-{}", s);
            EXPECT_EQ(writers[1]->readStream(name), memory.readStream(name));
        }
    }
}
