// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "settled_horizon.h"

#include <algorithm>

namespace eventscope::postgres {

void SettledHorizon::look(std::int64_t head, const Holders& holders)
{
    for (Waiting& waiting : m_waiting) {
        std::erase_if(
            waiting.holders, [&](const std::string& holder) { return !std::ranges::binary_search(holders, holder); });
        if (waiting.holders.empty())
            m_settled = std::max(m_settled, waiting.head);
    }
    if (holders.empty())
        m_settled = std::max(m_settled, head);
    else if (head > m_settled && (m_waiting.empty() || m_waiting.back().head < head))
        m_waiting.push_back({head, holders});
    std::erase_if(m_waiting, [this](const Waiting& waiting) { return waiting.head <= m_settled; });
}

void SettledHorizon::complete(std::int64_t position)
{
    m_settled = std::max(m_settled, position);
    std::erase_if(m_waiting, [this](const Waiting& waiting) { return waiting.head <= m_settled; });
}

} // namespace eventscope::postgres
