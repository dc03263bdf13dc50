// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rabbit_bus.h"
#include "rabbit_options.h"

#include "event/clock.h"
#include "sourcing/event_store.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::rabbitmq {

/// Where events are imported to: published to the exchange `events` as the bus does it, and kept in the
/// stream `events.log`, from which they read back as they were. What that stream holds already is
/// recognised by its id. Only for appending: the reads answer Unsupported, RabbitSource looks. Not all
/// or none: what was confirmed of a failed append is there, and is recognised when it is repeated.
/// Headers of the form "amqp.…" are what a look at a broker adds, and stay out. // any thread
class ImportStore final : public core::EventStore {
public:
    static constexpr std::string_view kStream = "events.log";

    /// Reads the stream. The clock outlives it.
    static core::Result<std::shared_ptr<ImportStore>> open(const RabbitOptions& rabbit, core::Clock& clock);

    core::Result<std::vector<core::AppendResult>> appendAll(std::span<const core::StreamAppend> appends) override;

    core::Status visitStream(std::string_view stream, const core::ReadStreamOptions& options,
        const core::EventVisitor& visit) const override;
    core::Result<core::ReadAllEnd> visitAll(
        const core::ReadAllOptions& options, const core::EventVisitor& visit) const override;
    core::Result<core::StreamVersion> streamVersion(std::string_view stream) const override;
    core::Result<core::GlobalPosition> lastPosition() const override;
    core::Result<std::vector<core::StreamInfo>> streams(
        std::string_view after, std::size_t limit, std::string_view category) const override;
    core::Result<std::optional<core::RecordedEvent>> findById(std::string_view eventId) const override;
    [[nodiscard]] std::shared_ptr<void> onAppended(std::function<void()> bell) override;

private:
    struct Place {
        std::string stream;
        std::int64_t version = 0;
    };
    class Known;

    ImportStore() = default;
    core::Status readWhatIsThere(const RabbitOptions& rabbit);
    core::Result<core::AppendResult> place(
        const core::StreamAppend& append, std::vector<core::RecordedEvent>& fresh, std::map<std::string, Place>& added);

    std::unique_ptr<RabbitBus> m_bus;
    mutable std::mutex m_mutex;
    std::map<std::string, Place, std::less<>> m_places;          ///< by event id
    std::map<std::string, std::int64_t, std::less<>> m_versions; ///< the last one, by stream
};

} // namespace eventscope::rabbitmq
