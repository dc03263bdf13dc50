// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "replay_session.h"

#include "inspect/filter/filter_expression.h"
#include "inspect/filter/state_attributes.h"
#include "inspect/replay_case.h"
#include "inspect/stream_history.h"
#include "sourcing/order_state.h"
#include "sourcing/upcaster.h"

#include <QMetaObject>
#include <algorithm>
#include <iterator>
#include <utility>

namespace eventscope::models {

namespace {

std::shared_ptr<core::Reducer> reducerNamed(const QString& name, const std::string& stream)
{
    std::shared_ptr<core::Reducer> reducer = core::makeNativeReducer(name.toStdString());
    return reducer ? reducer : std::shared_ptr<core::Reducer>(core::nativeReducerFor(stream));
}

QString fromView(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

} // namespace

/// What only the worker's thread touches.
struct ReplaySession::Worker {
    QString source;
    std::shared_ptr<core::StreamHistory> history;
    std::shared_ptr<const core::UpcasterChain> upcasters
        = std::make_shared<const core::UpcasterChain>(core::orderUpcasters());
    std::optional<core::Replay> replay;
    std::set<std::size_t> inserted; ///< steps
    ReducerFactory factory;
    QString reducerName;                  ///< as it was asked for
    std::optional<core::Replay> original; ///< to compare with; made when it is asked for
    bool comparing = false;

    core::Result<std::shared_ptr<core::Reducer>> reducerOf(const QString& name) const
    {
        const bool isFile = name.contains(QLatin1Char('/')) || name.endsWith(QLatin1String(".js"));
        return isFile && factory ? factory(name.toStdString()) : reducerNamed(name, history->stream());
    }

    core::Status replayWith(const QString& name)
    {
        auto reducer = reducerOf(name);
        if (!reducer) {
            return std::unexpected(reducer.error());
        }
        branch(history, std::move(*reducer), [](std::size_t step) { return step; });
        reducerName = name;
        return {};
    }

    /// The same branch over another history or with another reducer; its steps are where `moved` says.
    template <class Moved>
    void branch(std::shared_ptr<core::StreamHistory> next, std::shared_ptr<core::Reducer> reducer, const Moved& moved)
    {
        core::Replay made(next, std::move(reducer), upcasters);
        for (std::size_t step = 1; replay && step <= replay->size(); ++step) {
            if (replay->isSkipped(step)) {
                made.setSkipped(moved(step), true);
            }
            if (replay->isEdited(step)) {
                made.edit(moved(step), std::string(replay->eventAt(step).payload));
            }
        }
        history = std::move(next);
        replay.emplace(std::move(made));
        original.reset();
    }

    core::Status insertAfter(std::size_t at, const std::string& type, const std::string& payload)
    {
        auto reducer = reducerOf(reducerName);
        if (!reducer) {
            return std::unexpected(reducer.error());
        }
        const std::string sourceName = source.toStdString();
        core::SourceEvent event;
        event.source = sourceName;
        event.stream = history->stream();
        event.type = type;
        event.payload = payload;
        event.time = at > 0 ? history->at(at - 1).time : core::Timestamp{};
        auto next = std::make_shared<core::StreamHistory>(history->stream(), sourceName);
        for (std::size_t i = 0; i <= history->size(); ++i) {
            if (i == at) {
                next->append(event);
            }
            if (i < history->size()) {
                next->append(history->at(i));
            }
        }
        const auto moved = [at](std::size_t step) { return step > at ? step + 1 : step; };
        std::set<std::size_t> steps{at + 1};
        for (const std::size_t step : inserted) {
            steps.insert(moved(step));
        }
        branch(std::move(next), std::move(*reducer), moved);
        inserted = std::move(steps);
        return {};
    }

    /// The original's state after the event that the step is, or that comes before it.
    core::Json originalState(std::size_t step, const core::EventLog& log)
    {
        if (!original) {
            original.emplace(core::StreamHistory::fromLog(log, history->stream(), source.toStdString()),
                reducerOf(reducerName).value_or(reducerNamed({}, history->stream())), upcasters);
        }
        const auto before = static_cast<std::size_t>(std::distance(inserted.begin(), inserted.upper_bound(step)));
        return original->stateAt(std::min(step - before, original->size()));
    }

