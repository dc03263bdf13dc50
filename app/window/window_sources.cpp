// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/window_sources.h"

#include "cli/demo_url.h"
#include "cli/letter_desk.h"
#include "cli/opened_source.h"
#include "cli/output.h"
#include "demo/demo_cluster.h"
#include "demo/demo_source.h"
#include "event/ids.h"
#include "inspect/journal.h"
#include "inspect/problem_log.h"
#include "sources/file_source_opener.h"
#include "sources/kafka_history.h"
#include "sources/kept_source.h"
#include "sourcing/saga_retry.h"
#include "sourcing/sqlite_database.h"
#include "sourcing/sqlite_event_store.h"

#include <span>
#include <stop_token>
#include <string>
#include <utility>

namespace eventscope::app {

namespace {

constexpr std::string_view kOperator = "operator";

core::Result<std::unique_ptr<core::Source>> openKept(const SourceUrl& url)
{
    auto opened = openSource(url, DemoPace::Live, {});
    if (!opened) {
        return std::unexpected(opened.error());
    }
    auto behind = std::make_shared<OpenedSource>(std::move(*opened));
    std::unique_ptr<core::Source> source = std::move(behind->source);
    return std::make_unique<KeptSource>(std::move(source), std::move(behind));
}

core::Status retryInStore(const SourceUrl& url, core::Clock& clock, const std::string& sagaId)
{
    const auto database = core::SqliteDatabase::open(url.path, {.access = core::SqliteAccess::ReadWrite});
    if (!database) {
        return std::unexpected(database.error());
    }
    const auto events = core::SqliteEventStore::open(*database);
    if (!events) {
        return std::unexpected(events.error());
    }
    core::UuidV7Generator ids(clock);
    return core::requestSagaRetry(**events, clock, ids, sagaId, {}, kOperator);
}

} // namespace

core::Status WindowSources::retrySaga(const std::string& connection, const std::string& sagaId)
{
    SourceUrl url;
    {
        const std::scoped_lock lock(m_mutex);
        const auto found = m_urls.find(connection);
        if (found == m_urls.end()) {
            return core::fail(core::ErrorCode::NotFound, "There is no connection named " + connection + ".");
        }
        url = found->second;
    }
    const auto journal = core::Journal::open(core::Journal::defaultFile(), m_clock);
    if (!journal) {
        return std::unexpected(journal.error());
    }
    const core::Journal::Item item{.letterId = sagaId, .queue = {}, .sendId = {}};
    const auto entries
        = (*journal)->plan({core::WriteKind::SagaRetry, journalNameOf(url), {}, {}}, std::span(&item, 1));
    if (!entries) {
        return std::unexpected(entries.error());
    }
    const std::shared_ptr<DemoSystem> system = demo();
    const core::Status asked = url.scheme == SourceScheme::Demo && system ? system->retrySaga(sagaId, {}, kOperator)
                                                                          : retryInStore(url, m_clock, sagaId);
    const core::Status noted = (*journal)->record(entries->front(),
        asked ? core::WriteState::Done : core::WriteState::Failed, asked ? std::string() : asked.error().message);
    return asked ? noted : asked;
}

core::Status WindowSources::open(core::Workspace& workspace, std::string_view url)
{
    const auto parsed = parseSourceUrl(url);
    return parsed ? open(workspace, *parsed) : std::unexpected(parsed.error());
}

core::Status WindowSources::open(core::Workspace& workspace, const SourceUrl& asked, core::ConnectionMark mark)
{
    SourceUrl url = asked;
    url.name = workspace.freeName(nameOf(asked)); // what its events carry is what people see
    const std::string& name = url.name;
    core::SourceFactory factory = [url] { return openKept(url); };
    if (url.scheme == SourceScheme::Demo) {
        factory = [this, url, name, &problems = workspace.problems()] { return openDemo(url, name, problems); };
    }
    if (url.scheme == SourceScheme::File) {
        factory = [this, url, name] { return openFileSource(url, name, FileUse::Window, m_clock); };
    }
    Letters letters{name, journalNameOf(url),
        [url](bool forWriting) { return openLetters(url, forWriting ? LetterAccess::Write : LetterAccess::Look, {}); }};
    if (url.scheme == SourceScheme::Demo) {
        letters.open = [this](bool) { return openDemoLetters(); };
    }
    if (m_gate) {
        factory = [gate = m_gate, open = std::move(factory)] { return gate(), open(); };
        letters.open
            = [gate = m_gate, open = std::move(letters.open)](bool forWriting) { return gate(), open(forWriting); };
    }
    {
        const std::scoped_lock lock(m_mutex);
        std::erase_if(m_letters, [&](const Letters& closed) { return closed.connection == name; });
        m_letters.push_back(std::move(letters));
        m_urls.insert_or_assign(name, url);
    }
    const auto added = workspace.add({.name = name,
        .url = url.display(),
        .open = std::move(factory),
        .onlyLast = url.scheme == SourceScheme::Kafka ? kafkaHistory(url) : std::nullopt,
        .mark = std::move(mark)});
    return added ? core::Status() : std::unexpected(added.error());
}

core::Result<std::unique_ptr<core::Source>> WindowSources::openDemo(
    const SourceUrl& url, const std::string& name, core::ProblemLog& problems)
{
    const std::scoped_lock opening(m_opening);
    std::shared_ptr<DemoSystem> running = demo();
    if (!running) {
        auto options = readDemoUrl(url);
        if (!options) {
            return std::unexpected(options.error());
        }
        if (options->onKafka) {
            m_cluster = std::make_shared<DemoCluster>(m_clock);
            options->options.onPublished
                = [cluster = m_cluster](const core::RecordedEvent& event) { cluster->tell(event); };
        }
        auto system = DemoSystem::open(m_clock, std::move(options->options));
        if (!system) {
            return std::unexpected(system.error());
        }
        running = std::move(*system);
        running->start();
        const std::scoped_lock lock(m_mutex);
        m_demo = running;
    }
    const auto tellWhere = [name, &problems](const std::string& where) {
        problems.add(core::Severity::Note, name, "The demo runs a Kafka of its own as well: " + where);
        say("the demo runs a Kafka of its own as well: " + where);
    };
    return std::make_unique<DemoSource>(running->makeSource(name), m_cluster, tellWhere, running);
}

core::Result<std::shared_ptr<core::DeadLetterQueue>> WindowSources::openDemoLetters() const
{
    const std::shared_ptr<DemoSystem> system = demo();
    if (!system) {
        return core::fail(core::ErrorCode::Unreachable, "The demo is still being opened.");
    }
    std::shared_ptr<core::DeadLetterQueue> queue = system->makeDeadLetterQueue();
    core::DeadLetterQueue* address = queue.get();
    const auto both = std::make_shared<std::pair<std::shared_ptr<DemoSystem>, std::shared_ptr<core::DeadLetterQueue>>>(
        system, std::move(queue));
    return std::shared_ptr<core::DeadLetterQueue>(both, address);
}

std::vector<WindowSources::Letters> WindowSources::letters() const
{
    const std::scoped_lock lock(m_mutex);
    return m_letters;
}

std::shared_ptr<DemoSystem> WindowSources::demo() const
{
    const std::scoped_lock lock(m_mutex);
    return m_demo;
}

} // namespace eventscope::app
