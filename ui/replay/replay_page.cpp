// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "replay/replay_page.h"

#include "frame_bell.h"
#include "inspect/workspace.h"
#include "json_tree/json_tree_view.h"
#include "plain_text.h"
#include "replay/replay_event_delegate.h"
#include "replay/step_slider.h"
#include "replay_events_model.h"
#include "replay_history_model.h"
#include "replay_state.h"
#include "shell/state_overlay.h"
#include "shell/waiting_state.h"
#include "theme/fonts.h"
#include "widgets/labels.h"

#include <QComboBox>
#include <QItemSelectionModel>
#include <QLineEdit>
#include <QListView>
#include <QToolButton>
#include <algorithm>

namespace eventscope::ui {

using namespace std::chrono_literals;

namespace {
constexpr auto kLongestWait = 2000ms; // at the original speed nobody waits for a quiet night
constexpr auto kRefreshEvery = 500ms;
} // namespace

ReplayPage::ReplayPage(core::Workspace& workspace, QWidget* parent)
    : Page(parent)
    , m_workspace(workspace)
    , m_session(new models::ReplaySession(workspace.log(), this))
    , m_bell(new models::FrameBell(kRefreshEvery, this))
    , m_events(new models::ReplayEventsModel(this))
    , m_history(new models::ReplayHistoryModel(this))
    , m_before(new models::JsonTreeModel(this))
    , m_after(new models::JsonTreeModel(this))
{
    setUpLayout();
    connectSession();
    addShortcuts();
    addEventActions();
    connect(&m_idleTimer, &QTimer::timeout, this, &ReplayPage::showIdle);
    showIdle();
}

ReplayPage::~ReplayPage() = default;

/// While nobody has asked for a stream; how the sources stand changes without a sign.
void ReplayPage::showIdle()
{
    if (!m_isIdle) {
        m_idleTimer.stop();
    } else if (!showWhyNothingCame(*m_overlay, m_workspace)) {
        m_overlay->showEmpty(tr("No stream is being replayed"),
            tr("Choose a stream in Sources or an event in Events, and “Replay stream” in its menu (R)."));
    }
}

void ReplayPage::connectSession()
{
    connect(m_session, &models::ReplaySession::busy, this,
        [this](const QString& what) { m_overlay->showBusy(what, {}, tr("Stop")); });
    connect(m_session, &models::ReplaySession::failed, this, [this](const QString& sentence) {
        m_overlay->showError(tr("This stream cannot be replayed"), models::visibleText(sentence));
    });
    connect(m_overlay, &StateOverlay::actionTriggered, this, [this] {
        if (m_isIdle) {
            retrySources(m_workspace);
        } else {
            m_session->cancel();
        }
    });
    connect(m_session, &models::ReplaySession::opened, this, [this](auto stream) {
        m_overlay->showNothing();
        m_events->setStream(nullptr);
        takeStream(stream);
        std::size_t target = stream->events.size();
        if (m_wantedVersion) {
            const auto found = std::ranges::find(stream->events, *m_wantedVersion, &models::ReplayEvent::version);
            if (found != stream->events.end()) {
                target = static_cast<std::size_t>(found - stream->events.begin()) + 1;
            }
        }
        goTo(target);
        m_session->askHistory(m_path);
    });
    connect(m_session, &models::ReplaySession::changed, this, [this](auto stream) {
        takeStream(stream);
        m_session->askHistory(m_path);
    });
    connect(m_session, &models::ReplaySession::shown, this, &ReplayPage::showStep);
    connect(m_session, &models::ReplaySession::compared, this, [this](const auto& step) { showComparison(*step); });
    connect(m_session, &models::ReplaySession::payloadRead, this, &ReplayPage::showEditor);
    connect(m_session, &models::ReplaySession::exported, this, &ReplayPage::takeExport);
    connect(m_session, &models::ReplaySession::refused, this,
        [this](const QString& sentence) { Q_EMIT said(models::visibleText(sentence)); });
    connect(m_session, &models::ReplaySession::historyFound, this, [this](auto history) {
        m_historyTitle->setText(tr("HISTORY OF %1").arg(models::visibleText(history->pointer.mid(1))));
        m_history->setHistory(history, m_stream);
    });
    connect(m_session, &models::ReplaySession::found, this,
        [this](std::optional<std::size_t> step, const QString& sentence) {
            m_findAnswer->setText(models::visibleText(sentence));
            if (step) {
                goTo(*step);
            }
        });
    connect(m_events, &models::ReplayEventsModel::skipWanted, m_session, &models::ReplaySession::setSkipped);
    m_bell->attach([this](auto ring) { return m_workspace.log().onAppended(std::move(ring)); });
    connect(m_bell, &models::FrameBell::rang, this, &ReplayPage::follow);
    m_playTimer.setSingleShot(true);
    connect(&m_playTimer, &QTimer::timeout, this, &ReplayPage::playNext);
}

void ReplayPage::replay(const QString& source, const QString& stream, std::optional<std::int64_t> version)
{
    play(false);
    m_isIdle = false;
    m_wantedVersion = version;
    m_session->open(source, stream);
}

bool ReplayPage::showStream(const QString& source, const QString& stream)
{
    replay(source, stream);
    return true;
}

void ReplayPage::follow()
{
    if (isVisible() && m_stream) {
        m_session->refresh();
    }
}

void ReplayPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    follow();
    showIdle();
    if (m_isIdle) {
        m_idleTimer.start(kRefreshEvery);
    }
}

