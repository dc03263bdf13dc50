// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "import_store.h"

#include "rabbit_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <stop_token>
#include <utility>

namespace eventscope::rabbitmq {

using core::ErrorCode;
using core::fail;
using core::Result;
using core::Status;

namespace {

constexpr std::string_view kOfALook = "amqp.";

std::unexpected<core::Error> onlyForImports()
{
    return fail(ErrorCode::Unsupported, "A broker is read as a source, not as a store.");
}

} // namespace

class ImportStore::Known final : public core::EventSink {
public:
    explicit Known(ImportStore& store) : m_store(store) { }
    bool deliver(std::span<const core::SourceEvent> batch) override
    {
        for (const core::SourceEvent& event : batch) {
            m_store.m_places.insert_or_assign(std::string(event.id), Place{std::string(event.stream), event.version});
            std::int64_t& last = m_store.m_versions[std::string(event.stream)];
            last = std::max(last, event.version);
        }
        return true;
    }

private:
    ImportStore& m_store;
};

Result<std::shared_ptr<ImportStore>> ImportStore::open(const RabbitOptions& rabbit, core::Clock& clock)
{
    std::shared_ptr<ImportStore> store(new ImportStore);
    auto bus = RabbitBus::open(rabbit, clock, {.keepIn = std::string(kStream)});
    if (!bus)
        return std::unexpected(bus.error());
    store->m_bus = std::move(*bus);
    if (Status known = store->readWhatIsThere(rabbit); !known)
        return std::unexpected(known.error());
    return store;
}

Status ImportStore::readWhatIsThere(const RabbitOptions& rabbit)
{
    // The bus has declared it, so it is one.
    const auto source = RabbitSource::open("import", rabbit, {.streams = {std::string(kStream)}, .live = false});
    if (!source)
        return std::unexpected(source.error());
    Known known(*this);
    const auto read = (*source)->read({.stream = std::string(kStream)}, known, {});
    return read ? Status() : std::unexpected(read.error());
}

Result<core::AppendResult> ImportStore::place(
    const core::StreamAppend& append, std::vector<core::RecordedEvent>& fresh, std::map<std::string, Place>& added)
{
    const std::string stream(append.stream);
    std::int64_t& last = m_versions[stream];
    core::AppendResult result{.lastVersion = {last}, .lastPosition = {}, .alreadyStored = true};
    std::int64_t next = append.expected.isExact() ? append.expected.version().value + 1 : last + 1;
    for (const core::NewEvent& event : append.events) {
        const auto known = m_places.find(event.id);
        if (known != m_places.end() || added.contains(event.id)) {
            const Place& place = known != m_places.end() ? known->second : added.at(event.id);
            if (place.stream != stream || (append.expected.isExact() && place.version != next))
                return fail(ErrorCode::IdempotencyConflict,
                    fmt::format("The event {} is there already, as version {} of '{}'.", event.id, place.version,
                        place.stream));
            result.lastVersion = {place.version};
            ++next;
            continue;
        }
        core::RecordedEvent recorded;
        static_cast<core::NewEvent&>(recorded) = event;
        std::erase_if(
            recorded.metadata.headers, [](const core::Header& header) { return header.name.starts_with(kOfALook); });
        recorded.stream = stream;
        recorded.version = {next};
        added.emplace(event.id, Place{stream, next});
        result = {.lastVersion = {next}, .lastPosition = {}, .alreadyStored = false};
        last = std::max(last, next++);
        fresh.push_back(std::move(recorded));
    }
    return result;
}

Result<std::vector<core::AppendResult>> ImportStore::appendAll(std::span<const core::StreamAppend> appends)
{
    const std::scoped_lock lock(m_mutex);
    std::vector<core::AppendResult> results;
    std::vector<core::RecordedEvent> fresh;
    std::map<std::string, Place> added;
    const auto versions = m_versions;
    for (const core::StreamAppend& append : appends) {
        auto placed = place(append, fresh, added);
        if (!placed) {
            m_versions = versions;
            return std::unexpected(placed.error());
        }
        results.push_back(*placed);
    }
    if (Status published = m_bus->publishBatch(fresh); !published) {
        m_versions = versions;
        return std::unexpected(published.error());
    }
    m_places.merge(std::map<std::string, Place, std::less<>>(added.begin(), added.end()));
    return results;
}

Status ImportStore::visitStream(std::string_view, const core::ReadStreamOptions&, const core::EventVisitor&) const
{
    return onlyForImports();
}

Result<core::ReadAllEnd> ImportStore::visitAll(const core::ReadAllOptions&, const core::EventVisitor&) const
{
    return onlyForImports();
}

Result<core::StreamVersion> ImportStore::streamVersion(std::string_view stream) const
{
    const std::scoped_lock lock(m_mutex);
    const auto found = m_versions.find(stream);
    return core::StreamVersion{found == m_versions.end() ? 0 : found->second};
}

Result<core::GlobalPosition> ImportStore::lastPosition() const
{
    return onlyForImports();
}

Result<std::vector<core::StreamInfo>> ImportStore::streams(std::string_view, std::size_t, std::string_view) const
{
    return onlyForImports();
}

Result<std::optional<core::RecordedEvent>> ImportStore::findById(std::string_view) const
{
    return onlyForImports();
}

std::shared_ptr<void> ImportStore::onAppended(std::function<void()> bell)
{
    return std::make_shared<std::function<void()>>(std::move(bell)); // nobody follows an import
}

} // namespace eventscope::rabbitmq
