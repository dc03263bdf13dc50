// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "json_tree/json_tree_view.h"

#include "event/json.h"
#include "json_tree/json_tree_delegate.h"
#include "plain_text.h"
#include "theme/fonts.h"
#include "theme/icons.h"
#include "widgets/filter_actions.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <algorithm>
#include <string>

namespace eventscope::ui {

using Model = models::JsonTreeModel;
using models::FilterJoin;

JsonTreeView::JsonTreeView(QWidget* parent) : QTreeView(parent)
{
    setFrameShape(QFrame::NoFrame);
    setHeaderHidden(true);
    setUniformRowHeights(true);
    setItemDelegate(new JsonTreeDelegate(this));
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setAllColumnsShowFocus(true);
    setMouseTracking(true);
    setIndentation(14);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    header()->setStretchLastSection(true);
    header()->setMinimumSectionSize(40);
    setAccessibleName(tr("Data as a tree"));
    connect(this, &QTreeView::expanded, this, &JsonTreeView::fitNames);
}

void JsonTreeView::setModel(QAbstractItemModel* model)
{
    QTreeView::setModel(model);
    header()->setSectionResizeMode(Model::NameColumn, QHeaderView::Interactive);
}

void JsonTreeView::setLink(const QString& section, const QString& pointer, const QString& text)
{
    QString& link = m_links[section + QLatin1Char('\n') + pointer];
    if (link != text) {
        link = text;
        viewport()->update();
    }
}

void JsonTreeView::clearLinks()
{
    m_links.clear();
    viewport()->update();
}

QString JsonTreeView::linkOf(const QModelIndex& index) const
{
    if (m_links.isEmpty()) {
        return {};
    }
    return m_links.value(
        index.data(Model::SectionRole).toString() + QLatin1Char('\n') + index.data(Model::PathRole).toString());
}

QRect JsonTreeView::linkRect(const QModelIndex& index) const
{
    const QModelIndex value = index.siblingAtColumn(Model::ValueColumn);
    return static_cast<JsonTreeDelegate*>(itemDelegate())->linkRect(visualRect(value), value);
}

void JsonTreeView::drawRow(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    // A mark goes over the whole row, the space before the name included.
    if (const QColor ground = JsonTreeDelegate::markGround(index, palette()); ground.isValid()) {
        painter->fillRect(option.rect, ground);
    }
    QTreeView::drawRow(painter, option, index);
}

void JsonTreeView::expandUsefully()
{
    if (!model()) {
        return;
    }
    int room = std::max(10, viewport()->height() / std::max(1, sizeHintForRow(0)));
    for (int section = 0; section < model()->rowCount(); ++section) {
        const QModelIndex heading = model()->index(section, 0);
        if (model()->canFetchMore(heading)) {
            model()->fetchMore(heading);
        }
        expand(heading);
        room -= 1 + model()->rowCount(heading);
    }
    // Small objects of the first section open too, while they fit.
    const QModelIndex first = model()->index(0, 0);
    for (int row = 0; row < model()->rowCount(first) && room > 0; ++row) {
        const QModelIndex child = model()->index(row, 0, first);
        if (!model()->hasChildren(child)) {
            continue;
        }
        if (model()->canFetchMore(child)) {
            model()->fetchMore(child);
        }
        if (model()->rowCount(child) <= std::min(room, 8)) {
            expand(child);
            room -= model()->rowCount(child);
        }
    }
    fitNames();
}

void JsonTreeView::fitNames()
{
    if (!model()) {
        return;
    }
    // As wide as the names in sight need, yet never so wide that no value can be seen.
    const int wanted = std::max(sizeHintForColumn(Model::NameColumn) + 10, 96);
    setColumnWidth(Model::NameColumn, std::min(wanted, std::max(96, viewport()->width() / 2)));
}

void JsonTreeView::resizeEvent(QResizeEvent* event)
{
    QTreeView::resizeEvent(event);
    fitNames();
}

void JsonTreeView::copyValue(const QModelIndex& index)
{
    QGuiApplication::clipboard()->setText(index.data(Model::PlainValueRole).toString());
    Q_EMIT said(tr("Value copied"));
}

QString JsonTreeView::filterTerm(const QModelIndex& index) const
{
    const QString path = index.data(Model::FilterPathRole).toString();
    if (path.isEmpty()) {
        return {};
    }
    const QString value = index.data(Model::PlainValueRole).toString();
    switch (index.data(Model::KindRole).value<Model::Kind>()) {
    case Model::Kind::String: return QStringLiteral("%1 = %2").arg(path, models::filterLiteral(value));
    case Model::Kind::Number: return models::filterEquals(path, value, true);
    case Model::Kind::Bool: return QStringLiteral("%1 = %2").arg(path, value);
    default: return QStringLiteral("EXISTS %1").arg(path);
    }
}

void JsonTreeView::addFilterActions(QMenu* menu, const QModelIndex& value)
{
    const QString term = filterTerm(value);
    if (!m_filtersOffered || term.isEmpty()) {
        return;
    }
    const QString shown = models::visibleText(term, 60).replace(QLatin1Char('&'), QLatin1String("&&"));
    ui::addFilterActions(
        menu, shown, [this, term](FilterJoin join) { Q_EMIT filterRequested(term, join); },
        [this, term] { Q_EMIT colourRequested(term); });
    const QString field = value.data(Model::FilterPathRole).toString();
    QAction* column = menu->addAction(icon(QLatin1String("list-add")), tr("Make it a column"), this,
        [this, field] { Q_EMIT columnRequested(field); });
    column->setObjectName(QStringLiteral("makeColumn"));
    menu->addSeparator();
}

void JsonTreeView::addCopyActions(QMenu* menu, const QModelIndex& value)
{
    const bool isNote = value.data(Model::KindRole).value<Model::Kind>() == Model::Kind::Note;
    const QPersistentModelIndex kept(value);
    QAction* copy = menu->addAction(icon(QLatin1String("edit-copy")), tr("Copy value") + QLatin1String("\tCtrl+C"),
        this, [this, kept] { copyValue(kept); });
    copy->setEnabled(!isNote);
    if (value.data(Model::KindRole).value<Model::Kind>() == Model::Kind::String) {
        menu->addAction(tr("Copy as JSON"), this, [this, kept] {
            std::string json;
            core::appendJsonString(json, kept.data(Model::PlainValueRole).toString().toStdString());
            QGuiApplication::clipboard()->setText(QString::fromStdString(json));
            Q_EMIT said(tr("Value copied"));
        });
    }
    menu->addAction(tr("Copy name"), this, [kept] {
        QGuiApplication::clipboard()->setText(kept.sibling(kept.row(), Model::NameColumn).data().toString());
    });
    if (const QString path = value.data(Model::PathRole).toString(); !path.isEmpty()) {
        menu->addAction(tr("Copy path"), this, [path] { QGuiApplication::clipboard()->setText(path); });
    }
}

void JsonTreeView::contextMenuEvent(QContextMenuEvent* event)
{
    const QModelIndex index = event->reason() == QContextMenuEvent::Mouse ? indexAt(event->pos()) : currentIndex();
    if (!index.isValid()) {
        return;
    }
    const bool isNote = index.data(Model::KindRole).value<Model::Kind>() == Model::Kind::Note;
    const QModelIndex value = index.siblingAtColumn(Model::ValueColumn);
    auto* menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("valueMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (!isNote) {
        addFilterActions(menu, value);
    }
    addCopyActions(menu, value);
    Q_EMIT menuOpening(menu);
    const QPersistentModelIndex kept(value);
    if (model()->hasChildren(index.siblingAtColumn(0))) {
        menu->addSeparator();
        menu->addAction(
            tr("Open all below"), this, [this, kept] { expandRecursively(kept.sibling(kept.row(), 0), 6); });
    }
    const QPoint at = event->reason() == QContextMenuEvent::Mouse ? event->pos() : visualRect(index).center();
    menu->popup(viewport()->mapToGlobal(at));
}

void JsonTreeView::mouseMoveEvent(QMouseEvent* event)
{
    const QModelIndex index = indexAt(event->pos());
    const bool onLink = index.isValid() && linkRect(index).contains(event->pos());
    viewport()->setCursor(onLink ? Qt::PointingHandCursor : Qt::ArrowCursor);
    QTreeView::mouseMoveEvent(event);
}

void JsonTreeView::mouseReleaseEvent(QMouseEvent* event)
{
    QTreeView::mouseReleaseEvent(event);
    const QModelIndex index = indexAt(event->pos());
    if (event->button() == Qt::LeftButton && index.isValid() && linkRect(index).contains(event->pos())) {
        Q_EMIT linkActivated(index.data(Model::SectionRole).toString(), index.data(Model::PathRole).toString());
    }
}

void JsonTreeView::keyPressEvent(QKeyEvent* event)
{
    const QModelIndex current = currentIndex();
    if (event->matches(QKeySequence::Copy) && current.isValid()) {
        copyValue(current.siblingAtColumn(Model::ValueColumn));
        return;
    }
    if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && current.isValid()
        && !linkOf(current).isEmpty()) {
        Q_EMIT linkActivated(current.data(Model::SectionRole).toString(), current.data(Model::PathRole).toString());
        return;
    }
    QTreeView::keyPressEvent(event);
}

} // namespace eventscope::ui
