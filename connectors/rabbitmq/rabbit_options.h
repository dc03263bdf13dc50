// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace eventscope::rabbitmq {

/// Where a broker is and how it is spoken to.
struct RabbitOptions {
    std::string host = "localhost";
    std::uint16_t port = 5672;
    std::string user = "guest";
    std::string password = "guest"; ///< never shown
    std::string vhost = "/";
    bool tls = false;
    std::string caFile;                    ///< of the authorities that are trusted; empty: the system's
    bool verifyPeer = true;                ///< false only by somebody's explicit wish
    std::string management;                ///< "http://host:15672"; empty: from the host and the usual port
    std::string clientName = "eventscope"; ///< shown in the broker's list of connections

    std::chrono::seconds heartbeat{10};
    std::chrono::milliseconds connectTimeout{5000};
    std::chrono::milliseconds answerTimeout{10'000}; ///< of one call; a peer that hangs is not dead

    /// "host:port", and the virtual host unless it is "/".
    std::string display() const;
    std::string managementUrl() const;
};

} // namespace eventscope::rabbitmq
