// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "event/json.h"
#include "sourcing/saga.h"

#include <algorithm>
#include <initializer_list>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::test {

/// The outside world of a saga under test: effects are idempotent by key, as every saga's must be, and
/// counted, and each action answers as its script says. It outlives the crashes of those who call it.
/// // any thread
class EffectLedger {
public:
    enum class Answer {
        Ok,
        Refuse,      ///< nothing done, and never will be
        LoseRequest, ///< a timeout; nothing was done
        LoseAnswer,  ///< a timeout; it was done
        Throw,
    };

    /// The answers to the first calls under that name; the last one holds for all calls after. Ok without a script.
    void script(std::string_view name, std::initializer_list<Answer> answers)
    {
        const std::scoped_lock lock(m_mutex);
        m_scripts[std::string(name)] = {answers.begin(), answers.end()};
    }

    core::Result<core::Json> execute(std::string_view name, const std::string& key)
    {
        const std::scoped_lock lock(m_mutex);
        ++m_calls[std::string(name)];
        if (m_undone.contains(key))
            return core::fail(core::ErrorCode::Refused, "it was taken back before");
        const Answer answer = m_done.contains(key) ? Answer::Ok : next(name);
        if (answer == Answer::Ok || answer == Answer::LoseAnswer) {
            if (m_done.insert(key).second)
                ++m_applied[key];
        }
        if (auto said = say(answer); !said)
            return std::unexpected(said.error());
        return core::Json(core::Json::Object{{"receipt", core::Json(key)}});
    }

    core::Status undo(std::string_view name, const std::string& stepKey)
    {
        const std::scoped_lock lock(m_mutex);
        ++m_calls[std::string(name)];
        const Answer answer = m_undone.contains(stepKey) ? Answer::Ok : next(name);
        if (answer == Answer::Ok || answer == Answer::LoseAnswer)
            m_undone.insert(stepKey);
        return say(answer);
    }

    /// As if it had taken place before.
    void markDone(const std::string& key)
    {
        const std::scoped_lock lock(m_mutex);
        m_done.insert(key);
        m_applied[key] = 1;
    }
    void markUndone(const std::string& key)
    {
        const std::scoped_lock lock(m_mutex);
        m_undone.insert(key);
    }

    /// What is left in the world under that key: 1 or 0.
    int net(const std::string& key) const
    {
        const std::scoped_lock lock(m_mutex);
        return m_done.contains(key) && !m_undone.contains(key) ? 1 : 0;
    }
    /// How often the effect really took place.
    int applied(const std::string& key) const
    {
        const std::scoped_lock lock(m_mutex);
        const auto found = m_applied.find(key);
        return found == m_applied.end() ? 0 : found->second;
    }
    int calls(std::string_view name) const
    {
        const std::scoped_lock lock(m_mutex);
        const auto found = m_calls.find(std::string(name));
        return found == m_calls.end() ? 0 : found->second;
    }

private:
    Answer next(std::string_view name)
    {
        const auto script = m_scripts.find(std::string(name));
        if (script == m_scripts.end())
            return Answer::Ok;
        auto& used = m_used[std::string(name)];
        const Answer answer = script->second[std::min(used, script->second.size() - 1)];
        ++used;
        return answer;
    }

    static core::Status say(Answer answer)
    {
        switch (answer) {
        case Answer::Ok: return {};
        case Answer::Refuse: return core::fail(core::ErrorCode::DomainRule, "no, never");
        case Answer::LoseRequest:
        case Answer::LoseAnswer: return core::fail(core::ErrorCode::Timeout, "no answer in time");
        case Answer::Throw: throw std::runtime_error("out of the blue");
        }
        return {};
    }

    mutable std::mutex m_mutex;
    std::map<std::string, std::vector<Answer>> m_scripts;
    std::map<std::string, std::size_t> m_used;
    std::map<std::string, int> m_calls;
    std::map<std::string, int> m_applied;
    std::set<std::string> m_done;
    std::set<std::string> m_undone;
};

/// The shape of the order saga, on a ledger.
inline core::SagaDefinition ledgerSaga(EffectLedger& ledger)
{
    const auto step = [&ledger](std::string name, std::string compensation) {
        return core::SagaStep{.name = name,
            .execute = [&ledger, name](
                           const core::SagaContext& context) { return ledger.execute(name, context.idempotencyKey()); },
            .retry = {.maxRetries = 2},
            .compensationName = compensation,
            .compensate
            = [&ledger, compensation](
                  const core::SagaContext& context) { return ledger.undo(compensation, context.stepKey()); },
            .compensationRetry = {.maxRetries = 2}};
    };
    return {.type = "ledger-saga",
        .steps = {step("create order", "cancel order"), step("process payment", "refund payment"),
            step("reserve inventory", "release inventory"), step("create shipment", "cancel shipment")}};
}

} // namespace eventscope::test
