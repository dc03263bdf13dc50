// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace eventscope::test {

/// A program started with pipes on its standard streams, for tests from the outside. Killed with the
/// object, if it still runs. // one thread
class ChildProcess {
public:
    struct Options {
        std::string directory{};                ///< working directory; empty: ours
        std::vector<std::string> environment{}; ///< "NAME=value", beside ours
        int standardOutput = -1;                ///< a descriptor to use instead of a pipe
    };
    explicit ChildProcess(const std::vector<std::string>& command);
    ChildProcess(const std::vector<std::string>& command, const Options& options);
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    void signal(int number) const;
    /// Closes our end, as `| head` does when it has seen enough.
    void closeOutput();
    void closeInput();
    void writeInput(std::string_view bytes) const;

    /// Reads until `enough` says so of everything read so far, or the output ends; false when neither
    /// came in time.
    bool readOutputUntil(const std::function<bool(std::string_view)>& enough,
        std::chrono::milliseconds timeout = std::chrono::seconds(60));

    /// Reads both outputs to their end and waits; 128 + the signal's number for a process that was killed.
    /// -1 when it takes longer than `timeout` (it is killed then).
    int wait(std::chrono::milliseconds timeout = std::chrono::seconds(60));

    const std::string& output() const { return m_output; }
    const std::string& errors() const { return m_errors; }

private:
    bool pump(std::chrono::steady_clock::time_point deadline);

    pid_t m_pid = -1;
    int m_in = -1, m_out = -1, m_err = -1;
    std::string m_output, m_errors;
};

struct Finished {
    int exitCode = -1;
    std::string output;
    std::string errors;
    std::vector<std::string> lines() const; ///< of the output
};

/// Runs it to the end with nothing on standard input.
Finished runProgram(const std::vector<std::string>& command, const ChildProcess::Options& options);
Finished runProgram(const std::vector<std::string>& command);

std::vector<std::string> splitLines(std::string_view text);

} // namespace eventscope::test
