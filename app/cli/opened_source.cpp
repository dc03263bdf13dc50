// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/opened_source.h"

#include "cli/demo_url.h"
#include "demo/told_story.h"
#include "inspect/store_source.h"
#include "sources/file_source_opener.h"
#include "sources/kafka_opening.h"
#include "sources/postgres_opening.h"
#include "sources/rabbitmq_source.h"
#include "sources/source_password.h"
#include "sourcing/sqlite_database.h"
#include "sourcing/sqlite_dead_letter_store.h"
#include "sourcing/sqlite_event_store.h"

#include <fmt/format.h>

#include <filesystem>

namespace eventscope::app {

using core::ErrorCode;
using core::Result;

namespace {

/// What lives on is looked at for longer than its first catalog: that need not be all of it.
constexpr std::size_t kFirstCatalog = 250;

OpenedSource opened(
    const SourceUrl& url, core::StoreParts parts, std::shared_ptr<core::DeadLetterStore> deadLetters, DemoPace pace)
{
    core::StoreSource::Options options;
    options.firstCatalog = pace == DemoPace::Live ? kFirstCatalog : core::kNoLimit;
    return {.source = std::make_unique<core::StoreSource>(nameOf(url), parts, options),
        .events = parts.events,
        .deadLetters = std::move(deadLetters),
        .behind = {}};
}

OpenedSource lookAt(const SourceUrl& url, const DemoSystem& system, std::shared_ptr<void> behind)
{
    return {.source = system.makeSource(nameOf(url)),
        .events = system.sharedEvents(),
        .deadLetters = system.deadLetters(),
        .behind = std::move(behind)};
}

// The clock goes last, as the system needs it to the end.
struct LiveDemo {
    core::SystemClock clock;
    std::unique_ptr<DemoSystem> system;
};

Result<OpenedSource> openDemo(const SourceUrl& url, DemoPace pace, std::stop_token stop)
{
    auto demo = readDemoUrl(url);
    if (!demo) {
        return std::unexpected(demo.error());
    }
    if (pace == DemoPace::Told) {
        auto story = ToldStory::tell(std::move(demo->options), demo->length, std::move(stop));
        if (!story) {
            return std::unexpected(story.error());
        }
        const std::shared_ptr<ToldStory> kept = std::move(*story);
        return lookAt(url, kept->system(), kept);
    }
    const auto live = std::make_shared<LiveDemo>();
    auto system = DemoSystem::open(live->clock, std::move(demo->options));
    if (!system) {
        return std::unexpected(system.error());
    }
    live->system = std::move(*system);
    live->system->start();
    return lookAt(url, *live->system, live);
}

Result<OpenedSource> openFile(const SourceUrl& url)
{
    const auto clock = std::make_shared<core::SystemClock>();
    auto source = openFileSource(url, nameOf(url), FileUse::Command, *clock);
    if (!source) {
        return std::unexpected(source.error());
    }
    return OpenedSource{.source = std::move(*source), .events = {}, .deadLetters = {}, .behind = clock};
}

Result<OpenedSource> openSqlite(const SourceUrl& url, DemoPace pace)
{
    if (!url.options.empty()) {
        return fail(ErrorCode::InvalidArgument,
            fmt::format(
                "sqlite: has no option '{}'; a '?' in the file's name is written %3F.", url.options.front().first));
    }
    auto database = core::SqliteDatabase::open(url.path, {.access = core::SqliteAccess::ReadOnly});
    if (!database) {
        return std::unexpected(database.error());
    }
    const auto events = core::SqliteEventStore::open(*database);
    if (!events) {
        return std::unexpected(events.error());
    }
    auto letters = core::SqliteDeadLetterStore::open(*database);
    if (!letters) {
        return std::unexpected(letters.error());
    }
    const std::shared_ptr<core::DeadLetterStore> deadLetters = std::move(*letters);
    return opened(url, {.events = *events, .deadLetters = deadLetters, .outbox = *events}, deadLetters, pace);
}

// A source without anything beside it.
Result<OpenedSource> onlySource(Result<std::unique_ptr<core::Source>> source)
{
    if (!source) {
        return std::unexpected(source.error());
    }
    return OpenedSource{.source = std::move(*source), .events = {}, .deadLetters = {}, .behind = {}};
}

} // namespace

std::string nameOf(const SourceUrl& url)
{
    if (!url.name.empty()) {
        return url.name;
    }
    if (url.scheme == SourceScheme::Sqlite || url.scheme == SourceScheme::File) {
        const std::string stem = std::filesystem::path(url.path).stem().string();
        return stem.empty() || url.isStandardInput() ? "stdin" : stem;
    }
    if (url.scheme == SourceScheme::Kafka) {
        return kafkaSourceName(url);
    }
    if (!url.hosts.empty()) {
        return (url.database.empty() ? std::string(toString(url.scheme)) : url.database) + '@' + url.hosts.front().name;
    }
    return std::string(toString(url.scheme));
}

Result<OpenedSource> openSource(const SourceUrl& asked, DemoPace pace, std::stop_token stop)
{
    const SourceUrl url = withPasswordFromEnvironment(asked);
    if (url.scheme == SourceScheme::Demo) {
        return openDemo(url, pace, std::move(stop));
    }
    if (url.scheme == SourceScheme::Sqlite) {
        return openSqlite(url, pace);
    }
    if (url.scheme == SourceScheme::Kafka) {
        return openKafka(url, std::move(stop));
    }
    if (url.scheme == SourceScheme::Amqp) {
        return onlySource(openRabbitSource(url, nameOf(url)));
    }
    if (url.scheme == SourceScheme::Postgres) {
        return openPostgres(url, std::move(stop));
    }
    if (url.scheme == SourceScheme::File) {
        return openFile(url);
    }
    return fail(ErrorCode::Unsupported,
        fmt::format("{} cannot be opened: this program was built without a connector for {}.", url.display(),
            toString(url.scheme)));
}

} // namespace eventscope::app
