// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "amqp_library.h"

#include <cstddef>

namespace eventscope::rabbitmq {

/// Memory for the library's structures, given back as one. For .cpp files only.
class AmqpPool {
public:
    AmqpPool() { init_amqp_pool(&m_pool, kPage); }
    ~AmqpPool() { empty_amqp_pool(&m_pool); }
    AmqpPool(const AmqpPool&) = delete;
    AmqpPool& operator=(const AmqpPool&) = delete;

    amqp_pool_t& get() { return m_pool; }
    void recycle() { recycle_amqp_pool(&m_pool); }

private:
    static constexpr std::size_t kPage = 4096;
    amqp_pool_t m_pool{};
};

} // namespace eventscope::rabbitmq
