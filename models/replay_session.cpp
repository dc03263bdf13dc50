// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "replay_session.h"

#include "inspect/filter/filter_expression.h"
#include "inspect/filter/state_attributes.h"
#include "inspect/stream_history.h"
#include "sourcing/order_state.h"
#include "sourcing/upcaster.h"

#include <QMetaObject>
#include <algorithm>
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

    void replayWith(const QString& reducer)
    {
        const std::set<std::size_t> skipped = replay ? replay->skipped() : std::set<std::size_t>();
        replay.emplace(history, reducerNamed(reducer, history->stream()), upcasters);
        for (const std::size_t step : skipped) {
            replay->setSkipped(step, true);
        }
    }

    std::shared_ptr<const ReplayStream> describe() const
    {
        auto stream = std::make_shared<ReplayStream>();
        stream->source = source;
        stream->stream = QString::fromStdString(history->stream());
        stream->reducer = fromView(replay->reducer().name());
        stream->skipped = replay->skipped().size();
        stream->events.reserve(history->size());
        for (std::size_t i = 0; i < history->size(); ++i) {
            const core::SourceEvent& event = history->at(i);
            stream->events.push_back({history->versionAt(i), fromView(event.type), event.time, replay->isSkipped(i + 1),
                replay->isRefused(i + 1)});
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
        worker.history = core::StreamHistory::fromLog(m_log, stream.toStdString(), source.toStdString());
        if (worker.history->size() == 0) {
            tell([this, stream] { Q_EMIT failed(tr("The log holds no event of %1.").arg(stream)); });
            return;
        }
        worker.replayWith(reducer);
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
            const auto shownStep = std::make_shared<const core::ReplayStep>(worker.replay->current());
            tell([this, shownStep] { Q_EMIT shown(shownStep); });
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
        const auto shownStep = std::make_shared<const core::ReplayStep>(worker.replay->current());
        tell([this, described = worker.describe(), shownStep] {
            Q_EMIT changed(described);
            Q_EMIT shown(shownStep);
        });
    });
}

void ReplaySession::setReducer(const QString& reducer)
{
    post([this, reducer](Worker& worker, std::stop_token stop) {
        if (!worker.replay) {
            return;
        }
        const std::size_t position = worker.replay->position();
        worker.replayWith(reducer);
        worker.replay->prepare(stop);
        worker.replay->jump(position);
        const auto shownStep = std::make_shared<const core::ReplayStep>(worker.replay->current());
        tell([this, described = worker.describe(), shownStep] {
            Q_EMIT changed(described);
            Q_EMIT shown(shownStep);
        });
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
        const std::size_t before = worker.history->size();
        for (std::size_t i = before; i < now->size(); ++i) {
            worker.history->append(now->at(i));
        }
        if (worker.history->size() == before) {
            return;
        }
        worker.replay->prepare(stop);
        tell([this, described = worker.describe()] { Q_EMIT changed(described); });
    });
}

} // namespace eventscope::models
