// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dead_letters/payload_editor.h"

#include "dead_letters/changes_view.h"
#include "event_detail/json_highlighter.h"
#include "plain_text.h"
#include "theme/fonts.h"
#include "theme/icons.h"
#include "widgets/labels.h"
#include "widgets/notice_line.h"

#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSplitter>
#include <QVBoxLayout>
#include <chrono>
#include <utility>

namespace eventscope::ui {

namespace {
constexpr std::chrono::milliseconds kTypingPause{120};
}

PayloadEditor::PayloadEditor(const Words& words, std::string original, const std::string& present, QWidget* parent)
    : QDialog(parent), m_original(std::move(original)), m_unchanged(words.unchanged)
{
    setWindowTitle(words.title);
    m_text = new QPlainTextEdit(this);
    m_text->setFont(fonts::data());
    m_text->setTabChangesFocus(true);
    m_text->setAccessibleName(tr("Payload"));
    m_text->setPlainText(models::editableText(present).value_or(QString()));
    new JsonHighlighter(m_text->document());
    m_notice = new NoticeLine(this);
    m_changes = new ChangesView(this);
    m_changes->setColumnHidden(models::PayloadChangesModel::LetterColumn, true);
    auto* revert = new QPushButton(icon(QLatin1String("edit-undo")), tr("Back to the original"), this);
    auto* cancel = new QPushButton(tr("Cancel"), this);
    m_applyAll = new QPushButton(this);
    m_applyAll->setObjectName(QStringLiteral("applyToAll"));
    m_applyAll->setText(words.applyToAll);
    m_applyAll->setVisible(!words.applyToAll.isEmpty());
    m_apply = new QPushButton(words.apply, this);
    m_apply->setObjectName(QStringLiteral("apply"));
    m_apply->setProperty("role", QStringLiteral("primary"));

    auto* split = new QSplitter(Qt::Vertical, this);
    split->setHandleWidth(1);
    split->addWidget(m_text);
    split->addWidget(m_changes);
    split->setStretchFactor(0, 3);
    split->setStretchFactor(1, 1);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(revert);
    buttons->addStretch();
    buttons->addWidget(cancel);
    buttons->addWidget(m_applyAll);
    buttons->addWidget(m_apply);
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(10);
    layout->addWidget(split, 1);
    layout->addWidget(m_notice);
    layout->addLayout(buttons);
    resize(720, 560);

    m_timer.setSingleShot(true);
    m_timer.setInterval(kTypingPause);
    connect(&m_timer, &QTimer::timeout, this, &PayloadEditor::check);
    connect(m_text, &QPlainTextEdit::textChanged, this, [this] {
        m_apply->setEnabled(false); // until it is known what the text means
        m_applyAll->setEnabled(false);
        m_timer.start();
    });
    connect(revert, &QPushButton::clicked, this, &PayloadEditor::revert);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_apply, &QPushButton::clicked, this, [this] {
        Q_EMIT applied(m_edit.payload);
        accept();
    });
    connect(m_applyAll, &QPushButton::clicked, this, [this] {
        Q_EMIT appliedToAll(m_edit.changes);
        accept();
    });
    check();
    m_text->setFocus();
}

void PayloadEditor::revert()
{
    m_text->setPlainText(models::editableText(m_original).value_or(QString()));
}

void PayloadEditor::check()
{
    const QString text = m_text->toPlainText();
    m_edit = models::editPayload(m_original, text);
    const bool hidden = models::visibleText(text, text.size() + 1, models::Lines::Keep) != text;
    if (!m_edit.problem.isEmpty()) {
        m_notice->setNotice(QLatin1String("dialog-error"), Role::Negative, m_edit.problem);
    } else if (hidden) {
        m_notice->setNotice(QLatin1String("dialog-warning"), Role::Warning,
            tr("It holds characters that cannot be seen; they go out as they are."));
    } else if (!m_edit.isChanged) {
        m_notice->setNotice(QLatin1String("dialog-information"), Role::Muted, m_unchanged);
    } else {
        m_notice->setNotice(QLatin1String("object-select"), Role::Positive,
            m_edit.isJson ? tr("JSON; numbers go out exactly as they are written here.")
                          : tr("Not JSON, as the original; it goes out as this text."));
    }
    m_changes->changes().setChange({}, m_original, m_edit.problem.isEmpty() ? m_edit.payload : m_original);
    m_apply->setEnabled(m_edit.problem.isEmpty());
    m_applyAll->setEnabled(m_edit.problem.isEmpty() && m_edit.isJson && m_edit.isChanged);
}

} // namespace eventscope::ui
