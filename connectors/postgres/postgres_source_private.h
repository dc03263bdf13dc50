// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "filter_sql.h"
#include "inspect/event_batch.h"
#include "layout_reader.h"
#include "postgres_source.h"
#include "sequence_proof.h"
#include "store_finder.h"
#include "tail_gaps.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

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
    bool saidAboutStore = false;      ///< a follower was told
    std::vector<std::string> remarks; ///< about the last read
    std::string sagaProblem;          ///< why the tables of sagas cannot be read

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

    /// The filter's part that the server can look at; nothing where it is to look at none.
    FilterSql filterOf(const core::ReadRange& range) const;
    /// SELECT of a range's rows that the filter lets through; parameters are added to those of the filter.
    /// `window` is added as it is.
    std::string filtered(const core::ReadRange& range, FilterSql& filter, std::string_view window) const;
    core::Result<core::ScanReceipt> readAll(const core::ReadRange& range, core::EventSink& sink, std::stop_token stop);
    /// Reads what the filter lets through, a window of positions at a time, so that no statement takes long
    /// however little there is to find. Nothing when the server does not take it as a condition.
    std::optional<core::Result<core::ScanReceipt>> readFiltered(
        const core::ReadRange& range, const FilterSql& filter, core::EventSink& sink, std::stop_token stop);
    /// NotFound when there is no such stream.
    core::Status mustExist(const std::string& stream, std::stop_token stop);
    /// Sentences about the server and the table: why what is seen is not all that there is to know.
    std::vector<std::string> aboutStore() const;
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

/// Delivers what of a read is in its range, and keeps the receipt.
class RangeDelivery {
public:
    RangeDelivery(const core::ReadRange& range, core::EventSink& sink);

    /// False when no more is wanted.
    bool take(const core::SourceEvent& event);
    bool isWanted() const { return m_receipt.stoppedBecause.empty(); }
    void stopBecause(std::string why) { m_receipt.stoppedBecause = std::move(why); }
    /// The receipt, after the rest was delivered.
    core::ScanReceipt& finish();

    std::uint64_t delivered() const { return m_delivered; }
    std::uint64_t scanned() const { return m_receipt.scanned; }
    std::int64_t first() const { return m_first; }
    std::int64_t last() const { return m_last; }
    /// What is odd about what came: NULL payloads, and of one stream read whole, missing and doubled versions.
    std::vector<std::string> remarks() const;

private:
    void countVersion(std::int64_t version);

    const core::ReadRange& m_range;
    Deliverer m_delivery;
    core::ScanReceipt m_receipt;
    std::uint64_t m_delivered = 0;
    std::int64_t m_first = 0, m_last = 0;
    std::uint64_t m_nulls = 0, m_missing = 0, m_doubled = 0;
    std::int64_t m_version = core::SourceEvent::kNone; ///< the last one, of one stream
    std::string m_firstMissing;
    std::int64_t m_firstDoubled = 0;
};

inline constexpr std::size_t kBatch = 512;
/// Pages of this many events keep each statement short.
inline constexpr std::int64_t kCopyPage = 250'000;

} // namespace eventscope::postgres
