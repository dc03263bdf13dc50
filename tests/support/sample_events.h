// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/source_event.h"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eventscope::test {

/// Keeps the texts that the events are views of.
class TextPool {
public:
    std::string_view keep(std::string text)
    {
        m_texts.push_back(std::move(text));
        return m_texts.back();
    }

private:
    std::deque<std::string> m_texts;
};

/// Events with everything in them that an event may have, good and bad; the same seed, the same events.
class RandomEvents {
public:
    explicit RandomEvents(std::uint64_t seed) : m_random(seed) { }

    core::SourceEvent next();

    std::uint64_t below(std::uint64_t bound) { return m_random() % bound; }
    std::string bytes(std::size_t size);
    std::string uuid();

private:
    std::string_view id(std::string_view payload);
    std::string_view payload();

    std::mt19937_64 m_random;
    TextPool m_pool;
    std::deque<std::vector<core::HeaderView>> m_headers;
    std::vector<std::string_view> m_ids;
};

inline std::string RandomEvents::bytes(std::size_t size)
{
    std::string result(size, '\0');
    for (char& c : result) {
        c = static_cast<char>(m_random());
    }
    return result;
}

inline std::string RandomEvents::uuid()
{
    const std::uint64_t a = m_random();
    const std::uint64_t b = m_random();
    return fmt::format(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", a >> 32, (a >> 16) & 0xffff, a & 0xffff, b >> 48, b & 0xffffffffffff);
}

inline std::string_view RandomEvents::payload()
{
    switch (below(12)) {
    case 0: return {};
    case 1: return m_pool.keep("null");
    case 2: return m_pool.keep(bytes(below(300)));
    case 3: return m_pool.keep(std::string(below(20), '\0'));
    case 4: return m_pool.keep(bytes(std::size_t{1} << below(20)));
    default:
        return m_pool.keep(fmt::format(R"({{"eventId":"{}","orderId":"{}","totalAmount":{}.{:02}}})", uuid(),
            below(100), below(100000), below(100)));
    }
}

inline std::string_view RandomEvents::id(std::string_view payload)
{
    switch (below(8)) {
    case 0: return {};
    case 1: return m_pool.keep(bytes(1 + below(40)));
    case 2: return m_pool.keep("E" + uuid().substr(1)); // upper case: no canonical form
    case 3: return payload.size() > 60 ? payload.substr(12, 36) : m_pool.keep(uuid());
    case 4: return payload.substr(0, below(payload.size() + 1));
    case 5: return m_ids.empty() ? m_pool.keep(uuid()) : m_ids[below(m_ids.size())];
    default: return m_pool.keep(uuid());
    }
}

inline core::SourceEvent RandomEvents::next()
{
    core::SourceEvent event;
    event.source = m_pool.keep(below(20) == 0 ? fmt::format("source-{}", below(400)) : "demo");
    event.stream = m_pool.keep(below(20) == 0 ? bytes(below(30)) : fmt::format("order-{}", below(1000)));
    event.type = m_pool.keep(fmt::format("Type{}", below(below(10) == 0 ? 100000 : 20)));
    if (below(10) != 0) {
        event.position
            = below(10) == 0 ? static_cast<std::int64_t>(m_random()) : static_cast<std::int64_t>(below(10000));
    }
    if (below(10) != 0) {
        event.version = below(10) == 0 ? static_cast<std::int64_t>(m_random()) : static_cast<std::int64_t>(below(100));
    }
    event.partition = below(3) == 0 ? static_cast<std::int32_t>(below(1000)) : -1;
    event.hasTime = below(20) != 0;
    if (event.hasTime) {
        const bool wild = below(20) == 0;
        event.time = core::Timestamp{std::chrono::microseconds{wild
                ? static_cast<std::int64_t>(m_random())
                : std::int64_t{1'790'000'000'000'000} + static_cast<std::int64_t>(below(1'000'000'000))}};
    }
    event.payload = payload();
    event.payloadIsNull = event.payload.empty() && below(2) == 0;
    event.id = id(event.payload);
    event.correlationId = below(4) == 0 ? std::string_view{} : id(event.payload);
    event.causationId = below(4) == 0 ? event.correlationId : id(event.payload);
    if (!event.id.empty()) {
        m_ids.push_back(event.id);
    }
    m_headers.emplace_back();
    for (std::uint64_t i = below(6); i > 1; --i) {
        m_headers.back().push_back({m_pool.keep(below(5) == 0 ? bytes(below(10)) : fmt::format("header{}", below(3))),
            m_pool.keep(bytes(below(50)))});
    }
    event.headers = m_headers.back();
    if (below(20) == 0) {
        event.undecodable = m_pool.keep("the envelope is no JSON object");
        event.isLate = true;
    }
    return event;
}

} // namespace eventscope::test
