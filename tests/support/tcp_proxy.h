// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace eventscope::test {

/// A bad network between a client and a server on this machine: passes bytes on until it is told to
/// stall, to cut connections short or to reset them. // any thread
class TcpProxy {
public:
    /// What becomes of bytes from the client.
    enum class Verdict {
        Pass,
        CutBefore, ///< reset the connection, the server never sees them
        CutAfter,  ///< the server gets them, the client never hears of it
    };
    using Inspector = std::function<Verdict(std::string_view fromClient)>;

    explicit TcpProxy(std::uint16_t server)
        : m_server(server), m_listener(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address = loopback(0);
        socklen_t size = sizeof address;
        if (m_listener < 0 || bind(m_listener, generic(address), size) != 0 || listen(m_listener, 64) != 0
            || getsockname(m_listener, generic(address), &size) != 0
            || pipe2(m_wake.data(), O_CLOEXEC | O_NONBLOCK) != 0)
            throw std::runtime_error("the proxy cannot listen");
        m_port = ntohs(address.sin_port);
        m_thread = std::jthread([this](std::stop_token stop) { run(stop); });
    }
    ~TcpProxy()
    {
        m_thread.request_stop();
        wake();
        m_thread.join();
        for (Pair& pair : m_pairs)
            closePair(pair, false);
        for (const int end : {m_listener, m_wake[0], m_wake[1]})
            close(end);
    }
    TcpProxy(const TcpProxy&) = delete;
    TcpProxy& operator=(const TcpProxy&) = delete;

    std::uint16_t port() const { return m_port; }

    /// Nothing passes in either direction; connections stay open, new ones are taken and stay silent.
    void stall()
    {
        set([this] { m_stalled = true; });
    }
    void goOn()
    {
        set([this] { m_stalled = false; });
    }
    /// New connections are reset at once.
    void refuse(bool refusing)
    {
        set([this, refusing] { m_refusing = refusing; });
    }
    /// RST on every connection.
    void resetAll()
    {
        set([this] { m_resetAll = true; });
    }
    /// So many more bytes from the server, over all connections; then they are closed.
    void cutAfter(std::size_t bytes)
    {
        set([this, bytes] { m_left = bytes; });
    }
    /// Looks at what clients send, on the proxy's thread.
    void inspect(Inspector inspector)
    {
        set([&] { m_inspector = std::move(inspector); });
    }

private:
    struct Pair {
        int client = -1, server = -1;
        bool done = false;
        bool draining = false; ///< the client is gone, the server's answer goes nowhere
        std::string
            pending; ///< for a client that does not read at the moment: whoever waits for it must not hold others
        bool endsThen = false; ///< once that is sent
    };
    static constexpr std::size_t kUnlimited = static_cast<std::size_t>(-1);

