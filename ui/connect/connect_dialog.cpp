// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connect/connect_dialog.h"

#include "connect/check_panel.h"
#include "connect/choices_delegate.h"
#include "connect/profile_form.h"
#include "plain_text.h"
#include "theme/icons.h"
#include "widgets/labels.h"

#include <QHBoxLayout>
#include <QItemSelectionModel>
#include <QLabel>
#include <QListView>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QVBoxLayout>
#include <utility>

namespace eventscope::ui {

namespace {

QPushButton* button(const QString& text, const char* iconName, QWidget* parent)
{
    auto* made = new QPushButton(text, parent);
    if (*iconName) {
        made->setIcon(icon(QLatin1String(iconName)));
    }
    made->setAutoDefault(false);
    return made;
}

} // namespace

ConnectDialog::ConnectDialog(
    const models::ConnectionProfilesModel& profiles, models::ConnectionChecker& checker, QWidget* parent)
    : QDialog(parent), m_checker(checker), m_model(profiles)
{
    setWindowTitle(tr("Connect"));
    m_choices = new QListView(this);
    m_choices->setModel(&m_model);
    m_choices->setItemDelegate(new ChoicesDelegate(m_choices));
    m_choices->setFrameShape(QFrame::NoFrame);
    m_choices->setMouseTracking(true);
    m_choices->setFixedWidth(220);
    m_choices->setAccessibleName(tr("Saved sources and technologies"));
    m_form = new ProfileForm(this);
    m_check = new CheckPanel(checker, this);
    m_hint = plainLabel({}, this);
    m_hint->setWordWrap(true);
    m_remove = button(tr("Remove"), "edit-delete", this);
    m_test = button(tr("Test"), "", this);
    m_save = button(tr("Save"), "document-save", this);
    m_connect = button(tr("Connect"), "", this);
    m_connect->setProperty("role", QStringLiteral("primary"));
    m_connect->setDefault(true);

    auto* body = new QWidget(this);
    auto* column = new QVBoxLayout(body);
    column->setContentsMargins(18, 16, 18, 12);
    column->setSpacing(12);
    column->addWidget(m_form);
    column->addWidget(m_check);
    column->addStretch();
    auto* scroll = new QScrollArea(this);
    scroll->setWidget(body);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    auto* buttons = new QHBoxLayout;
    buttons->setContentsMargins(18, 10, 18, 12);
    buttons->setSpacing(8);
    buttons->addWidget(m_remove);
    buttons->addWidget(m_hint, 1);
    buttons->addWidget(m_test);
    buttons->addWidget(m_save);
    buttons->addWidget(m_connect);
    auto* right = new QVBoxLayout;
    right->setSpacing(0);
    right->addWidget(scroll, 1);
    right->addWidget(new Hairline(Qt::Horizontal, this));
    right->addLayout(buttons);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_choices);
    layout->addWidget(new Hairline(Qt::Vertical, this));
    layout->addLayout(right, 1);
    resize(880, 620);

    connect(m_choices->selectionModel(), &QItemSelectionModel::currentChanged, this, &ConnectDialog::choose);
    connect(m_choices, &QListView::activated, this, [this](const QModelIndex& index) {
        if (index.data(models::SourceChoicesModel::KindRole).value<models::SourceChoicesModel::Kind>()
            == models::SourceChoicesModel::Kind::Saved) {
            m_connect->click();
        } else {
            m_form->focusFirst();
        }
    });
    connect(m_form, &ProfileForm::edited, this, &ConnectDialog::updateButtons);
    connect(&m_checker, &models::ConnectionChecker::stagesChanged, this, &ConnectDialog::updateButtons);
    connect(&m_checker, &models::ConnectionChecker::finished, this, &ConnectDialog::updateButtons);
    connect(m_test, &QPushButton::clicked, this, &ConnectDialog::test);
    connect(m_save, &QPushButton::clicked, this, [this] { Q_EMIT saveWanted(m_form->profile()); });
    connect(m_remove, &QPushButton::clicked, this, [this] { Q_EMIT removeWanted(m_form->profile().id); });
    connect(m_connect, &QPushButton::clicked, this, [this] { Q_EMIT connectWanted(m_form->profile()); });
    connect(&m_model, &QAbstractItemModel::modelReset, this, [this] {
        const QSignalBlocker blocker(m_choices->selectionModel());
        m_choices->setCurrentIndex(m_model.savedIndex(m_form->profile().id));
    });
    beginNew(core::SourceScheme::Postgres);
}

ConnectDialog::~ConnectDialog()
{
    m_checker.cancel();
}

void ConnectDialog::setFound(std::vector<core::FoundSource> found)
{
    m_model.setFound(std::move(found));
}

void ConnectDialog::edit(const QString& id)
{
    m_choices->setCurrentIndex(m_model.savedIndex(id));
}

void ConnectDialog::beginNew(core::SourceScheme scheme)
{
    m_choices->setCurrentIndex(m_model.newIndex(scheme));
}

void ConnectDialog::choose(const QModelIndex& index)
{
    if (!index.isValid()) {
        return;
    }
    m_checker.cancel();
    m_check->clear();
    m_form->setProfile(m_model.profileAt(index));
    updateButtons();
}

void ConnectDialog::test()
{
    if (m_checker.isRunning()) {
        m_checker.cancel();
    } else {
        Q_EMIT testWanted(m_form->profile());
    }
}

void ConnectDialog::updateButtons()
{
    const QString missing = models::whatIsMissing(m_form->profile());
    const bool ready = missing.isEmpty() && m_form->problem().isEmpty();
    m_test->setText(m_checker.isRunning() ? tr("Stop") : tr("Test"));
    m_test->setEnabled(ready || m_checker.isRunning());
    m_save->setEnabled(ready);
    m_connect->setEnabled(ready);
    m_remove->setVisible(!m_form->profile().id.isEmpty());
    m_hint->setText(missing);
}

void ConnectDialog::say(const QString& sentence)
{
    m_hint->setText(models::visibleText(sentence, models::kTooltipChars));
}

void ConnectDialog::noteSaved(const models::ConnectionProfile& profile)
{
    m_form->setProfile(profile);
    const QSignalBlocker blocker(m_choices->selectionModel());
    m_choices->setCurrentIndex(m_model.savedIndex(profile.id));
    m_choices->viewport()->update();
    updateButtons();
}

} // namespace eventscope::ui
