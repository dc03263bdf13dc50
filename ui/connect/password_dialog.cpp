// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connect/password_dialog.h"

#include "secret_keeper.h"
#include "widgets/labels.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace eventscope::ui {

PasswordDialog::PasswordDialog(const models::ConnectionProfile& profile, bool canKeep, QWidget* parent)
    : QDialog(parent), m_profile(profile)
{
    setWindowTitle(tr("Password"));
    auto* fields = new QFormLayout;
    for (const models::SecretItem& item : models::secretItems(profile)) {
        if (!item.value.isEmpty()) {
            continue;
        }
        auto* edit = new QLineEdit(this);
        edit->setEchoMode(QLineEdit::Password);
        const QString label = item.option.isEmpty() ? tr("Password") : item.option;
        edit->setAccessibleName(label);
        fields->addRow(plainLabel(label, this), edit);
        m_edits.emplace_back(item.option, edit);
    }
    m_keep = new QCheckBox(tr("Keep it in the key chain"), this);
    m_keep->setChecked(canKeep);
    m_keep->setVisible(canKeep);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    QPushButton* open = buttons->addButton(tr("Connect"), QDialogButtonBox::AcceptRole);
    open->setProperty("role", QStringLiteral("primary"));
    open->setDefault(true);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(10);
    layout->addWidget(
        plainLabel(tr("%1 signs in at %2.")
                       .arg(models::shownName(profile), QString::fromStdString(profile.url.withoutSecrets().display())),
            this));
    layout->addLayout(fields);
    layout->addWidget(m_keep);
    layout->addWidget(buttons);
    setMinimumWidth(420);
}

models::ConnectionProfile PasswordDialog::filled() const
{
    models::ConnectionProfile profile = m_profile;
    for (const auto& [option, edit] : m_edits) {
        if (!edit->text().isEmpty()) {
            models::setSecret(profile, option, edit->text());
        }
    }
    return profile;
}

bool PasswordDialog::keepsIt() const
{
    return !m_keep->isHidden() && m_keep->isChecked();
}

} // namespace eventscope::ui
