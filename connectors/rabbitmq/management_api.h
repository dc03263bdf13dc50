// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rabbit_options.h"

#include "event/error.h"
#include "event/json.h"

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

namespace eventscope::rabbitmq {

/// The management plugin's HTTP API. What it does not answer is told apart: no plugin there
/// (Unreachable), no right to ask (Refused), no such thing (NotFound). // one thread at a time
class ManagementApi {
public:
    explicit ManagementApi(const RabbitOptions& options);
    ~ManagementApi();
    ManagementApi(const ManagementApi&) = delete;
    ManagementApi& operator=(const ManagementApi&) = delete;

    /// GET /api/<path>. A stop ends it with Cancelled.
    core::Result<core::Json> get(std::string_view path, std::stop_token stop = {});
    /// Any other method; `body` is JSON or empty. For setting the stage, never for looking.
    core::Status send(std::string_view method, std::string_view path, std::string_view body = {});

    /// The virtual host as it stands in a path: "%2F".
    const std::string& vhost() const { return m_vhost; }
    const std::string& url() const { return m_url; } ///< without any secret
    static std::string encoded(std::string_view text);

private:
    struct Handle;
    core::Result<std::string> perform(
        std::string_view method, std::string_view path, std::string_view body, std::stop_token stop);

    const RabbitOptions m_options;
    const std::string m_url, m_vhost;
    std::unique_ptr<Handle> m_handle;
};

} // namespace eventscope::rabbitmq
