// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/event_log.h"
#include "inspect/source_event.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace eventscope::bench {

/// Events of an order system, about 300 bytes of JSON each, forty of a stream among those of many
/// others; the same number, the same event.
class OrderEvents {
public:
    /// The events [first, first + count), as a source delivers them; until the next call.
    std::span<const core::SourceEvent> make(std::uint64_t first, std::size_t count);

private:
    std::vector<core::SourceEvent> m_events;
    std::string m_bytes;
    std::vector<std::string> m_streams;
};

/// A log of so many of them, and the same events' payloads as a file of lines. Made once, then shared.
struct OrderCorpus {
    explicit OrderCorpus(std::size_t size);
    ~OrderCorpus();
    OrderCorpus(const OrderCorpus&) = delete;
    OrderCorpus& operator=(const OrderCorpus&) = delete;

    static OrderCorpus& shared();

    /// Written when it is asked for first.
    const std::filesystem::path& lines();

    core::EventLog log;

private:
    std::filesystem::path m_lines;
};

} // namespace eventscope::bench