    static sockaddr* generic(sockaddr_in& address) { return reinterpret_cast<sockaddr*>(&address); }
    static sockaddr_in loopback(std::uint16_t port)
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(port);
        return address;
    }

    template <class Change>
    void set(const Change& change)
    {
        {
            const std::scoped_lock lock(m_mutex);
            change();
        }
        wake();
    }
    void wake() const
    {
        const char byte = 1;
        [[maybe_unused]] const auto written = write(m_wake[1], &byte, 1);
    }

    void run(const std::stop_token& stop)
    {
        while (!stop.stop_requested()) {
            std::vector<pollfd> ends{{m_listener, POLLIN, 0}, {m_wake[0], POLLIN, 0}};
            {
                const std::scoped_lock lock(m_mutex);
                for (const Pair& pair : m_pairs) {
                    const bool waits = !pair.pending.empty();
                    const short fromClient = waits ? POLLIN | POLLOUT : POLLIN;
                    ends.push_back({m_stalled ? -1 : pair.client, fromClient, 0});
                    ends.push_back({m_stalled || waits ? -1 : pair.server, POLLIN, 0});
                }
            }
            poll(ends.data(), ends.size(), 1000);
            std::array<char, 64> bytes{};
            while (read(m_wake[0], bytes.data(), bytes.size()) > 0) { }
            const std::scoped_lock lock(m_mutex);
            step(ends);
        }
    }

    void step(const std::vector<pollfd>& ends)
    {
        std::size_t index = 2;
        for (Pair& pair : m_pairs) {
            if (m_resetAll)
                closePair(pair, true);
            if (!m_stalled && !pair.done && (ends[index].revents & POLLOUT) != 0)
                flush(pair);
            if (!m_stalled && !pair.done && (ends[index].revents & ~POLLOUT) != 0)
                fromClient(pair);
            if (!m_stalled && !pair.done && ends[index + 1].revents != 0)
                fromServer(pair);
            index += 2;
        }
        m_resetAll = false;
        m_pairs.remove_if([](const Pair& pair) { return pair.done; });
        if (ends[0].revents != 0)
            accept();
    }

    void accept()
    {
        Pair pair;
        pair.client = accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (pair.client < 0)
            return;
        pair.server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address = loopback(m_server);
        if (m_refusing || connect(pair.server, generic(address), sizeof address) != 0)
            closePair(pair, true);
        else
            m_pairs.push_back(pair);
    }

    void fromClient(Pair& pair)
    {
        const auto size = read(pair.client, m_buffer.data(), m_buffer.size());
        if (size <= 0) {
            closePair(pair, false);
            return;
        }
        const std::string_view bytes(m_buffer.data(), static_cast<std::size_t>(size));
        const Verdict verdict = m_inspector ? m_inspector(bytes) : Verdict::Pass;
        if (verdict != Verdict::CutBefore && !writeAll(pair.server, bytes))
            closePair(pair, false);
        else if (verdict != Verdict::Pass)
            cutClient(pair, verdict == Verdict::CutAfter);
    }

    void fromServer(Pair& pair)
    {
        const auto size = read(pair.server, m_buffer.data(), m_buffer.size());
        if (size <= 0 || pair.draining) {
            closePair(pair, false);
            return;
        }
        const std::size_t passed = std::min(static_cast<std::size_t>(size), m_left);
        m_left -= m_left == kUnlimited ? 0 : passed;
        pair.pending.append(m_buffer.data(), passed);
        pair.endsThen = m_left == 0;
        m_left = m_left == 0 ? kUnlimited : m_left;
        flush(pair);
    }

    static void flush(Pair& pair)
    {
        const auto sent = send(pair.client, pair.pending.data(), pair.pending.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent >= 0)
            pair.pending.erase(0, static_cast<std::size_t>(sent));
        const bool failed = sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK;
        if (failed || (pair.pending.empty() && pair.endsThen))
            closePair(pair, false);
    }

    static void cutClient(Pair& pair, bool drain)
    {
        if (!drain) {
            closePair(pair, true);
            return;
        }
        reset(pair.client);
        pair.client = -1;
        pair.draining = true;
    }
    static void closePair(Pair& pair, bool hard)
    {
        if (pair.done)
            return;
        if (hard) {
            reset(pair.client);
            reset(pair.server);
        } else {
            for (const int end : {pair.client, pair.server}) {
                if (end >= 0)
                    close(end);
            }
        }
        pair.done = true;
    }
    static void reset(int end)
    {
        if (end < 0)
            return;
        const linger now{.l_onoff = 1, .l_linger = 0};
        setsockopt(end, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        close(end);
    }
    static bool writeAll(int end, std::string_view bytes)
    {
        while (!bytes.empty()) {
            const auto size = send(end, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (size <= 0)
                return false;
            bytes.remove_prefix(static_cast<std::size_t>(size));
        }
        return true;
    }

    const std::uint16_t m_server;
    const int m_listener;
    std::array<int, 2> m_wake{-1, -1};
    std::uint16_t m_port = 0;
    std::mutex m_mutex;
    std::list<Pair> m_pairs; // the thread's own, as is what follows, under the mutex where others set it
    std::array<char, 65536> m_buffer{};
    Inspector m_inspector;
    std::size_t m_left = kUnlimited;
    bool m_stalled = false, m_refusing = false, m_resetAll = false;
    std::jthread m_thread; // last: it uses all of the above
};

} // namespace eventscope::test
