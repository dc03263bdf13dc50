// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/state_attributes.h"

#include "inspect/filter/filter_text.h"
#include "inspect/filter/json_path.h"

namespace eventscope::core {

std::optional<FilterValue> StateAttributes::attribute(const AttributeName& name) const
{
    return m_event != nullptr ? m_event->attribute(name) : std::nullopt;
}

bool StateAttributes::exists(const AttributeName& name) const
{
    return m_event != nullptr ? m_event->exists(name) : name.isRequired();
}

std::optional<FilterValue> StateAttributes::field(const FilterPath& path) const
{
    if (path.root == PathRoot::State)
        return valueAt(m_state, path.steps);
    return m_event != nullptr ? m_event->field(path) : std::nullopt;
}

bool StateAttributes::containsText(std::string_view text) const
{
    return containsBytes(m_state.dump(), text) || (m_event != nullptr && m_event->containsText(text));
}

} // namespace eventscope::core
