// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/reach.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>

namespace eventscope::app {

using core::ErrorCode;

namespace {

constexpr std::chrono::milliseconds kLook{50};

struct AddressListDeleter {
    void operator()(addrinfo* list) const { freeaddrinfo(list); }
};
using AddressList = std::unique_ptr<addrinfo, AddressListDeleter>;

class Socket {
public:
    explicit Socket(int family) : m_handle(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) { }
    ~Socket()
    {
        if (m_handle >= 0) {
            ::close(m_handle);
        }
    }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;

    int handle() const { return m_handle; }

private:
    int m_handle;
};

std::string textOf(const addrinfo& found)
{
    std::array<char, INET6_ADDRSTRLEN> text{};
    const void* bytes = found.ai_family == AF_INET6
        ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in6*>(found.ai_addr)->sin6_addr)
        : static_cast<const void*>(&reinterpret_cast<const sockaddr_in*>(found.ai_addr)->sin_addr);
    return inet_ntop(found.ai_family, bytes, text.data(), text.size()) ? text.data() : "";
}

std::string placeOf(const Address& address, std::uint16_t port)
{
    return address.text.find(':') == std::string::npos ? fmt::format("{}:{}", address.text, port)
                                                       : fmt::format("[{}]:{}", address.text, port);
}

core::Status refusal(int error, const std::string& place)
{
    switch (error) {
    case 0: return {};
    case ECONNREFUSED:
        return fail(ErrorCode::Unreachable,
            fmt::format("Nothing listens on {}; is the server running, and is it that port?", place));
    case ENETUNREACH:
    case EHOSTUNREACH:
        return fail(ErrorCode::Unreachable,
            fmt::format("There is no way to {} from here; is the network or the VPN up?", place));
    case ETIMEDOUT:
        return fail(ErrorCode::Timeout, fmt::format("{} does not answer; a firewall may stand before it.", place));
    default:
        return fail(ErrorCode::Unreachable,
            fmt::format("{} cannot be reached: {}.", place, std::generic_category().message(error)));
    }
}

} // namespace

core::Result<std::vector<Address>> resolve(const std::string& host, std::uint16_t port)
{
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* raw = nullptr;
    const int code = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &raw);
    const AddressList list(code == 0 ? raw : nullptr);
    if (code == EAI_NONAME || (code == 0 && !list)) {
        return fail(ErrorCode::NotFound,
            fmt::format("No machine is known by the name {}; is it spelled right, and is the network up?", host));
    }
    if (code != 0) {
        return fail(ErrorCode::Unreachable, fmt::format("{} cannot be looked up: {}.", host, gai_strerror(code)));
    }
    std::vector<Address> addresses;
    for (const addrinfo* found = list.get(); found; found = found->ai_next) {
        const auto* bytes = reinterpret_cast<const unsigned char*>(found->ai_addr);
        addresses.push_back({textOf(*found), found->ai_family, {bytes, bytes + found->ai_addrlen}});
    }
    return addresses;
}

core::Status reach(
    const Address& address, std::uint16_t port, std::chrono::milliseconds patience, const std::stop_token& stop)
{
    const std::string place = placeOf(address, port);
    const Socket socket(address.family);
    if (socket.handle() < 0) {
        return refusal(errno, place);
    }
    const auto* where = reinterpret_cast<const sockaddr*>(address.bytes.data());
    if (::connect(socket.handle(), where, static_cast<socklen_t>(address.bytes.size())) == 0) {
        return {};
    }
    if (errno != EINPROGRESS) {
        return refusal(errno, place);
    }
    for (auto left = patience; left.count() > 0; left -= kLook) {
        if (stop.stop_requested()) {
            return fail(ErrorCode::Cancelled, "Stopped before there was an answer.");
        }
        pollfd waiting{.fd = socket.handle(), .events = POLLOUT, .revents = 0};
        if (::poll(&waiting, 1, static_cast<int>(std::min(left, kLook).count())) > 0) {
            int error = 0;
            socklen_t size = sizeof error;
            ::getsockopt(socket.handle(), SOL_SOCKET, SO_ERROR, &error, &size);
            return refusal(error, place);
        }
    }
    return refusal(ETIMEDOUT, place);
}

} // namespace eventscope::app
