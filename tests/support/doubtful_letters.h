// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/dead_letter_queue.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace eventscope::test {

/// A queue whose connection breaks while it sends: the copy went out (or not), and nobody was told.
class DoubtfulLetters final : public core::DeadLetterQueue {
public:
    struct World {
        bool breaks = true;                    ///< each send ends in doubt
        bool arrives = true;                   ///< although it arrived
        std::optional<core::SendState> fate{}; ///< what settle() answers; nothing: as the queue below says
    };

    DoubtfulLetters(std::shared_ptr<core::DeadLetterQueue> below, World& world)
        : m_below(std::move(below)), m_world(world)
    {
    }

    Capabilities capabilities() const override { return m_below->capabilities(); }
    core::Result<std::vector<core::DeadLetter>> list(std::string_view queue, std::stop_token stop) override
    {
        return m_below->list(queue, std::move(stop));
    }
    core::Status send(const core::Requeue& requeue) override
    {
        if (!m_world.breaks) {
            return m_below->send(requeue);
        }
        if (m_world.arrives) {
            if (core::Status sent = m_below->send(requeue); !sent) {
                return sent;
            }
        }
        return core::fail(core::ErrorCode::InDoubt, "the connection broke before the target answered");
    }
    core::Status acknowledge(const core::DeadLetter& letter) override { return m_below->acknowledge(letter); }
    core::Status discard(const core::DeadLetter& letter) override { return m_below->discard(letter); }
    core::Status restore(const core::DeadLetter& letter) override { return m_below->restore(letter); }
    core::Result<core::SendState> settle(std::string_view sendId, const core::DeadLetter& letter) override
    {
        return m_world.fate ? *m_world.fate : m_below->settle(sendId, letter);
    }
    core::Result<std::optional<std::size_t>> newerOfSameKey(const core::DeadLetter& letter) override
    {
        return m_below->newerOfSameKey(letter);
    }

private:
    std::shared_ptr<core::DeadLetterQueue> m_below;
    World& m_world;
};

} // namespace eventscope::test
