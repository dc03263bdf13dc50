// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connect/connect_desk.h"

#include "connect/connect_dialog.h"
#include "connect/password_dialog.h"

#include <QMessageBox>
#include <QPushButton>
#include <QWidget>
#include <utility>

namespace eventscope::ui {

using models::ConnectionProfile;

namespace {
/// What a SecretKeeper answers where there is no key chain.
constexpr auto kNoKeyChain = core::ErrorCode::Unsupported;
} // namespace

ConnectDesk::ConnectDesk(ConnectServices services, QWidget* window)
    : QObject(window)
    , m_services(std::move(services))
    , m_window(window)
    , m_checker(m_services.check)
    , m_hasKeyChain(m_services.secrets != nullptr)
{
}

ConnectDesk::~ConnectDesk()
{
    m_stop.request_stop();
    delete m_dialog.data();
    m_pool.waitForDone();
}

// The dialog.

ConnectDialog* ConnectDesk::dialog() const
{
    return m_dialog;
}

ConnectDialog* ConnectDesk::makeDialog()
{
    if (m_dialog) {
        return m_dialog;
    }
    m_dialog = new ConnectDialog(m_profiles, m_checker, m_window);
    m_dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(m_dialog, &ConnectDialog::testWanted, this, &ConnectDesk::test);
    connect(m_dialog, &ConnectDialog::saveWanted, this, &ConnectDesk::save);
    connect(m_dialog, &ConnectDialog::removeWanted, this, &ConnectDesk::remove);
    connect(m_dialog, &ConnectDialog::connectWanted, this, [this](const ConnectionProfile& profile) {
        connectTo(profile);
        if (m_dialog) {
            m_dialog->close();
        }
    });
    lookAround();
    return m_dialog;
}

void ConnectDesk::lookAround()
{
    if (!m_services.find) {
        return;
    }
    m_pool.start([this, find = m_services.find, stop = m_stop.get_token()] {
        auto found = find(stop);
        QMetaObject::invokeMethod(
            this,
            [this, found = std::move(found)]() mutable {
                if (m_dialog) {
                    m_dialog->setFound(std::move(found));
                }
            },
            Qt::QueuedConnection);
    });
}

void ConnectDesk::showDialog()
{
    ConnectDialog* dialog = makeDialog();
    dialog->show();
    dialog->raise();
    dialog->activateWindow();
}

void ConnectDesk::edit(const QString& id)
{
    makeDialog()->edit(id);
    showDialog();
}

void ConnectDesk::test(const ConnectionProfile& profile)
{
    models::fillSecrets(profile, m_services.secrets, m_dialog,
        [this](const ConnectionProfile& filled, const core::Status&) { m_checker.start(filled.url); });
}

// Saved sources.

void ConnectDesk::save(const ConnectionProfile& profile)
{
    const auto before = m_profiles.find(profile.id);
    ConnectionProfile kept = profile;
    kept.id = m_profiles.put(profile);
    if (before && (before->url.account() != kept.url.account() || kept.password != ConnectionProfile::Password::Keep)) {
        forget(*before);
    }
    if (m_dialog) {
        m_dialog->noteSaved(kept);
        m_dialog->say(tr("Saved."));
    }
    models::keepSecrets(kept, m_services.secrets, this, [this, where = models::shownName(kept)](const auto& written) {
        if (written) {
            return;
        }
        const QString sentence = tr("Saved without its password, which will be asked for: %1")
                                     .arg(QString::fromStdString(written.error().message));
        noteKeyChain(written);
        if (m_dialog) {
            m_dialog->say(sentence);
        }
        Q_EMIT said(sentence);
    });
}

void ConnectDesk::forget(const ConnectionProfile& profile)
{
    if (!m_services.secrets || m_profiles.anotherUses(profile.url.account(), profile.id)) {
        return;
    }
    for (const models::SecretItem& item : models::secretItems(profile)) {
        m_services.secrets->remove(item.key, this, [](const core::Status&) {}); // gone, or was never there
    }
}

void ConnectDesk::remove(const QString& id)
{
    const auto profile = m_profiles.find(id);
    if (!profile) {
        return;
    }
    auto* box = new QMessageBox(QMessageBox::Question, tr("Remove a saved source"),
        tr("Remove %1 and its password? Nothing at the source itself changes.").arg(models::shownName(*profile)),
        QMessageBox::Cancel, m_dialog ? static_cast<QWidget*>(m_dialog) : m_window);
    box->setTextFormat(Qt::PlainText);
    box->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton* yes = box->addButton(tr("Remove %1").arg(models::shownName(*profile)), QMessageBox::AcceptRole);
    yes->setProperty("role", QStringLiteral("danger"));
    box->setDefaultButton(QMessageBox::Cancel);
    connect(yes, &QPushButton::clicked, this, [this, gone = *profile] {
        m_profiles.remove(gone.id);
        forget(gone);
        if (m_dialog) {
            m_dialog->beginNew(gone.url.scheme);
        }
    });
    box->open();
}

// Connecting.

void ConnectDesk::connectToSaved(const QString& id)
{
    if (const auto profile = m_profiles.find(id)) {
        connectTo(*profile);
    }
}

void ConnectDesk::connectAtStart()
{
    const std::vector<ConnectionProfile> all = m_profiles.profiles();
    for (const ConnectionProfile& profile : all) {
        if (profile.openAtStart) {
            connectTo(profile);
        }
    }
}

void ConnectDesk::noteKeyChain(const core::Status& answer)
{
    m_hasKeyChain = m_hasKeyChain && (answer || answer.error().code != kNoKeyChain);
}

bool ConnectDesk::mustAsk(const ConnectionProfile& profile) const
{
    if (!models::lacksSecrets(profile)) {
        return false;
    }
    const bool onlyPassword = profile.secretOptions.isEmpty() && m_services.wantsPassword;
    return !onlyPassword || m_services.wantsPassword(profile.url);
}

void ConnectDesk::connectTo(const ConnectionProfile& profile)
{
    if (!mustAsk(profile)) {
        open(profile);
        return;
    }
    models::fillSecrets(
        profile, m_services.secrets, this, [this](const ConnectionProfile& filled, const core::Status& read) {
            noteKeyChain(read);
            const bool isKnown = m_services.hasKnownPassword && m_services.hasKnownPassword(filled.url);
            if (mustAsk(filled) && !isKnown) {
                ask(filled);
            } else {
                open(filled);
            }
        });
}

void ConnectDesk::ask(const ConnectionProfile& profile)
{
    const bool canKeep = m_hasKeyChain && profile.password == ConnectionProfile::Password::Keep;
    auto* dialog = new PasswordDialog(profile, canKeep, m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        const ConnectionProfile filled = dialog->filled();
        if (dialog->keepsIt()) {
            models::keepSecrets(filled, m_services.secrets, this, [this](const core::Status& written) {
                if (!written) {
                    noteKeyChain(written);
                    Q_EMIT said(
                        tr("The password is not kept: %1").arg(QString::fromStdString(written.error().message)));
                }
            });
        }
        open(filled);
    });
    connect(dialog, &QDialog::rejected, this, [this, name = models::shownName(profile)] {
        Q_EMIT said(tr("%1 is not open: its password was not given.").arg(name));
    });
    dialog->open();
}

void ConnectDesk::open(const ConnectionProfile& profile)
{
    if (!m_services.open) {
        return;
    }
    const core::Status opened = m_services.open(profile);
    if (!opened) {
        Q_EMIT failed(models::shownName(profile), QString::fromStdString(opened.error().message));
    }
}

} // namespace eventscope::ui
