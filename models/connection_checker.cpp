// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connection_checker.h"

#include <algorithm>
#include <utility>

namespace eventscope::models {

namespace {
// A name server may keep an abandoned trial waiting; it must not keep the next one.
constexpr int kTrialsAtOnce = 8;
} // namespace

ConnectionChecker::ConnectionChecker(core::SourceCheck check, QObject* parent)
    : QObject(parent), m_check(std::move(check))
{
    m_pool.setMaxThreadCount(kTrialsAtOnce);
}

ConnectionChecker::~ConnectionChecker()
{
    m_stop.request_stop();
    m_pool.waitForDone();
}

void ConnectionChecker::start(const core::SourceUrl& url)
{
    m_stop.request_stop();
    m_stop = std::stop_source();
    m_stages.clear();
    m_running = true;
    Q_EMIT stagesChanged();
    m_pool.start([this, url, trial = ++m_trial, stop = m_stop.get_token()] {
        const auto onlyLatest = [this, trial](auto act) {
            QMetaObject::invokeMethod(
                this,
                [this, trial, act] {
                    if (trial == m_trial && m_running) {
                        act();
                    }
                },
                Qt::QueuedConnection);
        };
        const core::Status checked = m_check(
            url, [&](const core::CheckStage& stage) { onlyLatest([this, stage] { note(stage); }); }, stop);
        const QString sentence = checked ? QString() : QString::fromStdString(checked.error().message);
        onlyLatest([this, well = checked.has_value(), sentence] { end(well, sentence); });
    });
}

void ConnectionChecker::cancel()
{
    if (!m_running) {
        return;
    }
    m_stop.request_stop();
    for (core::CheckStage& stage : m_stages) {
        if (stage.state == core::CheckStage::State::Running) {
            stage.state = core::CheckStage::State::Failed;
            stage.sentence = tr("Stopped.").toStdString();
        }
    }
    Q_EMIT stagesChanged();
    end(false, tr("The test was stopped."));
}

void ConnectionChecker::note(const core::CheckStage& stage)
{
    const auto known = std::ranges::find(m_stages, stage.name, &core::CheckStage::name);
    if (known == m_stages.end()) {
        m_stages.push_back(stage);
    } else {
        *known = stage;
    }
    Q_EMIT stagesChanged();
}

void ConnectionChecker::end(bool well, const QString& sentence)
{
    m_running = false;
    Q_EMIT finished(well, sentence);
}

} // namespace eventscope::models
