// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/journalled_write.h"
#include "demo/demo_system.h"
#include "demo/kafka_stage.h"
#include "demo/story_copy.h"
#include "event/json.h"
#include "sources/postgres_opening.h"
#include "sources/rabbitmq_source.h"
#include "sources/source_password.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace eventscope::app {

using core::Json;

namespace {

constexpr double kViewsPerSecond = 1000;

/// What goes wrong in the system itself, told once: a full disk stops every order with the same words.
class Problems {
public:
    void add(std::string_view sentence) // any thread
    {
        const std::scoped_lock lock(m_mutex);
        const std::size_t cause = sentence.find(": ");
        if (m_told.emplace(cause == sentence.npos ? sentence : sentence.substr(cause)).second) {
            say(sentence);
        }
    }
    bool any() const
    {
        const std::scoped_lock lock(m_mutex);
        return !m_told.empty();
    }

private:
    mutable std::mutex m_mutex;
    std::set<std::string> m_told;
};

DemoOptions optionsOf(
    const DemoArguments& arguments, const std::shared_ptr<KafkaStage>& stage, const std::shared_ptr<Problems>& problems)
{
    DemoOptions options;
    options.seed = arguments.seed.value_or(kDefaultSeed);
    // A database may hold an earlier story, whose events a new one must not repeat.
    if (arguments.to && arguments.to->scheme == SourceScheme::Postgres && !arguments.seed) {
        options.seed = static_cast<std::uint64_t>(core::SystemClock().now().time_since_epoch().count());
    }
    options.rate = arguments.rate.value_or(kDefaultRate);
    options.failureShare = arguments.failures.value_or(kDefaultFailureShare);
    if (arguments.to && arguments.to->scheme == SourceScheme::Sqlite) {
        options.file = arguments.to->path;
    }
    if (stage) {
        options.onPublished = [stage, problems](const core::RecordedEvent& event) {
            if (const core::Status told = stage->tell(event); !told) {
                problems->add(told.error().message);
            }
        };
    }
    options.onProblem = [problems](std::string_view sentence) { problems->add(sentence); };
    return options;
}

void setCounts(Json& json, const DemoFigures& now, const DemoFigures& before)
{
    const auto count = [&](const char* name, auto from, auto to) {
        json.set(name, static_cast<std::int64_t>(to) - static_cast<std::int64_t>(from));
    };
    count("orders", before.orders, now.orders);
    count("events", before.events, now.events);
    count("completed", before.sagas.completed, now.sagas.completed);
    count("compensated", before.sagas.compensated, now.sagas.compensated);
    count("stuck", before.sagas.stuck, now.sagas.stuck);
    count("views", before.views, now.views);
    count("deadLetters", before.deadLetters, now.deadLetters);
}

// What was done since `before`, how things stand now, and all since the start.
std::string secondLine(std::int64_t second, const DemoFigures& now, const DemoFigures& before, const DemoFigures& start)
{
    Json json;
    json.set("second", second);
    setCounts(json, now, before);
    json.set("running", static_cast<std::int64_t>(now.sagas.queued + now.sagas.active + now.sagas.waiting));
    json.set("outbox", static_cast<std::int64_t>(now.outboxBacklog));
    Json total;
    setCounts(total, now, start);
    json.set("total", std::move(total));
    return json.dump();
}

ExitCode refuse(std::string_view sentence, ExitCode code)
{
    say(sentence);
    return code;
}

// Runs for as long as it was asked to, with a line a second.
void perform(DemoSystem& system, const DemoArguments& arguments, core::Clock& clock, CommandContext& context,
    const std::function<void()>& eachSecond)
{
    const DemoFigures atStart = system.figures();
    DemoFigures before = atStart;
    const core::Timestamp begin = clock.now();
    const auto length = std::chrono::microseconds(std::llround(arguments.seconds * 1e6));
    system.start();
    if (arguments.views) {
        system.burstViews(kViewsPerSecond, std::chrono::ceil<std::chrono::milliseconds>(length));
    }
    for (std::int64_t second = 1; begin + std::chrono::seconds(second - 1) < begin + length; ++second) {
        const auto due = begin + std::min<std::chrono::microseconds>(std::chrono::seconds(second), length);
        if (!clock.sleepUntil(due, context.stop)) {
            break;
        }
        const DemoFigures now = system.figures();
        context.out.line(secondLine(second, now, before, atStart));
        if (!context.out.flush()) {
            break;
        }
        before = now;
        eachSecond();
    }
    system.stop();
    eachSecond();
}

} // namespace