void ReplayPage::hideEvent(QHideEvent* event)
{
    m_idleTimer.stop();
    Page::hideEvent(event);
}

void ReplayPage::takeStream(std::shared_ptr<const models::ReplayStream> stream)
{
    m_stream = std::move(stream);
    m_name->setText(models::visibleText(m_stream->stream));
    const auto count = static_cast<std::uint64_t>(m_stream->events.size());
    QString summary = count == 1 ? tr("1 event") : tr("%1 events").arg(models::formatCount(count));
    const auto add = [&summary](std::size_t number, const QString& word) {
        summary += number > 0 ? QStringLiteral(" · %1 %2").arg(number).arg(word) : QString();
    };
    add(m_stream->skipped, tr("left out"));
    add(m_stream->edited, tr("edited"));
    add(m_stream->inserted, tr("inserted"));
    if (m_stream->isBranch()) {
        summary += tr(" · a branch, the original is untouched");
    }
    m_compare->setEnabled(m_stream->isBranch() || m_compare->isChecked());
    m_summary->setText(summary);
    if (m_reducer->findText(m_stream->reducer) < 0) {
        m_reducer->insertItem(0, m_stream->reducer); // of a file
    }
    m_reducer->setCurrentText(m_stream->reducer);
    m_events->setStream(m_stream);
    m_slider->setStream(m_stream);
}

std::size_t ReplayPage::step() const
{
    return m_shown ? m_shown->number : 0;
}

void ReplayPage::goTo(std::size_t step)
{
    if (m_stream) {
        m_session->jump(std::min(step, m_stream->events.size()));
    }
}

void ReplayPage::stepBy(int steps)
{
    const auto target = static_cast<std::ptrdiff_t>(m_slider->step()) + steps;
    if (target >= 0) {
        m_slider->setStep(static_cast<std::size_t>(target)); // so that quick steps add up
        goTo(m_slider->step());
    }
}

