// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connect/connect_desk.h"
#include "connection_profiles_model.h"
#include "inspect/source_url.h"
#include "main_window/main_window.h"
#include "shell/go_to_dialog.h"
#include "theme/icons.h"

#include <QAction>
#include <QDropEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QSettings>
#include <QUrl>

namespace eventscope::ui {

// Opening sources.

void MainWindow::open(const QString& url)
{
    if (!m_services.openSource) {
        return;
    }
    const core::Status opened = m_services.openSource(url);
    if (!opened) {
        noteProblem(QString::fromStdString(core::withoutSecrets(url.toStdString())),
            QString::fromStdString(opened.error().message));
    }
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    if (event->mimeData()->hasUrls()) {
        event->acceptProposedAction();
    }
}

namespace {

/// Stores are told by their names; of all other files whoever reads them looks what they are.
QString urlOfFile(const QString& path)
{
    const QString suffix = QFileInfo(path).suffix().toLower();
    const bool isStore = suffix == QLatin1String("db") || suffix.startsWith(QLatin1String("sqlite"));
    core::SourceUrl url;
    url.scheme = isStore ? core::SourceScheme::Sqlite : core::SourceScheme::File;
    url.path = path.toStdString();
    return QString::fromStdString(url.text());
}

} // namespace

void MainWindow::dropEvent(QDropEvent* event)
{
    for (const QUrl& url : event->mimeData()->urls()) {
        if (url.isLocalFile()) {
            open(urlOfFile(url.toLocalFile()));
        }
    }
}

void MainWindow::openStore()
{
    const QString path = QFileDialog::getOpenFileName(this, tr("Open a file"), QString(),
        tr("Captures, event stores and event files (*.eventscope *.db *.sqlite *.sqlite3 *.ndjson *.jsonl *.json *.gz "
           "*.zst);;All files (*)"));
    if (!path.isEmpty()) {
        open(urlOfFile(path));
    }
}

void MainWindow::showConnect()
{
    m_desk->showDialog();
}

void MainWindow::buildConnections()
{
    m_desk = new ConnectDesk(m_services.connect, this);
    connect(m_desk, &ConnectDesk::said, this, &MainWindow::say);
    connect(m_desk, &ConnectDesk::failed, this, &MainWindow::noteProblem);
    connect(&m_desk->profiles(), &models::ConnectionProfilesModel::edited, this, [this] {
        if (m_services.keepState) {
            QSettings settings;
            m_desk->profiles().save(settings);
        }
    });
}

QWidget* MainWindow::makeConnectButton()
{
    auto* button = new QPushButton(icon(QLatin1String("list-add")), tr("Connect"));
    auto* menu = new QMenu(button);
    connect(menu, &QMenu::aboutToShow, this, [this, menu] {
        menu->clear();
        menu->addAction(icon(QLatin1String("list-add")), tr("New connection…"), this, &MainWindow::showConnect);
        menu->addAction(icon(QLatin1String("document-open")), tr("Open a file…"), this, &MainWindow::openStore);
        menu->addSeparator();
        for (const models::ConnectionProfile& profile : m_desk->profiles().profiles()) {
            QString text = models::shownName(profile);
            text.replace(QLatin1Char('&'), QStringLiteral("&&"));
            menu->addAction(text, this, [this, id = profile.id] { m_desk->connectToSaved(id); });
        }
    });
    connect(button, &QPushButton::clicked, this, [this, button, menu] {
        if (m_desk->profiles().profiles().empty()) {
            showConnect(); // nothing to choose from
            return;
        }
        menu->popup(button->mapToGlobal(QPoint(0, button->height() + 2)));
    });
    return button;
}

void MainWindow::noteProblem(const QString& where, const QString& sentence)
{
    m_workspace.problems().add(core::Severity::Problem, where.toStdString(), sentence.toStdString());
    say(sentence);
}

// Going somewhere.

void MainWindow::goTo(const QString& text)
{
    core::EventLog& log = m_workspace.log();
    const core::Timestamp around = log.size() > 0 ? log.timeAt(log.size() - 1) : core::Timestamp{};
    const auto target = models::parseGoTo(text, around, m_settings.timeFormat());
    if (target.kind != models::GoToTarget::Kind::Nothing) {
        m_finder.find(target);
    }
}

void MainWindow::askWhereToGo()
{
    auto* dialog = new GoToDialog(m_workspace.log(), m_finder, m_settings.timeFormat(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

} // namespace eventscope::ui