ExitCode runCommand(const DemoArguments& arguments, CommandContext& context)
{
    const bool isToKafka = arguments.to && arguments.to->scheme == SourceScheme::Kafka;
    const bool isToPostgres = arguments.to && arguments.to->scheme == SourceScheme::Postgres;
    const bool isToRabbit = arguments.to && arguments.to->scheme == SourceScheme::Amqp;
    const bool isToSqlite = arguments.to && arguments.to->scheme == SourceScheme::Sqlite;
    if (arguments.to && !isToSqlite && !isToKafka && !isToPostgres && !isToRabbit) {
        return refuse("the demo can keep its story in sqlite:PATH or postgres://host/DATABASE, tell it to "
                      "kafka://host/TOPIC, or run over amqp://host.",
            ExitCode::Usage);
    }
    if (arguments.to && !arguments.unlock) {
        return refuse(
            fmt::format("{} is locked: nothing was written; add --unlock to allow it.", arguments.to->display()),
            ExitCode::Refused);
    }
    core::SystemClock clock;
    std::optional<JournalledWrite> entry;
    if (arguments.to) {
        auto begun
            = JournalledWrite::begin(core::WriteKind::Append, *arguments.to, "demo", "the demo's order system", clock);
        if (!begun) {
            return refuse("nothing was written, because the journal cannot take note of it: " + begun.error().message,
                ExitCode::Refused);
        }
        entry = std::move(*begun);
    }
    const auto problems = std::make_shared<Problems>();
    const auto cannotOpen = [&](const core::Error& error) {
        if (entry) {
            entry->end(core::WriteState::Failed, error.message);
        }
        return refuse(error.message, exitCodeOfOpening(error));
    };
    std::shared_ptr<KafkaStage> stage;
    if (isToKafka) {
        auto opened = KafkaStage::open(withPasswordFromEnvironment(*arguments.to), clock);
        if (!opened) {
            return cannotOpen(opened.error());
        }
        stage = std::move(*opened);
    }
    std::optional<StoryCopy> copy;
    if (isToPostgres) {
        auto opened = openPostgresStore(*arguments.to);
        if (!opened) {
            return cannotOpen(opened.error());
        }
        copy.emplace(std::move(*opened));
    }
    DemoOptions options = optionsOf(arguments, stage, problems);
    if (isToRabbit) {
        auto broker = openRabbitDemo(
            withPasswordFromEnvironment(*arguments.to), clock, [](std::string_view sentence) { say(sentence); });
        if (!broker) {
            return cannotOpen(broker.error());
        }
        options.broker = std::move(*broker);
    }
    const auto system = DemoSystem::open(clock, std::move(options));
    if (!system) {
        return cannotOpen(system.error());
    }
    const std::int64_t eventsBefore = (*system)->figures().events;
    perform(**system, arguments, clock, context, [&] {
        if (const core::Status copied = copy ? copy->bringUpToDate((*system)->events()) : core::Status(); !copied) {
            problems->add(copied.error().message);
        }
    });
    if (const core::Status told = stage ? stage->tellLetters(*(*system)->deadLetters()) : core::Status(); !told) {
        problems->add(told.error().message);
    }
    if (entry) {
        const std::int64_t written = copy ? copy->copied() : (*system)->figures().events - eventsBefore;
        entry->end(core::WriteState::Done, fmt::format("{} events", written));
        say(fmt::format("{} events were written to {}.", written, arguments.to->display()));
    }
    return problems->any() ? ExitCode::Refused : ExitCode::Done;
}

} // namespace eventscope::app
