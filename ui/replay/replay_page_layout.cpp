// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// How the Replay page is put together; what it does is in replay_page.cpp.
#include "json_tree/json_tree_view.h"
#include "replay/replay_event_delegate.h"
#include "replay/replay_history_delegate.h"
#include "replay/replay_page.h"
#include "replay/step_slider.h"
#include "replay_events_model.h"
#include "replay_history_model.h"
#include "shell/state_overlay.h"
#include "theme/fonts.h"
#include "theme/icons.h"
#include "widgets/labels.h"

#include <QAbstractButton>
#include <QApplication>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPushButton>
#include <QShortcut>
#include <QSplitter>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

namespace eventscope::ui {

namespace {

QVBoxLayout* column(QWidget* of)
{
    auto* layout = new QVBoxLayout(of);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    return layout;
}

QLabel* heading(const QString& text, QWidget* parent)
{
    QLabel* label = sectionLabel(text, parent);
    label->setContentsMargins(12, 8, 12, 6);
    return label;
}

QToolButton* transportButton(QLatin1String iconName, const QString& does, QWidget* parent)
{
    auto* button = new QToolButton(parent);
    button->setIcon(icon(iconName));
    button->setToolTip(does);
    button->setAccessibleName(does);
    button->setFocusPolicy(Qt::TabFocus);
    button->setProperty("outlined", true);
    return button;
}

} // namespace

void ReplayPage::setUpLayout()
{
    QVBoxLayout* layout = column(this);
    layout->addWidget(makeHeading());
    layout->addWidget(new Hairline(Qt::Horizontal, this));
    layout->addWidget(makeTransport());
    layout->addWidget(new Hairline(Qt::Horizontal, this));
    layout->addWidget(makeBody(), 1);
    m_overlay = new StateOverlay(this);
}

QWidget* ReplayPage::makeHeading()
{
    auto* bar = new QWidget(this);
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(12, 8, 12, 8);
    m_name = plainLabel({}, bar);
    m_name->setFont(fonts::bold());
    m_summary = plainLabel({}, bar);
    m_summary->setForegroundRole(QPalette::PlaceholderText);
    m_reducer = new QComboBox(bar);
    m_reducer->addItems({QStringLiteral("order"), QStringLiteral("merge")});
    m_reducer->setAccessibleName(tr("How events make a state"));
    auto* reducerLabel = plainLabel(tr("&Reducer"), bar);
    reducerLabel->setText(tr("Reducer"));
    reducerLabel->setBuddy(m_reducer);
    connect(m_reducer, &QComboBox::textActivated, this, &ReplayPage::chooseReducer);
    m_compare = new QToolButton(bar);
    m_compare->setText(tr("Compare with original"));
    m_compare->setToolTip(tr("Shows the original's state beside this branch's; untick, edit or insert an event first"));
    m_compare->setCheckable(true);
    m_compare->setEnabled(false);
    m_compare->setProperty("outlined", true);
    m_compare->setObjectName(QStringLiteral("compare"));
    connect(m_compare, &QToolButton::toggled, this, &ReplayPage::compare);
    auto* exportButton = new QPushButton(tr("Export test"), bar);
    exportButton->setToolTip(tr("These events given, this state expected"));
    auto* exports = new QMenu(exportButton);
    exports->addAction(
        icon(QLatin1String("edit-copy")), tr("Copy as JSON"), this, [this] { exportTest(false, false); });
    exports->addAction(
        icon(QLatin1String("edit-copy")), tr("Copy as NDJSON"), this, [this] { exportTest(true, false); });
    exports->addAction(
        icon(QLatin1String("document-save")), tr("Save as JSON…"), this, [this] { exportTest(false, true); });
    exports->addAction(
        icon(QLatin1String("document-save")), tr("Save as NDJSON…"), this, [this] { exportTest(true, true); });
    exportButton->setMenu(exports);
    layout->addWidget(m_name);
    layout->addWidget(m_summary);
    layout->addStretch();
    layout->addWidget(reducerLabel);
    layout->addWidget(m_reducer);
    layout->addWidget(m_compare);
    layout->addWidget(exportButton);
    return bar;
}

QWidget* ReplayPage::makeTransport()
{
    auto* bar = new QWidget(this);
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(12, 6, 12, 6);
    const auto add = [&](QLatin1String name, const QString& does) {
        QToolButton* button = transportButton(name, does, bar);
        layout->addWidget(button);
        return button;
    };
    connect(add(QLatin1String("media-skip-backward"), tr("To the start (Home)")), &QToolButton::clicked, this,
        [this] { goTo(0); });
    connect(add(QLatin1String("media-seek-backward"), tr("One step back (←)")), &QToolButton::clicked, this,
        [this] { stepBy(-1); });
    m_play = add(QLatin1String("media-playback-start"), tr("Play (Space)"));
    connect(m_play, &QToolButton::clicked, this, [this] { play(!isPlaying()); });
    connect(add(QLatin1String("media-seek-forward"), tr("One step forward (→)")), &QToolButton::clicked, this,
        [this] { stepBy(1); });
    connect(add(QLatin1String("media-skip-forward"), tr("To the end (End)")), &QToolButton::clicked, this,
        [this] { goTo(m_stream ? m_stream->events.size() : 0); });
    m_slider = new StepSlider(bar);
    connect(m_slider, &StepSlider::stepChosen, this, [this](std::size_t step) {
        m_slider->setStep(step);
        goTo(step);
    });
    m_jump = new QLineEdit(bar);
    m_jump->setObjectName(QStringLiteral("jump"));
    m_jump->setPlaceholderText(tr("version or time"));
    m_jump->setAccessibleName(tr("Go to a version or a time"));
    m_jump->setToolTip(tr("Go to a version (3) or a time (09:14:02) — Ctrl+J"));
    m_jump->setFixedWidth(fontMetrics().averageCharWidth() * 18);
    connect(m_jump, &QLineEdit::returnPressed, this, [this] { jumpTo(m_jump->text()); });
    m_place = plainLabel({}, bar);
    m_place->setFont(fonts::data());
    m_speed = new QComboBox(bar);
    m_speed->setAccessibleName(tr("Speed of playing"));
    for (const auto& [text, speed] :
        {std::pair(tr("1× speed"), 1.0), std::pair(tr("10× speed"), 10.0), std::pair(tr("100× speed"), 100.0),
            std::pair(tr("2 a second"), -2.0), std::pair(tr("10 a second"), -10.0)}) {
        m_speed->addItem(text, speed);
    }
    layout->addWidget(m_slider, 1);
    layout->addWidget(m_place);
    layout->addWidget(m_jump);
    layout->addWidget(m_speed);
    return bar;
}

void ReplayPage::showPlaying()
{
    const bool playing = isPlaying();
    m_play->setIcon(icon(QLatin1String(playing ? "media-playback-pause" : "media-playback-start")));
    m_play->setToolTip(playing ? tr("Pause (Space)") : tr("Play (Space)"));
}

QWidget* ReplayPage::makeBody()
{
    auto* body = new QSplitter(Qt::Horizontal, this);
    auto* left = new QWidget(body);
    QVBoxLayout* layout = column(left);
    layout->addWidget(heading(tr("EVENTS"), left));
    m_list = new QListView(left);
    m_list->setModel(m_events);
    m_list->setItemDelegate(new ReplayEventDelegate(m_list));
    m_list->setUniformItemSizes(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setAccessibleName(tr("Events of the stream; untick one to see what if it had not happened"));
    connect(m_list, &QListView::clicked, this,
        [this](const QModelIndex& index) { goTo(static_cast<std::size_t>(index.row()) + 1); });
    connect(m_list, &QListView::activated, this,
        [this](const QModelIndex& index) { goTo(static_cast<std::size_t>(index.row()) + 1); });
    layout->addWidget(m_list, 1);
    auto* right = new QSplitter(Qt::Vertical, body);
    right->addWidget(makeStates());
    right->addWidget(makeHistory());
    right->setStretchFactor(0, 3);
    right->setStretchFactor(1, 1);
    body->addWidget(left);
    body->addWidget(right);
    body->setStretchFactor(1, 1);
    body->setSizes({240, 700});
    return body;
}

QWidget* ReplayPage::makeStates()
{
    auto* states = new QWidget(this);
    QVBoxLayout* outer = column(states);
    m_refusal = plainLabel({}, states);
    m_refusal->setContentsMargins(12, 6, 12, 6);
    m_refusal->setWordWrap(true);
    m_refusal->hide();
    outer->addWidget(m_refusal);
    auto* panes = new QSplitter(Qt::Horizontal, states);
    const auto addPane = [&](QLabel*& title, JsonTreeView*& view, models::JsonTreeModel* model) {
        auto* pane = new QWidget(panes);
        QVBoxLayout* layout = column(pane);
        title = heading({}, pane);
        view = new JsonTreeView(pane);
        view->setModel(model);
        view->setFiltersOffered(false);
        view->setFrameShape(QFrame::NoFrame);
        layout->addWidget(title);
        layout->addWidget(view, 1);
        panes->addWidget(pane);
        connect(view->selectionModel(), &QItemSelectionModel::currentChanged, this, &ReplayPage::showPath);
    };
    addPane(m_beforeTitle, m_beforeView, m_before);
    addPane(m_afterTitle, m_afterView, m_after);
    m_beforeView->setAccessibleName(tr("State before the event"));
    m_afterView->setAccessibleName(tr("State after the event"));
    outer->addWidget(panes, 1);
    return states;
}

QWidget* ReplayPage::makeHistory()
{
    auto* part = new QWidget(this);
    QVBoxLayout* layout = column(part);
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(0, 2, 12, 2);
    bar->setSpacing(8);
    m_historyTitle = heading(tr("HISTORY OF status"), part);
    m_historyTitle->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    m_find = new QLineEdit(part);
    m_find->setObjectName(QStringLiteral("find"));
    m_find->setFont(fonts::data());
    m_find->setPlaceholderText(QStringLiteral("state.status = 'cancelled'"));
    m_find->setAccessibleName(tr("Find the first step after which this holds"));
    m_find->setFixedWidth(280);
    m_findAnswer = plainLabel({}, part);
    auto* findLabel = plainLabel(tr("find the step where"), part);
    findLabel->setForegroundRole(QPalette::PlaceholderText);
    bar->addWidget(m_historyTitle);
    bar->addStretch();
    bar->addWidget(m_findAnswer);
    bar->addWidget(findLabel);
    bar->addWidget(m_find);
    connect(m_find, &QLineEdit::returnPressed, this, [this] {
        m_findAnswer->clear();
        m_session->find(m_find->text());
    });
    m_historyView = new QTableView(part);
    m_historyView->setModel(m_history);
    m_historyView->setAccessibleName(tr("Every value that this path had, and which event set it"));
    m_historyView->setFrameShape(QFrame::NoFrame);
    m_historyView->setShowGrid(false);
    m_historyView->setFont(fonts::data());
    m_historyView->setItemDelegate(new ReplayHistoryDelegate(m_historyView));
    m_historyView->setAlternatingRowColors(true);
    m_historyView->verticalHeader()->hide();
    m_historyView->verticalHeader()->setMinimumSectionSize(18);
    m_historyView->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
    m_historyView->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_historyView->horizontalHeader()->setHighlightSections(false);
    m_historyView->horizontalHeader()->setStretchLastSection(true);
    m_historyView->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_historyView->setTabKeyNavigation(false);
    m_historyView->setColumnWidth(models::ReplayHistoryModel::Version, 80);
    m_historyView->setColumnWidth(models::ReplayHistoryModel::Value, 240);
    m_historyView->setColumnWidth(models::ReplayHistoryModel::SetBy, 240);
    connect(m_historyView, &QTableView::activated, this,
        [this](const QModelIndex& index) { goTo(m_history->stepAt(index.row())); });
    connect(m_historyView, &QTableView::clicked, this,
        [this](const QModelIndex& index) { goTo(m_history->stepAt(index.row())); });
    layout->addLayout(bar);
    layout->addWidget(m_historyView, 1);
    return part;
}

void ReplayPage::addShortcuts()
{
    const auto add = [&](Qt::Key key, auto act) {
        auto* shortcut = new QShortcut(QKeySequence(key), this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, act);
    };
    add(Qt::Key_Left, [this] { stepBy(-1); });
    add(Qt::Key_Right, [this] { stepBy(1); });
    add(Qt::Key_Home, [this] { goTo(0); });
    add(Qt::Key_End, [this] { goTo(m_stream ? m_stream->events.size() : 0); });
    auto* jump = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_J), this);
    jump->setContext(Qt::WidgetWithChildrenShortcut);
    connect(jump, &QShortcut::activated, this, [this] {
        m_jump->setFocus();
        m_jump->selectAll();
    });
    add(Qt::Key_Space, [this] {
        if (auto* button = qobject_cast<QAbstractButton*>(QApplication::focusWidget())) {
            button->click(); // as everywhere else
        } else {
            play(!isPlaying());
        }
    });
}

} // namespace eventscope::ui
