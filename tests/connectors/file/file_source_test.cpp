// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "file_source.h"

#include "collecting_sink.h"
#include "inspect/event_json.h"
#include "packed.h"
#include "temp_dir.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace eventscope;
using namespace std::chrono_literals;
using eventscope::test::CollectingSink;

namespace {

class FileSourceTest : public testing::Test {
protected:
    void write(std::string_view bytes) { test::writeFile(m_path, bytes); }
    void append(std::string_view bytes) { std::ofstream(m_path, std::ios::binary | std::ios::app) << bytes; }

    std::unique_ptr<file::FileSource> open(file::FileSource::Options options = {.poll = 2ms})
    {
        auto source = file::FileSource::open("events", m_path.string(), m_clock, options);
        EXPECT_TRUE(source) << source.error().message;
        return std::move(*source);
    }

    /// The events as they are printed, without the braces.
    std::vector<std::string> read(const core::ReadRange& range = {})
    {
        CollectingSink sink;
        const auto receipt = open()->read(range, sink, {});
        EXPECT_TRUE(receipt) << receipt.error().message;
        m_receipt = receipt.value_or(core::ScanReceipt{});
        std::vector<std::string> lines;
        for (const core::SourceEvent& event : sink.events()) {
            lines.emplace_back();
            core::appendEventJson(lines.back(), event);
        }
        return lines;
    }

    core::SystemClock m_clock;
    test::TempDir m_folder;
    const std::filesystem::path m_path = m_folder / "events.ndjson";
    core::ScanReceipt m_receipt;
};

using Lines = std::vector<std::string>;

} // namespace

TEST_F(FileSourceTest, ReadsBackWhatIsPrinted)
{
    const std::string line
        = R"({"source":"demo","stream":"order-1","position":"9007199254740993","partition":2,"version":3,"id":"e1","type":"OrderPlaced","time":"2026-01-02T03:04:05.000006Z","correlationId":"c","causationId":"k","headers":[["a","1"],["a","2"],["b",{"$base64":"/w=="}]],"data":{"n": 1.10,"x":12345678901234567890}})";
    const std::string others = R"({"source":"demo","data":null}
{"source":"demo","position":"5","data":{"$text":"plain \u0000"}}
{"source":"demo","position":"6","data":{"$base64":"AP8="}}
{"source":"demo","position":"7","data":{"$text":"{\"$text\":\"x\"}"}}
{"source":"demo","position":"8","data":"text","undecodable":"JSON: broken"})";
    write(line + "\n" + others);
    const Lines lines = read();
    ASSERT_EQ(lines.size(), 6U);
    EXPECT_EQ(lines[0], line);
    EXPECT_EQ(lines[1], R"({"source":"demo","position":"2","data":null})") << "the line's number";
    EXPECT_EQ(lines[2], R"({"source":"demo","position":"5","data":{"$text":"plain \u0000"}})");
    EXPECT_EQ(lines[5], R"({"source":"demo","position":"8","data":"text","undecodable":"JSON: broken"})");
    EXPECT_EQ(m_receipt.undecodable, 1U);
}

TEST_F(FileSourceTest, ReadsCloudEventsALineEachInABatchAndOverSeveralLines)
{
    const std::string event
        = R"({"specversion":"1.0","id":"1","source":"/shop","type":"T","subject":"order-1","data":{"a":1}})";
    const std::string printed = R"("stream":"order-1","position":"{}","id":"1","type":"T","data":{{"a":1}}}})";
    const auto expected
        = [&](int position) { return R"({"source":"/shop",)" + fmt::format(fmt::runtime(printed), position); };
    write(event + "\n\n" + event + "\r\n");
    EXPECT_EQ(read(), (Lines{expected(1), expected(3)}));
    write("[" + event + ",\n" + event + "]");
    EXPECT_EQ(read(), (Lines{expected(1), expected(2)}));
    std::string pretty = event;
    for (std::size_t at = 0; (at = pretty.find(",\"", at)) != std::string::npos; at += 2) {
        pretty.insert(at + 1, "\n  ");
    }
    write("\xEF\xBB\xBF" + pretty + "\n" + pretty);
    EXPECT_EQ(read(), (Lines{expected(1), expected(2)}));
}

