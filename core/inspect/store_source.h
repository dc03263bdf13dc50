// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/source.h"
#include "sourcing/dead_letter_store.h"
#include "sourcing/event_store.h"
#include "sourcing/outbox.h"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace eventscope::core {

/// What a StoreSource looks at. Only the event store must be there.
struct StoreParts {
    std::shared_ptr<EventStore> events;
    std::shared_ptr<const DeadLetterStore> deadLetters{};
    std::shared_ptr<const Outbox> outbox{};
    /// What else can be done beside looking, when somebody wires it: shown as capabilities.
    bool canRequeue = false;
    bool canDiscard = false;
};

/// An event store (embedded, SQLite) seen as a source: its streams, its dead letters, its events as
/// they are committed. Commits of this process wake it; those of others are found by polling.
class StoreSource final : public Source {
public:
    struct Options {
        std::chrono::milliseconds poll{250};
        std::size_t batch = 512; ///< events a delivery
        /// Streams that the first catalog lists, so that events need not wait for millions of streams;
        /// every later one lists all.
        std::size_t firstCatalog = kNoLimit;
    };
    StoreSource(std::string name, StoreParts parts) : StoreSource(std::move(name), std::move(parts), Options{}) { }
    StoreSource(std::string name, StoreParts parts, Options options);
    ~StoreSource() override;

    const std::string& name() const override { return m_name; }
    Capabilities capabilities() const override;
    Result<std::vector<CatalogEntry>> catalog(std::stop_token stop) override;
    Result<ScanReceipt> read(const ReadRange& range, EventSink& sink, std::stop_token stop) override;
    Status follow(const FollowStart& start, EventSink& sink, std::stop_token stop) override;
    Result<Probe> probe(std::stop_token stop) override;

private:
    const std::string m_name;
    const StoreParts m_parts;
    const Options m_options;
    bool m_listed = false;
};

} // namespace eventscope::core
