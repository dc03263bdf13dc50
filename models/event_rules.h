// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace eventscope::models {

/// What an event's type says about it.
enum class EventTone : std::uint8_t { Plain, Failure, Warning };

/// Which types are failures and which are warnings: patterns over the type as in the filter language's
/// LIKE ('%' any text, '_' one character), without regard to case. // any thread, as a value
class EventRules {
public:
    /// Failed, Declined, Rejected, … and Cancelled, Compensated, … as most systems name them.
    static EventRules usual();

    void setFailures(const QStringList& patterns);
    void setWarnings(const QStringList& patterns);
    QStringList failures() const { return m_failureTexts; }
    QStringList warnings() const { return m_warningTexts; }

    EventTone toneOf(std::string_view type) const;

private:
    QStringList m_failureTexts, m_warningTexts;
    std::vector<std::string> m_failures, m_warnings; // lower case
};

/// The same, remembered by the id that a log gave the type. // one thread
class EventTones {
public:
    explicit EventTones(EventRules rules = EventRules::usual()) : m_rules(std::move(rules)) { }

    const EventRules& rules() const { return m_rules; }
    void setRules(EventRules rules);
    template <class TextOf>
    EventTone toneOf(std::uint32_t typeId, const TextOf& textOf)
    {
        // Not a vector by id: types share their numbering with streams and correlation ids.
        const auto known = m_known.find(typeId);
        if (known != m_known.end())
            return known->second;
        return m_known.emplace(typeId, m_rules.toneOf(textOf(typeId))).first->second;
    }

private:
    EventRules m_rules;
    std::unordered_map<std::uint32_t, EventTone> m_known;
};

/// LIKE of the filter language: '%', '_', '\' before either. Both sides in the same case.
bool matchesLike(std::string_view text, std::string_view pattern);

} // namespace eventscope::models
