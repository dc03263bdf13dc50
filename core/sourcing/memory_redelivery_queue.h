// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sourcing/redelivery_queue.h"

#include <deque>
#include <mutex>
#include <set>

namespace eventscope::core {

class MemoryRedeliveryQueue final : public RedeliveryQueue {
public:
    Status enqueue(const Redelivery& redelivery) override;
    Result<std::vector<Redelivery>> pending(std::size_t limit) const override;
    Status markHandled(std::string_view id) override;
    Result<bool> isKnown(std::string_view id) const override;

private:
    mutable std::mutex m_mutex;
    std::deque<Redelivery> m_pending;
    std::set<std::string, std::less<>> m_known;
};

} // namespace eventscope::core
