// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What if: events edited and inserted, the branch beside the original, and the branch as a test.
#include "dead_letters/payload_editor.h"
#include "plain_text.h"
#include "replay/insert_event_dialog.h"
#include "replay/replay_page.h"
#include "replay_events_model.h"
#include "row_finder.h"
#include "theme/icons.h"

#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QFileDialog>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QSaveFile>
#include <QToolButton>
#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace eventscope::ui {

namespace {
const QString kFromFile = QStringLiteral("from file…");
}

// Reducers.

void ReplayPage::setReducerFactory(models::ReplaySession::ReducerFactory factory)
{
    m_session->setReducerFactory(std::move(factory));
    if (m_reducer->findText(kFromFile) < 0) {
        m_reducer->addItem(kFromFile);
    }
}

void ReplayPage::chooseReducer(const QString& name)
{
    if (name != kFromFile) {
        m_session->setReducer(name);
        return;
    }
    const QString file
        = QFileDialog::getOpenFileName(this, tr("Choose a reducer"), QString(), tr("Reducers (*.js);;All files (*)"));
    if (file.isEmpty()) {
        m_reducer->setCurrentText(m_stream ? m_stream->reducer : QString());
    } else {
        m_session->setReducer(file);
    }
}

// Going to a version or a time.

bool ReplayPage::jumpTo(const QString& text)
{
    if (!m_stream || m_stream->events.empty()) {
        return false;
    }
    const std::vector<models::ReplayEvent>& events = m_stream->events;
    QString wanted = text.trimmed();
    if (wanted.startsWith(QLatin1Char('v'))) {
        wanted.remove(0, 1);
    }
    const models::GoToTarget target = models::parseGoTo(wanted, events.front().time, m_format);
    if (target.kind == models::GoToTarget::Kind::Position) {
        const auto found = std::ranges::find(events, target.position, &models::ReplayEvent::version);
        if (found != events.end()) {
            goTo(static_cast<std::size_t>(found - events.begin()) + 1);
            return true;
        }
        Q_EMIT said(tr("This stream has no version %1; it has %2 to %3.")
                        .arg(target.position)
                        .arg(events.front().version)
                        .arg(events.back().version));
        return false;
    }
    if (target.kind == models::GoToTarget::Kind::Time) {
        const auto after = std::ranges::find_if(events, [&](const auto& event) { return event.time > target.time; });
        goTo(static_cast<std::size_t>(after - events.begin()));
        return true;
    }
    Q_EMIT said(tr("That is neither a version nor a time such as 09:14:02."));
    return false;
}

// Side by side.

void ReplayPage::compare(bool on)
{
    m_session->setComparing(on);
    m_compare->setEnabled(on || (m_stream && m_stream->isBranch()));
    if (!on && m_shown) {
        showStep(m_shown);
    }
}

void ReplayPage::showComparison(const core::ReplayStep& step)
{
    if (!m_compare->isChecked() || !m_shown || step.number != m_shown->number) {
        return;
    }
    showTrees(step);
    m_beforeTitle->setText(tr("THE ORIGINAL"));
    const auto differing = static_cast<quint64>(step.diff.size());
    m_afterTitle->setText(differing == 0 ? tr("THIS BRANCH · the same")
                                         : tr("THIS BRANCH · %1 different").arg(models::formatCount(differing)));
}

// Events.

void ReplayPage::addEventActions()
{
    const auto add = [this](const char* iconName, const QString& text, const QKeySequence& keys, auto act) {
        auto* action = new QAction(icon(QLatin1String(iconName)), text, m_list);
        action->setShortcut(keys);
        action->setShortcutContext(Qt::WidgetShortcut);
        connect(action, &QAction::triggered, this, act);
        m_list->addAction(action);
    };
    add("edit-delete", tr("Leave it out, or take it back in"), QKeySequence(Qt::Key_Delete), &ReplayPage::toggleEvent);
    add("document-edit", tr("Edit its payload in this branch…"), QKeySequence(Qt::Key_F2), &ReplayPage::editEvent);
    add("list-add", tr("Insert an event after it…"), QKeySequence(Qt::Key_Insert), &ReplayPage::insertEvent);
    add("edit-undo", tr("Its payload as it was"), {}, &ReplayPage::revertEvent);
    m_list->setContextMenuPolicy(Qt::ActionsContextMenu);
}

