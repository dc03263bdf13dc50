// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/letter_desk.h"

#include "cli/opened_source.h"
#include "inspect/parked_letters.h"
#include "sources/kafka_opening.h"
#include "sources/postgres_opening.h"
#include "sources/rabbitmq_source.h"
#include "sources/source_password.h"
#include "sourcing/memory_redelivery_queue.h"
#include "sourcing/sqlite_database.h"
#include "sourcing/sqlite_dead_letter_store.h"
#include "sourcing/sqlite_event_store.h"
#include "sourcing/sqlite_redelivery_queue.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

namespace eventscope::app {

using core::ErrorCode;
using core::Result;

namespace {

struct Desk {
    std::shared_ptr<void> behind;
    std::shared_ptr<core::EventStore> events;
    std::shared_ptr<core::DeadLetterStore> letters;
    std::shared_ptr<core::RedeliveryQueue> redeliveries;
    std::unique_ptr<core::ParkedLetters> queue;
};

std::shared_ptr<core::DeadLetterQueue> queueOf(std::shared_ptr<Desk> desk)
{
    desk->queue = std::make_unique<core::ParkedLetters>(*desk->letters, *desk->redeliveries, desk->events.get());
    core::DeadLetterQueue* queue = desk->queue.get();
    return {std::move(desk), queue};
}

Result<std::shared_ptr<core::DeadLetterQueue>> openSqlite(const SourceUrl& url, LetterAccess access)
{
    const auto mode = access == LetterAccess::Write ? core::SqliteAccess::ReadWrite : core::SqliteAccess::ReadOnly;
    const auto database = core::SqliteDatabase::open(url.path, {.access = mode});
    if (!database) {
        return std::unexpected(database.error());
    }
    auto events = core::SqliteEventStore::open(*database);
    if (!events) {
        return std::unexpected(events.error());
    }
    auto letters = core::SqliteDeadLetterStore::open(*database);
    if (!letters) {
        return std::unexpected(letters.error());
    }
    auto redeliveries = core::SqliteRedeliveryQueue::open(*database);
    if (!redeliveries) {
        return std::unexpected(redeliveries.error());
    }
    auto desk = std::make_shared<Desk>();
    desk->events = *events;
    desk->letters = std::move(*letters);
    desk->redeliveries = std::move(*redeliveries);
    return queueOf(std::move(desk));
}

/// The demo of a command lives as long as the command: what is sent is handled, or gone, with it.
Result<std::shared_ptr<core::DeadLetterQueue>> openDemo(const SourceUrl& url, std::stop_token stop)
{
    auto opened = openSource(url, DemoPace::Told, std::move(stop));
    if (!opened) {
        return std::unexpected(opened.error());
    }
    auto desk = std::make_shared<Desk>();
    desk->events = opened->events;
    desk->letters = opened->deadLetters;
    desk->redeliveries = std::make_shared<core::MemoryRedeliveryQueue>();
    desk->behind = opened->behind;
    return queueOf(std::move(desk));
}

} // namespace

Result<std::shared_ptr<core::DeadLetterQueue>> openLetters(
    const SourceUrl& asked, LetterAccess access, std::stop_token stop)
{
    const SourceUrl url = withPasswordFromEnvironment(asked);
    switch (url.scheme) {
    case SourceScheme::Sqlite: return openSqlite(url, access);
    case SourceScheme::Demo: return openDemo(url, std::move(stop));
    case SourceScheme::Amqp: return openRabbitLetters(url);
    case SourceScheme::Kafka: return openKafkaLetters(url, std::move(stop));
    case SourceScheme::Postgres: return openPostgresLetters(url, access, std::move(stop));
    default:
        return fail(ErrorCode::Unsupported,
            fmt::format("{} cannot be opened: this program was built without a connector for {}.", url.display(),
                toString(url.scheme)));
    }
}

std::string journalNameOf(const SourceUrl& url)
{
    if (url.scheme == SourceScheme::Kafka) { // whatever is looked at of it, and however
        SourceUrl cluster = url.withoutSecrets();
        cluster.database.clear();
        cluster.options.clear();
        return cluster.display();
    }
    if (url.scheme == SourceScheme::Amqp) {
        return url.account(); // its options only say how it is looked at
    }
    if (url.scheme != SourceScheme::Sqlite) {
        return url.withoutSecrets().display(); // the same whether it was opened with a password or without
    }
    std::error_code error;
    const std::filesystem::path path = std::filesystem::weakly_canonical(url.path, error);
    return "sqlite:" + (error ? url.path : path.string());
}

} // namespace eventscope::app
