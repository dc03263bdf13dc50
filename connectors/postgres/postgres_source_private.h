// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/event_batch.h"
#include "layout_reader.h"
#include "postgres_source.h"
#include "sequence_proof.h"
#include "store_finder.h"
#include "tail_gaps.h"

#include <functional>
#include <memory>
#include <string>

namespace eventscope::postgres {

/// What PostgresSource and its parts share. // the source's thread
struct PostgresSource::Private {
    using Visitor = std::function<bool(const core::SourceEvent&)>;

    std::string name;
    PgLogin login;
    PostgresSourceOptions options;
    std::string server;
    std::unique_ptr<PgLink> link;
    FoundStore store;
    std::string sequence; ///< its oid
    std::string cursor;

    const StoreLayout& layout() const { return store.layout; }
    core::Error translated(const PgFailure& failure) const;
    /// A new connection where the last one was given up by a receiver that had seen enough.
    core::Status ensureLink(std::stop_token stop);

    struct Page {
        std::int64_t rows = 0;
        bool refused = false; ///< the visitor wanted no more
    };
    /// The rows of a SELECT, in bulk.
    PgResult<Page> copyPage(
        const std::string& select, LayoutReader& reader, const Visitor& visit, std::stop_token stop);

    /// The condition that selects what follows an event in the order of positions.
    std::string behind(const core::SourceEvent& event) const;
    std::string ofStream(std::string_view stream) const;
    std::string inTime(const std::optional<core::Timestamp>& from, const std::optional<core::Timestamp>& to) const;
    /// SELECT … LIMIT of the newest, in order.
    std::string newest(const std::string& condition, std::uint64_t count) const;
    PgResult<std::int64_t> lastPosition(std::stop_token stop);
    PgResult<void> look(SettledHorizon& horizon, std::stop_token stop);
};

/// Collects events into batches for a sink.
class Deliverer {
public:
    Deliverer(core::EventSink& sink, std::size_t batch) : m_sink(sink), m_size(batch) { }

    /// False when the sink wants no more.
    bool add(const core::SourceEvent& event)
    {
        m_batch.add(event);
        return m_batch.size() < m_size || flush();
    }
    bool flush()
    {
        if (m_wanted && !m_batch.empty())
            m_wanted = m_sink.deliver(m_batch.events());
        m_batch.clear();
        return m_wanted;
    }

private:
    core::EventSink& m_sink;
    const std::size_t m_size;
    core::EventBatch m_batch;
    bool m_wanted = true;
};

/// Pages of this many events keep each statement short.
inline constexpr std::int64_t kCopyPage = 250'000;
inline constexpr std::size_t kBatch = 512;

} // namespace eventscope::postgres
