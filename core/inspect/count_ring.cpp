// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/count_ring.h"

#include <algorithm>

namespace eventscope::core {

namespace {

std::int64_t wrapped(std::int64_t bucket, std::int64_t capacity)
{
    const std::int64_t rest = bucket % capacity;
    return rest < 0 ? rest + capacity : rest;
}

} // namespace

CountRing::CountRing(std::chrono::microseconds width, std::size_t capacity)
    : m_width(width)
    , m_capacity(static_cast<std::int64_t>((capacity + kPage - 1) / kPage * kPage))
    , m_pages(static_cast<std::size_t>(m_capacity) / kPage)
{
}

std::int64_t CountRing::oldestKept() const
{
    return m_newest == kNone ? kNone : m_newest - m_capacity + 1;
}

std::uint32_t* CountRing::slot(std::int64_t bucket, bool make)
{
    const auto index = static_cast<std::size_t>(wrapped(bucket, m_capacity));
    Page& page = m_pages[index / kPage];
    if (!page && make)
        page = std::make_unique<std::uint32_t[]>(kPage);
    return page ? &page[index % kPage] : nullptr;
}

const std::uint32_t* CountRing::slot(std::int64_t bucket) const
{
    const auto index = static_cast<std::size_t>(wrapped(bucket, m_capacity));
    const Page& page = m_pages[index / kPage];
    return page ? &page[index % kPage] : nullptr;
}

/// The slots between the old end and the new one held buckets that are now too old.
void CountRing::moveTo(std::int64_t newest)
{
    const std::int64_t first = m_newest == kNone ? newest : std::max(m_newest + 1, newest - m_capacity + 1);
    if (m_newest != kNone && newest - m_newest >= m_capacity) {
        std::ranges::for_each(m_pages, [](Page& page) { page.reset(); });
    } else {
        for (std::int64_t bucket = first; bucket <= newest; ++bucket) {
            if (std::uint32_t* counter = slot(bucket, false))
                *counter = 0;
        }
    }
    m_newest = newest;
}

bool CountRing::add(std::int64_t bucket, std::uint32_t count)
{
    if (m_newest == kNone || bucket > m_newest)
        moveTo(bucket);
    if (bucket < oldestKept())
        return false;
    *slot(bucket, true) += count;
    return true;
}

std::uint32_t CountRing::at(std::int64_t bucket) const
{
    if (m_newest == kNone || bucket > m_newest || bucket < oldestKept())
        return 0;
    const std::uint32_t* counter = slot(bucket);
    return counter ? *counter : 0;
}

} // namespace eventscope::core