void ReplayPage::toggleEvent()
{
    const QModelIndex row = m_list->currentIndex();
    if (row.isValid()) {
        const bool happened = row.data(Qt::CheckStateRole).toInt() == Qt::Checked;
        m_events->setData(row, static_cast<int>(happened ? Qt::Unchecked : Qt::Checked), Qt::CheckStateRole);
    }
}

void ReplayPage::editEvent()
{
    const QModelIndex row = m_list->currentIndex();
    if (row.isValid()) {
        m_session->askPayload(static_cast<std::size_t>(row.row()) + 1);
    }
}

void ReplayPage::showEditor(std::size_t step, const QByteArray& original, const QByteArray& present)
{
    if (!m_stream || step == 0 || step > m_stream->events.size()) {
        return;
    }
    if (!models::editableText(present.toStdString())) {
        Q_EMIT said(tr("Its payload is no text, or too long to be edited here."));
        return;
    }
    const models::ReplayEvent& event = m_stream->events[step - 1];
    const PayloadEditor::Words words{
        .title = tr("What if %1 (v%2) had been different").arg(models::visibleText(event.type, 60)).arg(event.version),
        .apply = tr("Use in this branch"),
        .applyToAll = {},
        .unchanged = tr("As it was.")};
    auto* editor = new PayloadEditor(words, original.toStdString(), present.toStdString(), this);
    editor->setAttribute(Qt::WA_DeleteOnClose);
    connect(editor, &PayloadEditor::applied, this,
        [this, step, before = original.toStdString()](const std::string& payload) {
            m_session->edit(step, payload == before ? std::nullopt : std::optional(payload));
        });
    editor->open();
}

void ReplayPage::revertEvent()
{
    const QModelIndex row = m_list->currentIndex();
    if (row.isValid()) {
        m_session->edit(static_cast<std::size_t>(row.row()) + 1, std::nullopt);
    }
}

void ReplayPage::insertEvent()
{
    if (!m_stream) {
        return;
    }
    const std::size_t after = step();
    const QString type = after > 0 ? m_stream->events[after - 1].type : QString();
    auto* dialog = new InsertEventDialog(type, "{}", this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this,
        [this, dialog, after] { m_session->insertAfter(after, dialog->type(), dialog->payload()); });
    dialog->open();
}

// The branch as a test.

void ReplayPage::exportTest(bool asLines, bool toFile)
{
    if (!m_stream) {
        return;
    }
    m_exportFile.clear();
    if (toFile) {
        const QString suffix = asLines ? QStringLiteral(".ndjson") : QStringLiteral(".json");
        m_exportFile = QFileDialog::getSaveFileName(this, tr("Save as a test"), m_stream->stream + suffix);
        if (m_exportFile.isEmpty()) {
            return;
        }
    }
    m_session->exportCase(step(), asLines);
}

void ReplayPage::takeExport(const QByteArray& text)
{
    if (m_exportFile.isEmpty()) {
        QGuiApplication::clipboard()->setText(QString::fromUtf8(text));
        Q_EMIT said(tr("Copied: the events given and the state expected."));
        return;
    }
    QSaveFile file(m_exportFile);
    const bool written = file.open(QIODevice::WriteOnly) && file.write(text) == text.size() && file.commit();
    Q_EMIT said(written ? tr("Saved to %1.").arg(m_exportFile)
                        : tr("%1 cannot be written: %2").arg(m_exportFile, file.errorString()));
}

} // namespace eventscope::ui