TEST_F(FileSourceTest, ReadsAnyJsonAndClassicEvents)
{
    write("{\"a\":1}\n42\n{\"eventId\":\"e\",\"eventType\":\"T\",\"aggregateId\":\"7\",\"data\":[]}\n");
    EXPECT_EQ(read(),
        (Lines{R"({"source":"events","position":"1","data":{"a":1}})",
            R"({"source":"events","position":"2","data":42})",
            R"({"source":"events","stream":"7","position":"3","id":"e","type":"T","data":[]})"}));
    EXPECT_EQ(m_receipt.undecodable, 0U);
}

TEST_F(FileSourceTest, MakesEventsOfBrokenLinesWithTheReason)
{
    write("{\"type\":\"A\",\"data\":1}\n{\"type\":\nhello\n{\"type\":\"A\",\"position\":\"x\",\"data\":1}\n\xff\xfe\n{"
          "\"type\":\"B\",\"data\":2}");
    const Lines lines = read();
    ASSERT_EQ(lines.size(), 6U);
    EXPECT_NE(lines[1].find(R"("data":{"$text":"{\"type\":"},"undecodable":"JSON: not valid JSON at byte 8)"),
        std::string::npos)
        << lines[1];
    EXPECT_NE(lines[2].find("\"undecodable\""), std::string::npos);
    EXPECT_NE(lines[3].find(R"("undecodable":"the field \"position\" makes no sense")"), std::string::npos) << lines[3];
    EXPECT_NE(lines[4].find(R"("data":{"$base64":"//4="})"), std::string::npos);
    EXPECT_EQ(lines[5], R"({"source":"events","position":"6","type":"B","data":2})");
    EXPECT_EQ(m_receipt.undecodable, 4U);
    EXPECT_EQ(m_receipt.scanned, 6U);
    EXPECT_TRUE(m_receipt.complete);
}

TEST_F(FileSourceTest, MakesAnEventOfWhatTheFileEndsInside)
{
    write("[{\"type\":\"A\",\"data\":1},{\"type\":\"B\",");
    const Lines lines = read();
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_NE(lines[1].find("the file ends before the record does"), std::string::npos);
}

TEST_F(FileSourceTest, SaysWhenAPackedFileIsCutShortOrDamaged)
{
    std::string text;
    for (int i = 0; i < 5000; ++i) {
        text += fmt::format("{{\"type\":\"T\",\"data\":{}}}\n", i * 7919 % 100003);
    }
    for (std::string packed : {test::gzip(text), test::zstd(text)}) {
        write(packed);
        EXPECT_EQ(read().size(), 5000U);
        EXPECT_TRUE(m_receipt.complete);
        packed.resize(packed.size() - 20);
        write(packed);
        read();
        EXPECT_FALSE(m_receipt.complete);
        EXPECT_FALSE(m_receipt.stoppedBecause.empty());
    }
    std::string damaged = test::gzip(text);
    damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 0x55);
    write(damaged);
    read();
    EXPECT_FALSE(m_receipt.complete);
}

TEST_F(FileSourceTest, SaysWhatCannotBeOpened)
{
    const auto missing = file::FileSource::open("x", (m_folder / "none.ndjson").string(), m_clock, {});
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, core::ErrorCode::Unreachable);
    EXPECT_NE(missing.error().message.find("none.ndjson"), std::string::npos);
    const auto folder = file::FileSource::open("x", m_folder.path().string(), m_clock, {});
    ASSERT_FALSE(folder);
    EXPECT_NE(folder.error().message.find("is a folder"), std::string::npos);
}

TEST_F(FileSourceTest, WaitsForTheRestOfALineThatIsBeingWritten)
{
    write("{\"type\":\"A\",\"data\":1}\n{\"type\":\"B\",");
    const auto source = open();
    CollectingSink sink;
    {
        const std::jthread follower(
            [&](std::stop_token stop) { EXPECT_TRUE(source->follow(core::Source::kBeginning, sink, stop)); });
        sink.waitFor(1);
        append("\"data\":2}");
        sink.waitFor(2);
        append("\n{\"type\":\"C\",\"data\":3}\n");
        sink.waitFor(3);
    }
    EXPECT_EQ(sink.events()[1].type, "B");
    EXPECT_EQ(sink.events()[2].type, "C");
    EXPECT_EQ(sink.events()[2].position, 3);
}

namespace {

class NoticingSink final : public core::EventSink {
public:
    bool deliver(std::span<const core::SourceEvent> batch) override { return m_events.deliver(batch); }
    void notice(std::string_view sentence) override { m_notices += std::string(sentence) + "\n"; }
    CollectingSink& events() { return m_events; }
    const std::string& notices() const { return m_notices; }

private:
    CollectingSink m_events;
    std::string m_notices;
};

} // namespace

TEST_F(FileSourceTest, GoesOnWithTheFileThatReplacesItAndAfterATruncation)
{
    write("{\"type\":\"A\",\"data\":1}\n{\"type\":\"B\",\"data\":1}\n");
    const auto source = open();
    NoticingSink sink;
    {
        const std::jthread follower(
            [&](std::stop_token stop) { EXPECT_TRUE(source->follow(core::Source::kBeginning, sink, stop)); });
        sink.events().waitFor(2);
        append("{\"type\":\"last words\",\"data\":1}");
        std::filesystem::rename(m_path, m_folder / "events.ndjson.1");
        write("{\"type\":\"C\",\"data\":1}\n");
        sink.events().waitFor(4);
        write("");
        append("{\"t\":1}\n");
        sink.events().waitFor(5);
    }
    EXPECT_EQ(sink.events().events()[2].type, "last words");
    EXPECT_EQ(sink.events().events()[3].type, "C");
    EXPECT_EQ(sink.events().events()[4].payload, "{\"t\":1}");
    EXPECT_NE(sink.notices().find("was replaced by another file"), std::string::npos);
    EXPECT_NE(sink.notices().find("was cut short"), std::string::npos);
}

TEST_F(FileSourceTest, ReadsAPipeOnceAndToItsEnd)
{
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const auto source
        = file::FileSource::open("pipe", fmt::format("/dev/fd/{}", ends[0]), m_clock, {.poll = 2ms}).value();
    EXPECT_FALSE(source->capabilities().readRange);
    std::jthread writer([&] {
        for (int i = 0; i < 3; ++i) {
            const std::string line = fmt::format("{{\"type\":\"T\",\"data\":{}}}{}", i, i < 2 ? "\n" : "");
            EXPECT_EQ(::write(ends[1], line.data(), line.size()), static_cast<ssize_t>(line.size()));
        }
        close(ends[1]);
    });
    CollectingSink sink;
    const auto receipt = source->read({}, sink, {});
    ASSERT_TRUE(receipt);
    EXPECT_TRUE(receipt->complete);
    EXPECT_EQ(sink.count(), 3U);
    EXPECT_EQ(source->read({}, sink, {}).error().code, core::ErrorCode::Refused);
    close(ends[0]);
}

TEST_F(FileSourceTest, NamesTheSourceAsItsOwnerDoesWhenAskedTo)
{
    write(R"({"source":"demo","type":"A","headers":[["h","1"]],"data":1})");
    const auto source = open({.sourceName = file::SourceName::OfOwner});
    CollectingSink sink;
    ASSERT_TRUE(source->read({}, sink, {}));
    EXPECT_EQ(sink.events()[0].source, "events");
    ASSERT_EQ(sink.events()[0].headers.size(), 2U);
    EXPECT_EQ(sink.events()[0].headers[1].value, "demo");
}

TEST_F(FileSourceTest, KnowsItsPlaceInTheFile)
{
    const file::FilePlace place{{1, 2}, 3, 4, file::FileLayout::Values};
    EXPECT_EQ(file::FilePlace::parse(place.text()), place);
    for (const char* text : {"", "1", "1:2:3:4:", "1:2:3:4:9", "1:2:3:4:1x", "a:2:3:4:1"}) {
        EXPECT_EQ(file::FilePlace::parse(text), std::nullopt) << text;
    }
}
