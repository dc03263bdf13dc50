// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "rabbit_options.h"

#include <fmt/format.h>

namespace eventscope::rabbitmq {

std::string RabbitOptions::display() const
{
    return fmt::format("{}:{}{}", host, port, vhost == "/" ? std::string() : " (vhost " + vhost + ')');
}

std::string RabbitOptions::managementUrl() const
{
    if (!management.empty())
        return management;
    const bool isIpv6 = host.find(':') != std::string::npos;
    const std::string name = isIpv6 ? '[' + host + ']' : host;
    return tls ? fmt::format("https://{}:15671", name) : fmt::format("http://{}:15672", name);
}

} // namespace eventscope::rabbitmq
