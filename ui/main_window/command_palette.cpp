// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "main_window/command_palette.h"

#include "theme/colours.h"

#include <QAction>
#include <QIcon>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QPainter>
#include <QPixmap>
#include <QPointer>
#include <QStyle>
#include <QStyledItemDelegate>
#include <QVBoxLayout>
#include <algorithm>

namespace eventscope::ui {

namespace {

QString nameOf(const QAction* action)
{
    QString text = action->text();
    const qsizetype tab = text.indexOf(QLatin1Char('\t'));
    return text.left(tab < 0 ? text.size() : tab).remove(QLatin1Char('&'));
}

/// How well a name fits: the words in order, at best at its beginning. Negative: not at all.
int fit(const QString& name, const QString& wanted)
{
    int score = 0;
    qsizetype at = 0;
    for (const QString& word : wanted.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        const qsizetype found = name.indexOf(word, at, Qt::CaseInsensitive);
        if (found < 0) {
            return -1;
        }
        const bool atWord = found == 0 || !name[found - 1].isLetterOrNumber();
        score += (atWord ? 20 : 5) - static_cast<int>(std::min<qsizetype>(found, 4));
        at = found + word.size();
    }
    return score;
}

constexpr int kActionRole = Qt::UserRole;
constexpr int kKeysRole = Qt::UserRole + 1;

/// A command's name, and its keys at the right edge.
class CommandDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::paint(painter, option, index);
        painter->save();
        painter->setPen(Colours(option.palette).muted);
        painter->drawText(
            option.rect.adjusted(0, 0, -10, 0), Qt::AlignVCenter | Qt::AlignRight, index.data(kKeysRole).toString());
        painter->restore();
    }
};

/// Keeps the place of an icon, so that the names stand under each other.
QIcon placeOfIcon(int side)
{
    QPixmap nothing(side, side);
    nothing.fill(Qt::transparent);
    return {nothing};
}

} // namespace

CommandPalette::CommandPalette(const QList<QAction*>& actions, QWidget* parent)
    : QDialog(parent, Qt::Popup | Qt::FramelessWindowHint), m_actions(actions)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setAccessibleName(tr("Commands"));
    setBackgroundRole(QPalette::Base);
    m_find = new QLineEdit(this);
    m_find->setPlaceholderText(tr("What would you like to do?"));
    m_find->installEventFilter(this);
    m_list = new QListWidget(this);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setUniformItemSizes(true);
    m_list->setItemDelegate(new CommandDelegate(m_list));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->setSpacing(6);
    layout->addWidget(m_find);
    layout->addWidget(m_list);
    resize(std::min(560, parent->width() - 40), 380);
    move(parent->mapToGlobal(QPoint((parent->width() - width()) / 2, 70)));
    connect(m_find, &QLineEdit::textChanged, this, &CommandPalette::fill);
    connect(m_find, &QLineEdit::returnPressed, this, &CommandPalette::run);
    connect(m_list, &QListWidget::itemClicked, this, &CommandPalette::run);
    fill({});
    m_find->setFocus();
}

void CommandPalette::fill(const QString& wanted)
{
    std::vector<std::pair<int, QAction*>> fitting;
    for (QAction* action : m_actions) {
        const int score = fit(nameOf(action), wanted);
        if (score >= 0 && action->isEnabled() && !action->isSeparator() && !nameOf(action).isEmpty()) {
            fitting.emplace_back(score, action);
        }
    }
    std::ranges::stable_sort(fitting, std::greater{}, [](const auto& entry) { return entry.first; });
    m_list->clear();
    const QIcon noIcon = placeOfIcon(style()->pixelMetric(QStyle::PM_SmallIconSize));
    for (const auto& [score, action] : fitting) {
        auto* item = new QListWidgetItem(action->icon().isNull() ? noIcon : action->icon(), nameOf(action), m_list);
        item->setData(kActionRole, QVariant::fromValue(static_cast<QObject*>(action)));
        item->setData(kKeysRole, action->shortcut().toString(QKeySequence::NativeText));
        item->setSizeHint(QSize(0, 28));
    }
    m_list->setCurrentRow(0);
}

QStringList CommandPalette::offered() const
{
    QStringList names;
    for (int row = 0; row < m_list->count(); ++row) {
        names += nameOf(static_cast<QAction*>(m_list->item(row)->data(kActionRole).value<QObject*>()));
    }
    return names;
}

void CommandPalette::run()
{
    const QListWidgetItem* item = m_list->currentItem();
    const QPointer<QObject> chosen(item ? item->data(kActionRole).value<QObject*>() : nullptr);
    close();
    if (auto* action = qobject_cast<QAction*>(chosen.data())) {
        action->trigger();
    }
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_find && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Down || key == Qt::Key_Up) {
            const int to = m_list->currentRow() + (key == Qt::Key_Down ? 1 : -1);
            m_list->setCurrentRow(std::clamp(to, 0, std::max(0, m_list->count() - 1)));
            return true;
        }
    }
    return QDialog::eventFilter(watched, event);
}

} // namespace eventscope::ui
