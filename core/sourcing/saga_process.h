// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/clock.h"
#include "event/ids.h"
#include "sourcing/event_store.h"
#include "sourcing/saga.h"
#include "sourcing/saga_decision.h"
#include "sourcing/saga_events.h"
#include "sourcing/saga_state.h"

#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace eventscope::core {

/// Why a saga is not being carried on.
struct SagaPause {
    enum class Kind {
        Ended,     ///< completed, failed, compensated or stuck
        Waiting,   ///< for the retry that is due at `until`
        Overtaken, ///< somebody else wrote to its stream: it is theirs now
        Stopped,   ///< the stop was requested
        Crashed,   ///< the crash hook said so
        Trouble,   ///< the store failed; worth trying again
        Broken,    ///< its stream or its definition is not what it should be; only people can help
    };
    Kind kind = Kind::Ended;
    Timestamp until{};
    Error error{}; ///< of Trouble and Broken
};

/// Carries one saga on, from what its stream says, until it must pause. Every intent is stored before it is
/// acted on, at the expected version, so of two processes at the same saga one is overtaken.
/// One thread.
class SagaProcess {
public:
    struct Environment {
        EventStore& store;
        const Clock& clock;
        IdGenerator& ids;
        std::span<const SagaDefinition> definitions;
        /// Asked after an action took place and before that is recorded: true abandons everything there.
        std::function<bool(const SagaState&)> crashNow{};
    };

    SagaProcess(Environment environment, std::string sagaId);

    /// With `leaveIfMovedFrom`: Overtaken when the stream is past that version, for whoever moved it is alive.
    SagaPause run(std::stop_token stop, std::optional<StreamVersion> leaveIfMovedFrom = std::nullopt);

    const SagaState& state() const { return m_state; }

private:
    std::optional<SagaPause> load();
    std::optional<SagaPause> carryOut(const SagaMove& move, const std::stop_token& stop);
    void announce(const SagaMove& move, const SagaStep& step);
    void recordSuccess(const SagaMove& move, Json result);
    void recordFailure(const SagaMove& move, const SagaStep& step, const SagaContext& context, Error error);
    void add(const saga_event::Draft& draft);
    /// Stores what is not stored yet; the pause that follows when it cannot.
    std::optional<SagaPause> flush();

    Environment m_environment;
    std::string m_stream;
    SagaState m_state;
    const SagaDefinition* m_definition = nullptr;
    Json m_input;
    std::vector<Json> m_results;
    std::vector<NewEvent> m_unsaved; // applied to m_state already
    std::string m_sagaId;
};

} // namespace eventscope::core
