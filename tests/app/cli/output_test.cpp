// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/output.h"

#include <gtest/gtest.h>

#include <array>
#include <csignal>
#include <fcntl.h>
#include <thread>
#include <unistd.h>

using eventscope::app::Output;

namespace {

class OutputTest : public testing::Test {
protected:
    void SetUp() override
    {
        std::signal(SIGPIPE, SIG_IGN);
        ASSERT_EQ(pipe2(m_pipe.data(), O_CLOEXEC), 0);
    }
    void TearDown() override
    {
        closeReader();
        ::close(m_pipe[1]);
    }
    void closeReader()
    {
        if (m_pipe[0] >= 0) {
            ::close(m_pipe[0]);
            m_pipe[0] = -1;
        }
    }
    int writeEnd() const { return m_pipe[1]; }
    std::string readSome() const
    {
        std::array<char, 4096> buffer{};
        const ssize_t count = ::read(m_pipe[0], buffer.data(), buffer.size());
        return {buffer.data(), count > 0 ? static_cast<std::size_t>(count) : 0};
    }

    std::stop_source m_stop;

private:
    std::array<int, 2> m_pipe{-1, -1};
};

} // namespace

TEST_F(OutputTest, WritesWholeLinesWhenFlushed)
{
    Output out(writeEnd(), std::stop_token{});
    EXPECT_TRUE(out.line("{\"a\":1}"));
    EXPECT_TRUE(out.line("{}"));
    EXPECT_TRUE(out.flush());
    EXPECT_EQ(readSome(), "{\"a\":1}\n{}\n");
}

TEST_F(OutputTest, EndsQuietlyWhenTheReaderGoesAway)
{
    Output out(writeEnd(), std::stop_token{});
    closeReader();
    EXPECT_TRUE(out.line("x"));
    EXPECT_FALSE(out.flush());
    EXPECT_FALSE(out.isOpen());
    EXPECT_FALSE(out.line("y"));
    EXPECT_TRUE(out.failure().empty());
}

TEST_F(OutputTest, StopsWaitingForASlowReaderWhenInterrupted)
{
    Output out(writeEnd(), m_stop.get_token());
    const std::string big(1 << 20, 'x'); // more than a pipe holds
    std::jthread interrupter([&] {
        readSome(); // the writer has begun
        m_stop.request_stop();
    });
    EXPECT_FALSE(out.line(big));
    EXPECT_TRUE(out.failure().empty());
}

TEST_F(OutputTest, KeepsTheReasonWhenTheDiskIsFull)
{
    const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
    ASSERT_GE(full, 0);
    Output out(full, std::stop_token{});
    out.line("x");
    EXPECT_FALSE(out.flush());
    EXPECT_NE(out.failure().find("No space left"), std::string::npos) << out.failure();
    ::close(full);
}
