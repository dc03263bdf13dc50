// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/aggregate.h"

#include <cstdint>

namespace eventscope::core {

StreamVersion Aggregate::committedVersion() const
{
    return {m_version.value - static_cast<std::int64_t>(m_uncommitted.size())};
}

Status Aggregate::replay(std::string_view type, const Json& data)
{
    if (Status applied = apply(type, data); !applied)
        return applied;
    m_version = m_version.next();
    return {};
}

Status Aggregate::restore(StreamVersion version, const Json& state)
{
    if (Status restored = restoreState(state); !restored)
        return restored;
    m_version = version;
    m_uncommitted.clear();
    return {};
}

void Aggregate::reset()
{
    resetState();
    m_version = {};
    m_uncommitted.clear();
}

Status Aggregate::raise(std::string type, int schemaVersion, const Json& data)
{
    if (Status applied = replay(type, data); !applied)
        return applied;
    m_uncommitted.push_back({.id = {}, .type = std::move(type), .schemaVersion = schemaVersion, .data = data.dump()});
    return {};
}

} // namespace eventscope::core
