// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/event_log.h"

#include "sample_events.h"
#include "temp_dir.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <ios>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

using namespace eventscope::core;
using eventscope::test::RandomEvents;
using eventscope::test::TempDir;

namespace {

constexpr std::size_t kMebi = std::size_t{1} << 20;
constexpr std::size_t kPayload = 4000;

/// The payload of that row, of kPayload bytes, different from every other.
std::string payloadOf(LogRow row)
{
    std::string payload = fmt::format("{{\"row\":{},\"rest\":\"", row);
    payload.resize(kPayload - 2, static_cast<char>('a' + row % 26));
    return payload + "\"}";
}

/// Appends so many rows, a hundred at a time; each is caused by the one before.
void appendRows(EventLog& log, LogRow count)
{
    const LogRow end = log.usage().events + log.usage().refused + count;
    for (LogRow at = end - count; at < end; at += 100) {
        std::vector<std::string> texts;
        for (LogRow row = at; row < std::min(at + 100, end); ++row) {
            texts.push_back(payloadOf(row));
            texts.push_back(fmt::format("id-{}", row));
            texts.push_back(row == 0 ? std::string() : fmt::format("id-{}", row - 1));
        }
        const HeaderView header{"tenant", "eu"};
        std::vector<SourceEvent> events;
        for (std::size_t i = 0; i < texts.size(); i += 3) {
            events.push_back({.source = "demo",
                .stream = "order-1",
                .position = static_cast<std::int64_t>(at + i / 3),
                .id = texts[i + 1],
                .type = "OrderPlaced",
                .causationId = texts[i + 2],
                .headers = {&header, 1},
                .payload = texts[i]});
        }
        log.append(events);
    }
}

void expectRow(const EventLog& log, LogRow row)
{
    const LogEvent event = log.at(row);
    ASSERT_TRUE(event.payload == payloadOf(row)) << row;
    ASSERT_EQ(event.id.view(), fmt::format("id-{}", row));
    ASSERT_EQ(event.causationId.view(), row == 0 ? std::string() : fmt::format("id-{}", row - 1));
    ASSERT_EQ(event.position, static_cast<std::int64_t>(row));
    ASSERT_EQ(log.text(event.stream), "order-1");
    int headers = 0;
    log.headersAt(row, [&](HeaderView header) {
        ASSERT_EQ(header.name, "tenant");
        ASSERT_EQ(header.value, "eu");
        ++headers;
    });
    ASSERT_EQ(headers, 1);
}

} // namespace

