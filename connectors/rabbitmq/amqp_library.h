// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The one place that knows where rabbitmq-c keeps its headers: they moved at 0.12. For .cpp files only.
#if __has_include(<rabbitmq-c/amqp.h>)
#include <rabbitmq-c/amqp.h>
#include <rabbitmq-c/framing.h>
#include <rabbitmq-c/ssl_socket.h>
#include <rabbitmq-c/tcp_socket.h>
#else
#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_ssl_socket.h>
#include <amqp_tcp_socket.h>
#endif

#include <string>
#include <string_view>

namespace eventscope::rabbitmq {

inline std::string_view viewOf(const amqp_bytes_t& bytes)
{
    return bytes.len == 0 ? std::string_view() : std::string_view(static_cast<const char*>(bytes.bytes), bytes.len);
}

/// The library writes to no bytes that it sends.
inline amqp_bytes_t bytesOf(std::string_view text)
{
    amqp_bytes_t bytes;
    bytes.len = text.size();
    bytes.bytes = const_cast<char*>(text.data());
    return bytes;
}

} // namespace eventscope::rabbitmq
