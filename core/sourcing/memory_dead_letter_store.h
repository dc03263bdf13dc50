// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sourcing/dead_letter_store.h"

#include <deque>
#include <mutex>

namespace eventscope::core {

class MemoryDeadLetterStore final : public DeadLetterStore {
public:
    Status park(const ParkedEvent& letter) override;
    Result<std::vector<ParkedEvent>> list(std::string_view queue = {}) const override;
    Result<std::optional<ParkedEvent>> find(std::string_view id) const override;
    Status remove(std::string_view id) override;
    Result<std::size_t> count() const override;

private:
    mutable std::mutex m_mutex;
    std::deque<ParkedEvent> m_letters;
};

} // namespace eventscope::core