    std::shared_ptr<const ReplayStream> describe() const
    {
        auto stream = std::make_shared<ReplayStream>();
        stream->source = source;
        stream->stream = QString::fromStdString(history->stream());
        stream->reducer = fromView(replay->reducer().name());
        stream->skipped = replay->skipped().size();
        stream->inserted = inserted.size();
        stream->events.reserve(history->size());
        for (std::size_t i = 0; i < history->size(); ++i) {
            const core::SourceEvent& event = history->at(i);
            stream->events.push_back({history->versionAt(i), fromView(event.type), event.time, replay->isSkipped(i + 1),
                replay->isEdited(i + 1), inserted.contains(i + 1), replay->isRefused(i + 1)});
            stream->edited += replay->isEdited(i + 1) ? 1U : 0U;
        }
        return stream;
    }
};

ReplaySession::ReplaySession(const core::EventLog& log, QObject* parent)
    : QObject(parent), m_log(log), m_thread([this](std::stop_token stop) { run(std::move(stop)); })
{
}

ReplaySession::~ReplaySession()
{
    cancel();
    m_thread.request_stop();
    m_thread.join();
}

void ReplaySession::post(Task task, bool isJump)
{
    {
        const std::scoped_lock lock(m_mutex);
        if (isJump) {
            std::erase_if(m_tasks, [](const auto& waiting) { return waiting.second; });
        }
        m_tasks.emplace_back(std::move(task), isJump);
    }
    m_wake.notify_one();
}

void ReplaySession::run(std::stop_token stop)
{
    Worker worker;
    while (true) {
        Task task;
        std::stop_token cancelled;
        {
            std::unique_lock lock(m_mutex);
            if (!m_wake.wait(lock, stop, [this] { return !m_tasks.empty(); })) {
                return;
            }
            task = std::move(m_tasks.front().first);
            m_tasks.pop_front();
            m_current = std::stop_source();
            cancelled = m_current.get_token();
        }
        task(worker, cancelled);
    }
}

void ReplaySession::cancel()
{
    const std::scoped_lock lock(m_mutex);
    m_current.request_stop();
}

template <class Emit>
void ReplaySession::tell(Emit emission)
{
    QMetaObject::invokeMethod(this, std::move(emission), Qt::QueuedConnection);
}

void ReplaySession::open(const QString& source, const QString& stream, const QString& reducer)
{
    cancel();
    Q_EMIT busy(tr("Reading %1…").arg(stream));
    post([this, source, stream, reducer](Worker& worker, std::stop_token stop) {
        worker.source = source;
        worker.replay.reset();
        worker.inserted.clear();
        worker.history = core::StreamHistory::fromLog(m_log, stream.toStdString(), source.toStdString());
        if (worker.history->size() == 0) {
            tell([this, stream] { Q_EMIT failed(tr("The log holds no event of %1.").arg(stream)); });
            return;
        }
        if (const core::Status made = worker.replayWith(reducer); !made) {
            tell([this, why = QString::fromStdString(made.error().message)] { Q_EMIT failed(why); });
            return;
        }
        if (!worker.replay->prepare(stop)) {
            tell([this] { Q_EMIT failed(tr("Stopped before the stream was read.")); });
            return;
        }
        tell([this, described = worker.describe()] { Q_EMIT opened(described); });
    });
}

void ReplaySession::jump(std::size_t step)
{
    post(
        [this, step](Worker& worker, const std::stop_token&) {
            if (!worker.replay) {
                return;
            }
            worker.replay->jump(std::min(step, worker.replay->size()));
            tellShown(worker);
        },
        true);
}

void ReplaySession::setSkipped(std::size_t step, bool skipped)
{
    post([this, step, skipped](Worker& worker, std::stop_token stop) {
        if (!worker.replay) {
            return;
        }
        worker.replay->setSkipped(step, skipped);
        worker.replay->prepare(stop);
        tell([this, described = worker.describe()] { Q_EMIT changed(described); });
        tellShown(worker);
    });
}

void ReplaySession::setReducer(const QString& reducer)
{
    post([this, reducer](Worker& worker, std::stop_token stop) {
        if (!worker.replay) {
            return;
        }
        const std::size_t position = worker.replay->position();
        if (const core::Status made = worker.replayWith(reducer); !made) {
            tell([this, described = worker.describe(), why = QString::fromStdString(made.error().message)] {
                Q_EMIT changed(described); // with the reducer that it still has
                Q_EMIT refused(why);
            });
            return;
        }
        worker.replay->prepare(stop);
        worker.replay->jump(position);
        tell([this, described = worker.describe()] { Q_EMIT changed(described); });
        tellShown(worker);
    });
}

void ReplaySession::tellShown(Worker& worker)
{
    const auto step = std::make_shared<const core::ReplayStep>(worker.replay->current());
    tell([this, step] { Q_EMIT shown(step); });
    if (!worker.comparing) {
        return;
    }
    auto both = std::make_shared<core::ReplayStep>();
    both->number = step->number;
    both->before = worker.originalState(step->number, m_log);
    both->after = step->after;
    both->diff = core::diffJson(both->before, both->after);
    tell([this, both] { Q_EMIT compared(both); });
}

// Branches.

void ReplaySession::setReducerFactory(ReducerFactory factory)
{
    post([factory = std::move(factory)](Worker& worker, const std::stop_token&) { worker.factory = factory; });
}

void ReplaySession::setComparing(bool on)
{
    post([this, on](Worker& worker, const std::stop_token&) {
        worker.comparing = on;
        if (worker.replay) {
            tellShown(worker);
        }
    });
}

void ReplaySession::askPayload(std::size_t step)
{
    post([this, step](Worker& worker, const std::stop_token&) {
        if (!worker.replay || step == 0 || step > worker.replay->size()) {
            return;
        }
        const auto bytes
            = [](std::string_view text) { return QByteArray(text.data(), static_cast<qsizetype>(text.size())); };
        const core::SourceEvent present = worker.replay->eventAt(step);
        tell([this, step, original = bytes(worker.history->at(step - 1).payload), now = bytes(present.payload)] {
            Q_EMIT payloadRead(step, original, now);
        });
    });
}

void ReplaySession::edit(std::size_t step, std::optional<std::string> payload)
{
    post([this, step, payload = std::move(payload)](Worker& worker, std::stop_token stop) {
        if (!worker.replay || step == 0 || step > worker.replay->size()) {
            return;
        }
        worker.replay->edit(step, payload);
        worker.replay->prepare(stop);
        tell([this, described = worker.describe()] { Q_EMIT changed(described); });
        tellShown(worker);
    });
}

void ReplaySession::insertAfter(std::size_t step, const QString& type, std::string payload)
{
    post([this, step, type = type.toStdString(), payload = std::move(payload)](Worker& worker, std::stop_token stop) {
        if (!worker.replay || step > worker.replay->size()) {
            return;
        }
        if (const core::Status done = worker.insertAfter(step, type, payload); !done) {
            tell([this, why = QString::fromStdString(done.error().message)] { Q_EMIT refused(why); });
            return;
        }
        worker.replay->prepare(stop);
        worker.replay->jump(step + 1);
        tell([this, described = worker.describe()] { Q_EMIT changed(described); });
        tellShown(worker);
    });
}

void ReplaySession::exportCase(std::size_t step, bool asLines)
{
    post([this, step, asLines](Worker& worker, const std::stop_token&) {
        if (!worker.replay) {
            return;
        }
        const std::string text
            = asLines ? core::ReplayCase::ndjson(*worker.replay, step) : core::ReplayCase::json(*worker.replay, step);
        tell([this, text] { Q_EMIT exported(QByteArray::fromStdString(text)); });
    });
}

void ReplaySession::askHistory(const QString& pointer)
{
    post([this, pointer](Worker& worker, std::stop_token stop) {
        if (!worker.replay) {
            return;
        }
        const auto values = worker.replay->historyOf(pointer.toStdString(), stop);
        if (!values) {
            return; // stopped: another question came
        }
        auto history = std::make_shared<ReplayPathHistory>();
        history->pointer = pointer;
        for (const core::PathValue& value : *values) {
            history->values.push_back({value.step,
                value.value ? QString::fromStdString(value.value->dump()) : QString(), value.value.has_value()});
        }
        tell([this, history] { Q_EMIT historyFound(history); });
    });
}

void ReplaySession::find(const QString& expression)
{
    const auto parsed = core::FilterExpression::compile(expression.toStdString());
    if (!parsed) {
        Q_EMIT found(std::nullopt, QString::fromStdString(parsed.error().message));
        return;
    }
    post([this, filter = *parsed](Worker& worker, std::stop_token stop) {
        if (!worker.replay) {
            return;
        }
        const auto holds
            = [&](const core::Json& state, std::size_t) { return filter.matches(core::StateAttributes(state)); };
        const auto step = worker.replay->findFirst(holds, stop);
        if (!step) {
            tell([this] { Q_EMIT found(std::nullopt, tr("Stopped before the end.")); });
            return;
        }
        tell([this, answer = *step] {
            Q_EMIT found(answer, answer ? QString() : tr("It holds after no step of this stream."));
        });
    });
}

void ReplaySession::refresh()
{
    post([this](Worker& worker, std::stop_token stop) {
        if (!worker.replay) {
            return;
        }
        const auto now = core::StreamHistory::fromLog(m_log, worker.history->stream(), worker.source.toStdString());
        const std::size_t before = worker.history->size() - worker.inserted.size();
        for (std::size_t i = before; i < now->size(); ++i) {
            worker.history->append(now->at(i));
        }
        if (now->size() <= before) {
            return;
        }
        worker.original.reset();
        worker.replay->prepare(stop);
        tell([this, described = worker.describe()] { Q_EMIT changed(described); });
    });
}

} // namespace eventscope::models
