// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/output.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace eventscope::app {

namespace {

constexpr std::size_t kFlushAt = 64 * 1024;
// What a pipe that polls as writable takes without blocking.
constexpr std::size_t kPipeChunk = 4096;
// How soon a write that waits for its reader notices a stop request.
constexpr int kPollMilliseconds = 50;

bool canBlock(int descriptor)
{
    struct stat info { };
    return fstat(descriptor, &info) == 0 && (S_ISFIFO(info.st_mode) || S_ISSOCK(info.st_mode) || S_ISCHR(info.st_mode));
}

// Terminals act on control characters, so none of a sentence's (a path, an event) reaches one raw.
std::string printable(std::string_view text)
{
    std::string result;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7f) {
            result += fmt::format("\\x{:02x}", byte);
        } else {
            result += c;
        }
    }
    return result;
}

void writeToStandardError(std::string_view text)
{
    while (!text.empty()) {
        const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return; // nobody to tell
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

} // namespace

Output::Output(int descriptor, std::stop_token stop)
    : m_descriptor(descriptor), m_isPipe(canBlock(descriptor)), m_stop(std::move(stop))
{
}

bool Output::line(std::string_view text)
{
    if (m_state != State::Open) {
        return false;
    }
    m_buffer += text;
    m_buffer += '\n';
    return m_buffer.size() < kFlushAt || flush();
}

bool Output::flush()
{
    if (m_state != State::Open) {
        return false;
    }
    if (m_buffer.empty() ? isReaderGone() : !writeOut(m_buffer)) {
        m_state = State::Closed;
    }
    m_buffer.clear();
    return m_state == State::Open;
}

bool Output::writeOut(std::string_view bytes)
{
    while (!bytes.empty()) {
        if (m_isPipe && !waitUntilWritable()) {
            return false;
        }
        const std::size_t size = m_isPipe ? std::min(bytes.size(), kPipeChunk) : bytes.size();
        const ssize_t written = ::write(m_descriptor, bytes.data(), size);
        if (written < 0 && (errno == EINTR || errno == EAGAIN)) {
            continue;
        }
        if (written < 0) {
            if (errno != EPIPE) {
                m_failure = fmt::format("standard output cannot be written: {}.", std::strerror(errno));
            }
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

// A pipe says so without anything being written.
bool Output::isReaderGone() const
{
    pollfd entry{.fd = m_descriptor, .events = 0, .revents = 0};
    return m_isPipe && ::poll(&entry, 1, 0) > 0 && (entry.revents & POLLERR) != 0;
}

bool Output::waitUntilWritable()
{
    while (true) {
        pollfd entry{.fd = m_descriptor, .events = POLLOUT, .revents = 0};
        const int ready = ::poll(&entry, 1, kPollMilliseconds);
        if (ready > 0 || (ready < 0 && errno != EINTR)) {
            return true; // the write itself says what is wrong, if anything
        }
        if (m_stop.stop_requested()) {
            return false;
        }
    }
}

void say(std::string_view sentence)
{
    writeToStandardError("eventscope: " + printable(sentence) + "\n");
}

void sayPlain(std::string_view line)
{
    writeToStandardError(std::string(line) + "\n");
}

void sayNotices(const std::vector<std::string>& sentences)
{
    for (const std::string& sentence : sentences) {
        say(sentence);
    }
}

void occupyStandardStreams()
{
    while (true) {
        const int descriptor = ::open("/dev/null", O_RDWR);
        if (descriptor < 0) {
            return;
        }
        if (descriptor > STDERR_FILENO) {
            ::close(descriptor);
            return;
        }
    }
}

} // namespace eventscope::app