void ReplayPage::showStep(std::shared_ptr<const core::ReplayStep> step)
{
    m_shown = std::move(step);
    const std::size_t number = m_shown->number;
    m_slider->setStep(number);
    const QModelIndex row = number > 0 ? m_events->index(static_cast<int>(number) - 1) : QModelIndex();
    m_list->selectionModel()->setCurrentIndex(row, QItemSelectionModel::ClearAndSelect);
    const auto versionOf = [&](std::size_t n) {
        return n == 0 ? tr("start") : QStringLiteral("v%1").arg(m_stream->events[n - 1].version);
    };
    m_place->setText(tr("%1 of %2").arg(versionOf(number)).arg(m_stream->events.size()));
    m_beforeTitle->setText(number == 0 ? tr("BEFORE") : tr("BEFORE · %1").arg(versionOf(number - 1)));
    m_afterTitle->setText(number == 0
            ? tr("AT THE START")
            : tr("AFTER · %1 %2").arg(versionOf(number), models::visibleText(m_stream->events[number - 1].type)));
    m_refusal->setVisible(m_shown->error.has_value());
    if (m_shown->error) {
        m_refusal->setText(tr("⚠ Refused by the reducer: %1")
                               .arg(models::visibleText(QString::fromStdString(m_shown->error->message))));
    }
    if (!m_compare->isChecked()) {
        showTrees(*m_shown);
    }
}

void ReplayPage::showTrees(const core::ReplayStep& step)
{
    const models::ReplayTrees trees = models::treesOf(step);
    const QString section = QStringLiteral("state");
    m_before->setSections({{section, trees.before, {}, section}});
    m_before->setMarks({{section, trees.beforeMarks}});
    m_after->setSections({{section, trees.after, {}, section}});
    m_after->setMarks({{section, trees.afterMarks}});
    m_beforeView->expandUsefully();
    m_afterView->expandUsefully();
}

void ReplayPage::showPath(const QModelIndex& index)
{
    const QString path = index.data(models::JsonTreeModel::PathRole).toString();
    if (!path.isEmpty() && path != m_path) {
        m_path = path;
        m_session->askHistory(path);
    }
}

void ReplayPage::play(bool on)
{
    if (on && m_stream) {
        if (step() >= m_stream->events.size()) {
            goTo(0);
        }
        m_playTimer.start(delayToNext());
    } else {
        m_playTimer.stop();
    }
    showPlaying();
}

void ReplayPage::playNext()
{
    stepBy(1);
    if (m_stream && m_slider->step() < m_stream->events.size()) {
        m_playTimer.start(delayToNext());
    }
    showPlaying();
}

/// The time between the events divided by the speed, or the chosen rate.
std::chrono::milliseconds ReplayPage::delayToNext() const
{
    const double speed = m_speed->currentData().toDouble();
    if (speed < 0) {
        return std::chrono::milliseconds(static_cast<int>(-1000 / speed));
    }
    const std::size_t next = m_slider->step();
    if (next == 0 || next >= m_stream->events.size()) {
        return 300ms;
    }
    const auto gap = m_stream->events[next].time - m_stream->events[next - 1].time;
    const auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(gap / speed);
    return std::clamp<std::chrono::milliseconds>(wait, 10ms, kLongestWait);
}

void ReplayPage::focusStart()
{
    m_slider->setFocus();
}

void ReplayPage::setUtc(bool utc)
{
    m_format = models::TimeFormat(utc ? models::TimeFormat::Zone::Utc : models::TimeFormat::Zone::Local);
    m_events->setTimeFormat(m_format);
    m_history->setTimeFormat(m_format);
}

/// The longest order stream of the first thousands: it has the most to show.
void ReplayPage::showExample()
{
    const core::EventLog& log = m_workspace.log();
    std::optional<core::LogRow> best;
    std::int64_t longest = 0;
    for (core::LogRow row = 0; row < std::min<core::LogRow>(log.size(), 5000); ++row) {
        const core::LogEvent event = log.at(row);
        if (log.text(event.stream).starts_with("order-") && event.version > longest) {
            longest = event.version;
            best = row;
        }
    }
    if (best) {
        const core::LogEvent event = log.at(*best);
        const auto text = [&](core::TextId id) {
            const std::string_view view = log.text(id);
            return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
        };
        replay(text(event.source), text(event.stream));
    }
}

} // namespace eventscope::ui
