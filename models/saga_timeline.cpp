// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "saga_timeline.h"

#include "event_format.h"
#include "plain_text.h"
#include "saga_words.h"

#include <QCoreApplication>
#include <algorithm>

namespace eventscope::models {

namespace {

using Outcome = core::SagaAttempt::Outcome;

constexpr qsizetype kLabelChars = 80;

QString tr(const char* text)
{
    return QCoreApplication::translate("eventscope::models::SagaTimeline", text);
}

class TimelineBuilder {
public:
    TimelineBuilder(const core::SagaState& state, core::Timestamp now)
        : m_state(state), m_now(std::max(now, state.updatedAt()))
    {
    }

    SagaTimeline build()
    {
        m_timeline.from = m_state.startedAt();
        m_timeline.to = m_state.updatedAt();
        for (const core::SagaStepState& step : m_state.steps()) {
            addStep(step);
        }
        if (m_state.cause()) {
            for (auto step = m_state.steps().rbegin(); step != m_state.steps().rend(); ++step) {
                addCompensation(*step);
            }
        }
        return std::move(m_timeline);
    }

private:
    SagaBar barOf(const core::SagaAttempt& attempt, bool isLast)
    {
        SagaBar bar{.from = attempt.startedAt,
            .to = attempt.endedAt.value_or(m_now),
            .startVersion = attempt.startVersion.value};
        bar.to = std::max(bar.to, bar.from);
        QString how;
        switch (attempt.outcome) {
        case Outcome::Running:
            bar.kind = attempt.compensation ? SagaBar::Kind::Compensation : SagaBar::Kind::Running;
            how = tr("running");
            m_timeline.grows = true;
            break;
        case Outcome::Succeeded:
            bar.kind = attempt.compensation ? SagaBar::Kind::Compensation : SagaBar::Kind::Done;
            how = tr("done");
            break;
        case Outcome::Failed:
            bar.kind = isLast ? SagaBar::Kind::Failed : SagaBar::Kind::FailedBefore;
            how = tr("failed: %1").arg(visibleText(attempt.error.message));
            break;
        case Outcome::Unknown:
            bar.kind = SagaBar::Kind::Unknown;
            bar.to = bar.from; // until the next attempt; see addBars
            how = tr("its worker was lost, how it ended is not known");
            break;
        }
        bar.description = tr("attempt %1, %2").arg(attempt.number).arg(how);
        m_timeline.to = std::max(m_timeline.to, bar.to);
        return bar;
    }

    void addBars(SagaLine& line, const core::SagaStepState& step, bool compensation)
    {
        std::vector<const core::SagaAttempt*> attempts;
        for (const core::SagaAttempt& attempt : step.spans) {
            if (attempt.compensation == compensation) {
                attempts.push_back(&attempt);
            }
        }
        for (const core::SagaAttempt* attempt : attempts) {
            if (!line.bars.empty() && line.bars.back().kind == SagaBar::Kind::Unknown) {
                line.bars.back().to = attempt->startedAt;
            }
            line.bars.push_back(barOf(*attempt, attempt == attempts.back()));
        }
        if (attempts.empty()) {
            return;
        }
        const core::SagaAttempt& last = *attempts.back();
        if (attempts.size() > 1) {
            line.right = tr("%1 attempts").arg(attempts.size());
        } else if (last.outcome == Outcome::Running) {
            line.right = tr("running");
        } else if (last.endedAt) {
            line.right = formatDuration(*last.endedAt - last.startedAt);
        }
    }

    void finish(SagaLine line, const QString& status)
    {
        QStringList words{line.label, status};
        for (const SagaBar& bar : line.bars) {
            words += bar.description;
        }
        if (!line.right.isEmpty()) {
            words += line.right;
        }
        line.description = words.join(QLatin1String(", "));
        m_timeline.lines.push_back(std::move(line));
    }

    void addStep(const core::SagaStepState& step)
    {
        SagaLine line{.label = visibleText(step.name, kLabelChars)};
        addBars(line, step, false);
        QString status = sagaStepText(step.status);
        if (line.bars.empty()) {
            const bool over = m_state.cause() || m_state.hasEnded();
            line.placeholder = over ? tr("not reached") : m_nextStepFound ? tr("later") : tr("next");
            m_nextStepFound = true;
            status = line.placeholder;
        }
        finish(std::move(line), status);
    }

    void addCompensation(const core::SagaStepState& step)
    {
        SagaLine line{.label = visibleText(step.compensation, kLabelChars), .compensation = true};
        addBars(line, step, true);
        if (line.bars.empty() && !step.needsCompensation()) {
            return;
        }
        QString status = sagaStepText(step.status);
        if (line.bars.empty()) {
            line.placeholder = m_nextCompensationFound ? tr("later") : tr("next");
            m_nextCompensationFound = true;
            status = line.placeholder;
        }
        finish(std::move(line), status);
    }

    const core::SagaState& m_state;
    const core::Timestamp m_now;
    SagaTimeline m_timeline;
    bool m_nextStepFound = false, m_nextCompensationFound = false;
};

} // namespace

SagaTimeline sagaTimeline(const core::SagaState& state, core::Timestamp now)
{
    return TimelineBuilder(state, now).build();
}

} // namespace eventscope::models
