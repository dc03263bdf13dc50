// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

namespace eventscope::app {

/// Where a machine can be reached: one of the addresses behind a name.
struct Address {
    std::string text; ///< "127.0.0.1", "::1"
    int family = 0;
    std::vector<unsigned char> bytes; ///< a sockaddr, with the port
};

/// The addresses behind a name. NotFound when nobody knows it. Blocks as long as the system's resolver
/// does. // any thread
core::Result<std::vector<Address>> resolve(const std::string& host, std::uint16_t port);

/// Opens a TCP connection and closes it again: is something listening there? Unreachable, Timeout or
/// Cancelled with a sentence otherwise. // any thread
core::Status reach(
    const Address& address, std::uint16_t port, std::chrono::milliseconds patience, const std::stop_token& stop);

} // namespace eventscope::app
