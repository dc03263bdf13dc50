// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "replay/insert_event_dialog.h"

#include "event/json.h"
#include "event_detail/json_highlighter.h"
#include "payload_edit.h"
#include "theme/fonts.h"
#include "widgets/labels.h"
#include "widgets/notice_line.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>

namespace eventscope::ui {

InsertEventDialog::InsertEventDialog(const QString& type, const std::string& like, QWidget* parent) : QDialog(parent)
{
    setWindowTitle(tr("What if this had happened"));
    m_type = new QLineEdit(type, this);
    m_type->setAccessibleName(tr("Type"));
    m_payload = new QPlainTextEdit(this);
    m_payload->setFont(fonts::data());
    m_payload->setTabChangesFocus(true);
    m_payload->setAccessibleName(tr("Data"));
    m_payload->setPlainText(models::editableText(like).value_or(QString()));
    new JsonHighlighter(m_payload->document());
    m_notice = new NoticeLine(this);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_insert = buttons->addButton(tr("Insert into this branch"), QDialogButtonBox::AcceptRole);
    m_insert->setProperty("role", QStringLiteral("primary"));
    auto* layout = new QFormLayout(this);
    layout->addRow(plainLabel(tr("Type"), this), m_type);
    layout->addRow(plainLabel(tr("Data"), this), m_payload);
    layout->addRow(m_notice);
    layout->addRow(buttons);
    resize(560, 420);
    connect(m_type, &QLineEdit::textChanged, this, &InsertEventDialog::check);
    connect(m_payload, &QPlainTextEdit::textChanged, this, &InsertEventDialog::check);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    check();
    m_type->selectAll();
}

QString InsertEventDialog::type() const
{
    return m_type->text().trimmed();
}

std::string InsertEventDialog::payload() const
{
    const std::string text = m_payload->toPlainText().toStdString();
    return core::isJson(text) ? core::minifyJson(text) : text;
}

void InsertEventDialog::check()
{
    const auto json = core::Json::parse(m_payload->toPlainText().toStdString());
    if (type().isEmpty()) {
        m_notice->setNotice(QLatin1String("dialog-error"), Role::Negative, tr("An event has a type."));
    } else if (!json) {
        m_notice->setNotice(
            QLatin1String("dialog-error"), Role::Negative, QString::fromStdString(json.error().message));
    } else {
        m_notice->setNotice(QLatin1String("dialog-information"), Role::Muted,
            tr("It is part of this branch only; the stream itself is not touched."));
    }
    m_insert->setEnabled(!type().isEmpty() && json);
}

} // namespace eventscope::ui
