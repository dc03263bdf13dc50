// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/event.h"
#include "event/ids.h"
#include "event/timestamp.h"
#include "sourcing/saga_state.h"

#include <atomic>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::test {

/// "id-1", "id-2", … // any thread
class CountingIds final : public core::IdGenerator {
public:
    explicit CountingIds(std::string prefix = "id-") : m_prefix(std::move(prefix)) { }
    std::string next() override { return m_prefix + std::to_string(++m_count); }

private:
    const std::string m_prefix;
    std::atomic<int> m_count = 0;
};

/// 2026-11-23T09:00:00Z, when every story begins.
core::Timestamp storyStart();

/// A saga's stream, or what it amounts to, as text for fixtures:
///   +0 SagaStarted {"sagaId":…}         milliseconds since the story's start, type, data
///   ---
///   status: compensated
///   …
struct SagaStory {
    std::vector<core::RecordedEvent> events;
    std::string expected; ///< what follows the "---"
};
std::string describeEvents(std::span<const core::RecordedEvent> events);
std::string describeSaga(const core::SagaState& saga);
SagaStory readStory(const std::string& path);
/// The paths of all stories in that folder below the fixtures, sorted.
std::vector<std::string> storiesIn(std::string_view folder);

} // namespace eventscope::test
