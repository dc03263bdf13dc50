// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/event_dispatcher.h"

namespace eventscope::core {

TypeId TypeTable::intern(std::string_view name)
{
    if (const auto known = m_ids.find(name); known != m_ids.end())
        return known->second;
    const auto id = static_cast<TypeId>(m_ids.size() + 1);
    m_ids.emplace(name, id);
    return id;
}

TypeId TypeTable::find(std::string_view name) const
{
    const auto known = m_ids.find(name);
    return known == m_ids.end() ? kUnknownType : known->second;
}

} // namespace eventscope::core
