// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "frames.h"

#include <array>
#include <cerrno>
#include <cstdint>
#include <poll.h>
#include <span>
#include <sys/socket.h>
#include <sys/types.h>

namespace eventscope::javascript {

using core::ErrorCode;
using Deadline = std::chrono::steady_clock::time_point;

namespace {

constexpr std::size_t kHeadSize = 4;

Deadline deadlineOf(std::chrono::milliseconds longest)
{
    return longest < std::chrono::milliseconds(0) ? Deadline::max() : std::chrono::steady_clock::now() + longest;
}

core::Status waitFor(int descriptor, short event, Deadline deadline)
{
    while (true) {
        int wait = -1;
        if (deadline != Deadline::max()) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
            wait = left.count() > 0 ? static_cast<int>(left.count()) : 0;
        }
        pollfd waiting{descriptor, event, 0};
        const int ready = ::poll(&waiting, 1, wait);
        if (ready > 0) {
            return {};
        }
        if (ready == 0) {
            return core::fail(ErrorCode::Timeout, "it took too long");
        }
        if (errno != EINTR) {
            return core::fail(ErrorCode::Unreachable, "its process cannot be reached");
        }
    }
}

/// Sends or receives all of `bytes`.
template <class Transfer>
core::Status transferAll(int descriptor, std::span<char> bytes, short event, Deadline deadline, Transfer transfer)
{
    while (!bytes.empty()) {
        if (core::Status ready = waitFor(descriptor, event, deadline); !ready) {
            return ready;
        }
        const ssize_t count = transfer(bytes);
        if (count > 0) {
            bytes = bytes.subspan(static_cast<std::size_t>(count));
        } else if (count == 0 || (errno != EINTR && errno != EAGAIN)) {
            return core::fail(ErrorCode::Unreachable, "its process ended");
        }
    }
    return {};
}

} // namespace

core::Status writeFrame(int descriptor, std::string_view text, std::chrono::milliseconds longest)
{
    if (text.size() > kLargestFrame) {
        return core::fail(ErrorCode::Refused, "the event and the state are too large for it");
    }
    const auto size = static_cast<std::uint32_t>(text.size());
    std::array<char, kHeadSize> head{};
    for (std::size_t i = 0; i < kHeadSize; ++i) {
        head[i] = static_cast<char>((size >> (8 * i)) & 0xFFU);
    }
    const Deadline deadline = deadlineOf(longest);
    const auto send = [descriptor](std::span<char> bytes) {
        return ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    };
    if (core::Status sent = transferAll(descriptor, head, POLLOUT, deadline, send); !sent) {
        return sent;
    }
    std::string copy(text);
    return transferAll(descriptor, copy, POLLOUT, deadline, send);
}

core::Result<std::string> readFrame(int descriptor, std::chrono::milliseconds longest)
{
    const Deadline deadline = deadlineOf(longest);
    const auto receive
        = [descriptor](std::span<char> bytes) { return ::recv(descriptor, bytes.data(), bytes.size(), MSG_DONTWAIT); };
    std::array<char, kHeadSize> head{};
    if (const core::Status read = transferAll(descriptor, head, POLLIN, deadline, receive); !read) {
        return std::unexpected(read.error());
    }
    std::uint32_t size = 0;
    for (std::size_t i = 0; i < kHeadSize; ++i) {
        size |= static_cast<std::uint32_t>(static_cast<unsigned char>(head[i])) << (8 * i);
    }
    if (size > kLargestFrame) {
        return core::fail(ErrorCode::Refused, "its answer is too large");
    }
    std::string text(size, '\0');
    if (const core::Status read = transferAll(descriptor, text, POLLIN, deadline, receive); !read) {
        return std::unexpected(read.error());
    }
    return text;
}

} // namespace eventscope::javascript