TEST(LogBudget, KeepsWhatDoesNotFitMemoryInAFileExactly)
{
    const TempDir folder;
    EventLog log({.budgetBytes = 256 * kMebi, .memoryBytes = 20 * kMebi, .spillFolder = folder / "log"});
    appendRows(log, 15'000);
    ASSERT_EQ(log.size(), 15'000u);
    for (LogRow row = 0; row < log.size(); ++row) {
        expectRow(log, row);
        ASSERT_FALSE(HasFatalFailure());
    }
    const EventLog::Usage usage = log.usage();
    EXPECT_GT(usage.diskBytes, 30 * kMebi);
    EXPECT_LE(usage.heldBytes - usage.diskBytes, 20 * kMebi);
    EXPECT_EQ(usage.refused, 0u);
    EXPECT_EQ(usage.reached, LogLimit::None);
    EXPECT_TRUE(log.limitReached().empty());
}

TEST(LogBudget, LeavesNoFileBehind)
{
    const TempDir folder;
    const EventLog log({.budgetBytes = 64 * kMebi, .memoryBytes = 0, .spillFolder = folder.path()});
    appendRows(const_cast<EventLog&>(log), 100);
    ASSERT_GT(log.usage().diskBytes, 0u);
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(LogBudget, GivesBackRandomEventsAndLargeOnesFromItsFile)
{
    const TempDir folder;
    EventLog log({.budgetBytes = 256 * kMebi, .memoryBytes = 0, .spillFolder = folder.path()});
    RandomEvents random(5);
    std::vector<SourceEvent> events;
    for (int i = 0; i < 3000; ++i) {
        events.push_back(random.next());
    }
    const std::string large = random.bytes(3'000'000);
    events[1000].payload = large;
    events[2000].payload = large;
    log.append(events);
    ASSERT_EQ(log.size(), events.size());
    for (LogRow row = 0; row < events.size(); ++row) {
        const LogEvent event = log.at(row);
        ASSERT_TRUE(event.payload == events[row].payload) << row;
        ASSERT_EQ(event.id.view(), events[row].id);
        ASSERT_EQ(event.causationId.view(), events[row].causationId);
        std::size_t i = 0;
        log.headersAt(row, [&](HeaderView header) {
            ASSERT_EQ(header.name, events[row].headers[i].name);
            ASSERT_EQ(header.value, events[row].headers[i++].value);
        });
        ASSERT_EQ(i, events[row].headers.size());
    }
}

TEST(LogBudget, SaysWhenTheDiskIsFullAndCountsWhatItDoesNotKeep)
{
    const TempDir folder;
    EventLog log({.budgetBytes = 256 * kMebi,
        .memoryBytes = 12 * kMebi,
        .spillFolder = folder.path(),
        .keepFreeBytes = std::uint64_t{1} << 62});
    appendRows(log, 6000);
    const EventLog::Usage usage = log.usage();
    EXPECT_GT(usage.events, 1000u);
    EXPECT_EQ(usage.events + usage.refused, 6000u);
    EXPECT_EQ(usage.reached, LogLimit::Disk);
    EXPECT_NE(log.limitReached().find("is full"), std::string::npos) << log.limitReached();
    for (LogRow row = 0; row < log.size(); row += 97) {
        expectRow(log, row);
        ASSERT_FALSE(HasFatalFailure());
    }
}

TEST(LogBudget, SaysWhenItsFolderCannotBeMade)
{
    const TempDir folder;
    eventscope::test::writeFile(folder / "file", "");
    EventLog log({.budgetBytes = 256 * kMebi, .memoryBytes = 0, .spillFolder = folder / "file/below"});
    appendRows(log, 100);
    EXPECT_EQ(log.usage().refused, 100u);
    EXPECT_NE(log.limitReached().find("No file can be made in"), std::string::npos) << log.limitReached();
}

TEST(LogBudget, LetsTheOldestGoWhereThatWasChosen)
{
    const TempDir folder;
    for (const std::size_t memory : {256 * kMebi, 20 * kMebi}) {
        EventLog log({.budgetBytes = 40 * kMebi,
            .memoryBytes = memory,
            .spillFolder = folder.path(),
            .atLimit = LogAtLimit::DropOldest});
        appendRows(log, 40'000);
        const EventLog::Usage usage = log.usage();
        EXPECT_EQ(usage.events, 40'000u);
        EXPECT_EQ(usage.refused, 0u);
        EXPECT_EQ(usage.dropped, log.firstRow());
        EXPECT_GT(usage.dropped, 25'000u);
        EXPECT_LT(usage.dropped, 35'000u);
        EXPECT_LE(usage.heldBytes, usage.budgetBytes);
        EXPECT_EQ(usage.payloadBytes / kPayload, usage.events - usage.dropped);
        EXPECT_NE(log.limitReached().find("The oldest events are let go"), std::string::npos);
        for (LogRow row = log.firstRow(); row < log.size(); ++row) {
            expectRow(log, row);
            ASSERT_FALSE(HasFatalFailure());
        }
        EXPECT_TRUE(log.at(log.firstRow() - 1).payload.empty());
        EXPECT_TRUE(log.at(0).payload.empty());
    }
}

TEST(LogBudget, LeavesWhatIsHeldAsItIsUntilItIsLetGo)
{
    EventLog log({.budgetBytes = 32 * kMebi, .atLimit = LogAtLimit::DropOldest});
    appendRows(log, 100);
    std::string_view first;
    {
        const EventLog::Hold hold = log.hold();
        first = log.payloadAt(0);
        appendRows(log, 30'000);
        ASSERT_GT(log.firstRow(), 100u);
        EXPECT_TRUE(first == payloadOf(0));
    }
    appendRows(log, 30'000);
    EXPECT_FALSE(first == payloadOf(0));
    EXPECT_EQ(first.size(), kPayload) << "still readable, but zeros or somebody's bytes no more";
    EXPECT_EQ(first.find_first_not_of('\0'), std::string_view::npos);
}

TEST(LogBudget, CanBeChangedWhileTheLogIsInUse)
{
    EventLog log({.budgetBytes = 10 * kMebi});
    appendRows(log, 5000);
    const EventLog::Usage full = log.usage();
    EXPECT_GT(full.refused, 0u);
    log.setBudget(64 * kMebi, 64 * kMebi, LogAtLimit::Stop);
    appendRows(log, 100);
    EXPECT_EQ(log.usage().events, full.events + 100);
    EXPECT_EQ(log.usage().refused, full.refused);
    appendRows(log, 5000);
    EXPECT_EQ(log.usage().events, full.events + 5100);
    log.setBudget(16 * kMebi, 64 * kMebi, LogAtLimit::DropOldest);
    EXPECT_GT(log.firstRow(), 0u);
    EXPECT_LE(log.usage().heldBytes, 16 * kMebi);
}

TEST(LogBudget, IsReadWhileTheOldestGo)
{
    const TempDir folder;
    EventLog log({.budgetBytes = 40 * kMebi,
        .memoryBytes = 24 * kMebi,
        .spillFolder = folder.path(),
        .atLimit = LogAtLimit::DropOldest});
    std::atomic<bool> done{false};
    const auto read = [&](bool oldest) {
        while (!done) {
            const EventLog::Hold hold = log.hold();
            const LogRow end = log.size();
            const LogRow first = log.firstRow();
            const LogRow from = oldest ? first : end - std::min<LogRow>(end - first, 50);
            for (LogRow row = from; row < std::min(end, from + 50); ++row) {
                const LogEvent event = log.at(row);
                if (log.firstRow() > row)
                    continue; // it may be the empty one by now
                ASSERT_TRUE(event.payload == payloadOf(row)) << row;
                ASSERT_EQ(event.id.view(), fmt::format("id-{}", row));
            }
        }
    };
    {
        std::vector<std::jthread> readers;
        readers.emplace_back(read, true);
        readers.emplace_back(read, false);
        appendRows(log, 40'000);
        done = true;
    }
    EXPECT_GT(log.firstRow(), 0u);
}

namespace {

struct Mapped {
    std::uintptr_t begin = 0, end = 0;
    std::uintptr_t offset = 0; ///< of the file
};

/// Where this process has the log's file in its memory; the file has no name but its folder's.
std::vector<Mapped> mappedFrom(const std::filesystem::path& folder)
{
    std::vector<Mapped> found;
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        if (line.find(' ' + folder.string()) == std::string::npos)
            continue;
        Mapped mapped;
        char ignored = 0;
        std::string rights;
        std::istringstream in(line);
        in >> std::hex >> mapped.begin >> ignored >> mapped.end >> rights >> mapped.offset;
        found.push_back(mapped);
    }
    return found;
}

/// A disk that does not give back what was written looks the same to a reader as the end of a file that is
/// too short: a bus error. The log's own file stays as it is, for a thread of the log's may lengthen it.
void loseAllFrom(std::uintptr_t offset, const std::filesystem::path& folder)
{
    const int empty = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    ASSERT_GE(empty, 0);
    const std::vector<Mapped> all = mappedFrom(folder);
    ASSERT_FALSE(all.empty());
    for (const Mapped& mapped : all) {
        const std::uintptr_t kept = mapped.offset < offset ? offset - mapped.offset : 0;
        if (mapped.begin + kept >= mapped.end)
            continue;
        void* const from = reinterpret_cast<void*>(mapped.begin + kept);
        ASSERT_EQ(
            ::mmap(from, mapped.end - mapped.begin - kept, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, empty, 0),
            from);
    }
    ::close(empty);
}

} // namespace

TEST(LogBudget, LosesEventsAndNotTheProgramWhenItsFileCannotBeReadBack)
{
    const TempDir folder;
    EventLog log({.budgetBytes = 256 * kMebi, .memoryBytes = 0, .spillFolder = folder.path()});
    appendRows(log, 5'000);
    EXPECT_TRUE(log.limitReached().empty());
    ASSERT_NO_FATAL_FAILURE(loseAllFrom(4 * kMebi, folder.path()));

    expectRow(log, 1);
    for (LogRow row = 0; row < log.size(); ++row) {
        const LogEvent event = log.at(row);
        ASSERT_LE(event.payload.size(), kPayload + 200);
    }
    EXPECT_EQ(log.at(4'999).payload.find('{'), std::string_view::npos);
    const std::string sentence = log.limitReached();
    EXPECT_NE(sentence.find("does not give back"), std::string::npos) << sentence;
    EXPECT_GT(log.usage().unreadableBytes, 10 * kMebi);

    appendRows(log, 100); // what is kept from now on is fine
    EXPECT_EQ(log.size(), 5'100U);
}
