// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::app {

/// Lines on a file descriptor, in order and whole, buffered until flush() or a good amount is there.
/// A reader that goes away (`| head`) is no failure; any other write error is kept. A stop request
/// ends a write that waits for a slow reader. // one thread at a time
class Output {
public:
    Output(int descriptor, std::stop_token stop);

    /// False when nobody reads any more: end quietly.
    bool line(std::string_view text);
    /// Notices, even with nothing to write, that nobody reads any more.
    bool flush();

    bool isOpen() const { return m_state == State::Open; }
    /// A sentence when the output could not be written, e.g. because the disk is full; else empty.
    const std::string& failure() const { return m_failure; }

private:
    enum class State { Open, Closed };
    bool writeOut(std::string_view bytes);
    bool isReaderGone() const;
    bool waitUntilWritable();

    int m_descriptor;
    bool m_isPipe;
    std::stop_token m_stop;
    State m_state = State::Open;
    std::string m_buffer;
    std::string m_failure;
};

/// Sentences for people on standard error, one a line, with the program's name in front.
void say(std::string_view sentence);
/// The same without the name: receipts, help.
void sayPlain(std::string_view line);
/// Each of them, on standard error.
void sayNotices(const std::vector<std::string>& sentences);

/// Makes sure that descriptors 0, 1 and 2 are taken, so that no file ever gets the number of a
/// standard stream that the caller had closed.
void occupyStandardStreams();

} // namespace eventscope::app
