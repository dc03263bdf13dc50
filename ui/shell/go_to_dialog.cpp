// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/go_to_dialog.h"

#include "plain_text.h"
#include "widgets/notice_line.h"

#include <QDialogButtonBox>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

namespace eventscope::ui {

using Kind = models::GoToTarget::Kind;

GoToDialog::GoToDialog(
    const core::EventLog& log, models::RowFinder& finder, const models::TimeFormat& format, QWidget* parent)
    : QDialog(parent), m_log(log), m_finder(finder), m_format(format)
{
    setWindowTitle(tr("Go to"));
    m_edit = new QLineEdit(this);
    m_edit->setPlaceholderText(tr("an id, a position, a time (09:14:02), a stream"));
    m_edit->setAccessibleName(tr("Where to go"));
    m_notice = new NoticeLine(this);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_go = buttons->addButton(tr("Go"), QDialogButtonBox::AcceptRole);
    m_go->setProperty("role", QStringLiteral("primary"));
    m_go->setDefault(true);
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(10);
    layout->addWidget(m_edit);
    layout->addWidget(m_notice);
    layout->addStretch();
    layout->addWidget(buttons);
    setMinimumWidth(460);

    connect(m_edit, &QLineEdit::textChanged, this, &GoToDialog::explain);
    connect(buttons, &QDialogButtonBox::accepted, this, &GoToDialog::go);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(&m_finder, &models::RowFinder::found, this, &QDialog::accept);
    connect(&m_finder, &models::RowFinder::notFound, this, &GoToDialog::sayNothingFound);
    connect(this, &QDialog::rejected, &m_finder, &models::RowFinder::cancel);
    explain();
}

QString GoToDialog::sentence() const
{
    return m_notice->text();
}

models::GoToTarget GoToDialog::target() const
{
    const core::Timestamp around = m_log.size() > 0 ? m_log.timeAt(m_log.size() - 1) : core::Timestamp{};
    return models::parseGoTo(m_edit->text(), around, m_format);
}

void GoToDialog::explain()
{
    const models::GoToTarget to = target();
    QString sentence;
    switch (to.kind) {
    case Kind::Nothing: sentence = tr("An event's id, a position, a time, a stream or a correlation id."); break;
    case Kind::Position:
        sentence = tr("The event at position %1.")
                       .arg(models::formatCount(static_cast<quint64>(std::max<qint64>(0, to.position))));
        break;
    case Kind::Time: sentence = tr("The first event at or after %1.").arg(m_format.exact(to.time)); break;
    case Kind::Text: sentence = tr("The event of that id, or the first of that stream or correlation id."); break;
    }
    m_notice->setNotice(QLatin1String("dialog-information"), Role::Muted, sentence);
    m_go->setEnabled(to.kind != Kind::Nothing);
}

void GoToDialog::go()
{
    const models::GoToTarget to = target();
    if (to.kind == Kind::Nothing) {
        return;
    }
    m_notice->setNotice(QLatin1String("state-connecting"), Role::Accent, tr("Looking…"));
    m_finder.find(to);
}

void GoToDialog::sayNothingFound()
{
    const quint64 rows = m_log.size();
    if (rows == 0) {
        m_notice->setNotice(
            QLatin1String("dialog-warning"), Role::Warning, tr("There are no events yet to look through."));
        return;
    }
    m_notice->setNotice(QLatin1String("dialog-warning"), Role::Warning,
        tr("None of the %1 events here has %2 as its id, stream, correlation id or position.")
            .arg(models::formatCount(rows), models::visibleText(m_edit->text().trimmed(), 60)));
    m_edit->selectAll();
    m_edit->setFocus();
}

} // namespace eventscope::ui
