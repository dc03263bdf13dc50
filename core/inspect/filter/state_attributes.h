// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/json.h"
#include "inspect/filter/filter_attributes.h"

namespace eventscope::core {

/// An aggregate's state after one of its events: "state.status = 'paid'". Everything else is asked
/// of the event, if there is one. Both must outlive this.
class StateAttributes final : public FilterAttributes {
public:
    explicit StateAttributes(const Json& state, const FilterAttributes* event = nullptr)
        : m_state(state), m_event(event)
    {
    }

    std::optional<FilterValue> attribute(const AttributeName& name) const override;
    bool exists(const AttributeName& name) const override;
    std::optional<FilterValue> field(const FilterPath& path) const override;
    /// In the state or in the event.
    bool containsText(std::string_view text) const override;

private:
    const Json& m_state;
    const FilterAttributes* m_event;
};

/// No event at all: nothing is there but what every event must have.
class NoAttributes final : public FilterAttributes {
public:
    std::optional<FilterValue> attribute(const AttributeName&) const override { return std::nullopt; }
    std::optional<FilterValue> field(const FilterPath&) const override { return std::nullopt; }
    bool containsText(std::string_view) const override { return false; }
};

} // namespace eventscope::core
