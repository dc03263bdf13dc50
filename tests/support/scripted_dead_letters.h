// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sourcing/dead_letter_store.h"

#include <algorithm>
#include <mutex>
#include <utility>

namespace eventscope::test {

/// Dead letters in memory that refuse the next so many, as a full disk does. // any thread
class ScriptedDeadLetters final : public core::DeadLetterStore {
public:
    void refuseNext(int count)
    {
        const std::scoped_lock lock(m_mutex);
        m_refusals = count;
    }

    core::Status park(const core::ParkedEvent& letter) override
    {
        const std::scoped_lock lock(m_mutex);
        if (m_refusals > 0) {
            --m_refusals;
            return core::fail(core::ErrorCode::DiskFull, "no room for the letter");
        }
        m_letters.push_back(letter);
        return {};
    }

    core::Result<std::vector<core::ParkedEvent>> list(std::string_view queue = {}) const override
    {
        const std::scoped_lock lock(m_mutex);
        std::vector<core::ParkedEvent> found;
        std::ranges::copy_if(m_letters, std::back_inserter(found),
            [&](const core::ParkedEvent& letter) { return queue.empty() || letter.queue == queue; });
        return found;
    }

    core::Result<std::optional<core::ParkedEvent>> find(std::string_view id) const override
    {
        const std::scoped_lock lock(m_mutex);
        const auto found = std::ranges::find(m_letters, id, &core::ParkedEvent::id);
        return found == m_letters.end() ? std::nullopt : std::optional(*found);
    }

    core::Status remove(std::string_view id) override
    {
        const std::scoped_lock lock(m_mutex);
        if (std::erase_if(m_letters, [&](const core::ParkedEvent& letter) { return letter.id == id; }) == 0)
            return core::fail(core::ErrorCode::NotFound, "no such letter");
        return {};
    }

    core::Result<std::size_t> count() const override
    {
        const std::scoped_lock lock(m_mutex);
        return m_letters.size();
    }

private:
    mutable std::mutex m_mutex;
    std::vector<core::ParkedEvent> m_letters;
    int m_refusals = 0;
};

} // namespace eventscope::test
