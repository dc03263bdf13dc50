// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_table/event_columns_model.h"
#include "event_table/event_table.h"
#include "fields_seen.h"
#include "plain_text.h"
#include "sorted_event_rows.h"
#include "theme/fonts.h"
#include "theme/icons.h"

#include <QHeaderView>
#include <QMenu>
#include <algorithm>
#include <array>

// The columns, and the order of the rows by one of them.
namespace eventscope::ui {

using models::ColumnLook;
using models::EventColumn;

namespace {

struct ColumnDefault {
    int characters;
    bool shown;
};
constexpr std::array<ColumnDefault, models::kEventColumns> kDefaults{{
    {14, true},  // Time
    {8, true},   // Source
    {20, true},  // Stream
    {7, true},   // Version
    {24, true},  // Type
    {14, false}, // Correlation
    {16, true},  // Data
    {10, false}, // Position
    {15, false}, // Id
    {9, false},  // Partition
    {20, false}, // Note
}};
constexpr int kFieldCharacters = 14;
/// Around a cell's text.
constexpr int kAround = 17;
constexpr qsizetype kMostOffered = 40;

int characterWidth()
{
    return QFontMetrics(fonts::data()).horizontalAdvance(QLatin1Char('0'));
}

QString menuText(const QString& text)
{
    return models::visibleText(text, 60).replace(QLatin1Char('&'), QLatin1String("&&"));
}

} // namespace

void EventTable::setupHeader()
{
    m_header = new QHeaderView(Qt::Horizontal, this);
    m_columns = new EventColumnsModel(m_header);
    m_header->setModel(m_columns);
    m_header->setSectionsMovable(true);
    m_header->setFirstSectionMovable(true);
    m_header->setHighlightSections(false);
    m_header->setSectionsClickable(true);
    m_header->setStretchLastSection(true);
    m_header->setMinimumSectionSize(36);
    m_header->setTextElideMode(Qt::ElideRight);
    m_header->setFocusPolicy(Qt::NoFocus);
    m_header->setContextMenuPolicy(Qt::CustomContextMenu);
    m_header->setAccessibleName(tr("Columns"));
    m_header->setProperty("gutter", kSignGutter);
    connect(m_header, &QWidget::customContextMenuRequested, this, [this](const QPoint& position) {
        QMenu* menu = createColumnsMenu(this);
        const int section = m_header->logicalIndexAt(position);
        if (section >= 0) {
            QAction* first = menu->actions().constFirst();
            auto* hide = new QAction(tr("Hide %1").arg(menuText(titleOf(static_cast<EventColumn>(section)))), menu);
            hide->setEnabled(visibleColumns().size() > 1);
            connect(
                hide, &QAction::triggered, this, [this, section] { hideColumn(static_cast<EventColumn>(section)); });
            menu->insertAction(first, hide);
            menu->insertSeparator(first);
        }
        menu->setAttribute(Qt::WA_DeleteOnClose);
        menu->popup(m_header->mapToGlobal(position));
    });
    connect(m_header, &QHeaderView::sectionClicked, this, &EventTable::onHeaderClicked);
    connect(m_header, &QHeaderView::sectionResized, this, &EventTable::onColumnsChanged);
    connect(m_header, &QHeaderView::sectionMoved, this, &EventTable::onColumnsChanged);
}

void EventTable::onColumnsChanged()
{
    if (m_arranging)
        return;
    updateGeometries();
    viewport()->update();
    Q_EMIT columnsChanged();
}

// Order.

void EventTable::onHeaderClicked(int section)
{
    const auto column = static_cast<EventColumn>(section);
    core::RowOrder order;
    if (models::isFieldColumn(column)) {
        order.by = core::OrderBy::Field;
        order.field = m_columns->fields()[models::fieldOf(column)];
    } else if (const auto by = models::orderByOf(column)) {
        order.by = *by;
    } else {
        return;
    }
    // Up, down, and back to the order in which the events came.
    const bool isSame = m_order && m_order->by == order.by && m_order->field == order.field;
    if (isSame && m_order->descending) {
        Q_EMIT orderWanted(std::nullopt);
        return;
    }
    order.descending = isSame;
    Q_EMIT orderWanted(order);
}

void EventTable::showOrder(std::optional<core::RowOrder> order)
{
    m_order = order;
    m_header->setSortIndicatorShown(order.has_value());
    for (int section = 0; order && section < m_header->count(); ++section) {
        const auto column = static_cast<EventColumn>(section);
        const bool isIt = models::isFieldColumn(column) ? order->field == m_columns->fields()[models::fieldOf(column)]
                                                        : models::orderByOf(column) == order->by;
        if (isIt)
            m_header->setSortIndicator(section, order->descending ? Qt::DescendingOrder : Qt::AscendingOrder);
    }
}

// Which columns, where and how wide.

QString EventTable::titleOf(EventColumn column) const
{
    return m_columns->headerData(static_cast<int>(column), Qt::Horizontal, Qt::DisplayRole).toString();
}

std::vector<EventColumn> EventTable::visibleColumns() const
{
    std::vector<EventColumn> columns;
    for (int visual = 0; visual < m_header->count(); ++visual) {
        const int section = m_header->logicalIndex(visual);
        if (!m_header->isSectionHidden(section))
            columns.push_back(static_cast<EventColumn>(section));
    }
    return columns;
}

void EventTable::takeFields()
{
    if (m_cells)
        m_cells->setFields(m_columns->fields());
}

bool EventTable::addFieldColumn(const QString& name)
{
    auto field = core::RowField::parse(name.toStdString());
    if (!field) {
        Q_EMIT said(QString::fromStdString(field.error().message));
        return false;
    }
    const auto& fields = m_columns->fields();
    const auto known = static_cast<std::size_t>(std::ranges::find(fields, *field) - fields.begin());
    const int section = static_cast<int>(models::fieldColumn(known));
    if (known == fields.size()) {
        m_arranging = true;
        m_columns->addField(*std::move(field));
        takeFields();
        m_header->resizeSection(section,
            std::max(kFieldCharacters, static_cast<int>(titleOf(models::fieldColumn(known)).size()) + 2)
                    * characterWidth()
                + kAround);
        // Before the payload, which stretches at the end.
        const int payload = m_header->visualIndex(static_cast<int>(EventColumn::Data));
        m_header->moveSection(m_header->visualIndex(section), payload);
        m_arranging = false;
    }
    m_header->setSectionHidden(section, false);
    onColumnsChanged();
    ensureColumnVisible(static_cast<EventColumn>(section));
    Q_EMIT said(tr("Column %1 added").arg(models::visibleText(name, 60)));
    return true;
}

void EventTable::showColumn(EventColumn column)
{
    m_header->setSectionHidden(static_cast<int>(column), false);
    onColumnsChanged();
}

void EventTable::hideColumn(EventColumn column)
{
    if (visibleColumns().size() < 2)
        return;
    m_header->setSectionHidden(static_cast<int>(column), true);
    if (models::isFieldColumn(column))
        removeFieldColumn(models::fieldOf(column));
    if (m_currentColumn == column)
        m_currentColumn = visibleColumns().front();
    onColumnsChanged();
}

void EventTable::removeFieldColumn(std::size_t field)
{
    const bool isOrder = m_order && m_order->field == m_columns->fields()[field];
    m_columns->removeField(field);
    takeFields();
    if (models::isFieldColumn(m_currentColumn))
        m_currentColumn = visibleColumns().front();
    if (isOrder)
        Q_EMIT orderWanted(std::nullopt);
    else
        showOrder(m_order);
}

std::vector<ColumnLook> EventTable::columns() const
{
    std::vector<ColumnLook> looks;
    const int character = characterWidth();
    for (int visual = 0; visual < m_header->count(); ++visual) {
        const int section = m_header->logicalIndex(visual);
        const auto column = static_cast<EventColumn>(section);
        ColumnLook look;
        look.shown = !m_header->isSectionHidden(section);
        // A hidden section has no size; the last one is as wide as there is room.
        look.characters = look.shown && visual + 1 < m_header->count()
            ? std::max(2, (m_header->sectionSize(section) - dateWidth(column) - kAround + character / 2) / character)
            : models::isFieldColumn(column) ? kFieldCharacters
                                            : kDefaults[static_cast<std::size_t>(section)].characters;
        if (models::isFieldColumn(column))
            look.field = QString::fromStdString(m_columns->fields()[models::fieldOf(column)].text());
        else
            look.column = column;
        looks.push_back(look);
    }
    return looks;
}

void EventTable::setColumns(const std::vector<ColumnLook>& looks)
{
    m_arranging = true;
    while (!m_columns->fields().empty())
        m_columns->removeField(m_columns->fields().size() - 1);
    int visual = 0;
    for (const ColumnLook& look : looks) {
        int section = static_cast<int>(look.column);
        if (!look.field.isEmpty()) {
            auto field = core::RowField::parse(look.field.toStdString());
            if (!field)
                continue;
            section = m_header->count();
            m_columns->addField(*std::move(field));
        }
        m_header->moveSection(m_header->visualIndex(section), visual++);
        m_header->setSectionHidden(section, false);
        m_header->resizeSection(
            section, look.characters * characterWidth() + kAround + dateWidth(static_cast<EventColumn>(section)));
        m_header->setSectionHidden(section, !look.shown);
    }
    m_arranging = false;
    takeFields();
    m_currentColumn = visibleColumns().empty() ? EventColumn::Time : visibleColumns().front();
    onColumnsChanged();
}

void EventTable::resetColumns()
{
    std::vector<ColumnLook> looks;
    for (int section = 0; section < models::kEventColumns; ++section) {
        const auto& [characters, shown] = kDefaults[static_cast<std::size_t>(section)];
        looks.push_back({static_cast<EventColumn>(section), {}, characters, shown});
    }
    // The payload is what stretches, whatever else is shown before it.
    std::ranges::stable_partition(looks, [](const ColumnLook& look) { return look.column != EventColumn::Data; });
    setColumns(looks);
}

int EventTable::dateWidth(EventColumn column) const
{
    return column == EventColumn::Time && m_showDate ? 11 * characterWidth() : 0;
}

QMenu* EventTable::createColumnsMenu(QWidget* parent)
{
    auto* menu = new QMenu(tr("Columns"), parent);
    for (int section = 0; section < m_header->count(); ++section) {
        const auto column = static_cast<EventColumn>(section);
        const QString title = models::isFieldColumn(column)
            ? QString::fromStdString(m_columns->fields()[models::fieldOf(column)].text())
            : titleOf(column);
        QAction* action = menu->addAction(menuText(title));
        action->setCheckable(true);
        action->setChecked(!m_header->isSectionHidden(section));
        action->setEnabled(!action->isChecked() || visibleColumns().size() > 1);
        connect(action, &QAction::toggled, this, [this, column](bool on) {
            if (on)
                showColumn(column);
            else
                hideColumn(column);
        });
    }
    menu->addSeparator();
    if (m_fieldsSeen) {
        m_fieldsSeen->learn(); // for the next time
        QMenu* fields = menu->addMenu(icon(QLatin1String("list-add")), tr("A field of the payload"));
        fields->setObjectName(QStringLiteral("payloadFields"));
        const auto seen = m_fieldsSeen->latest();
        for (const std::string& name : seen->fields) {
            if (fields->actions().size() >= kMostOffered)
                break;
            const QString path = QStringLiteral("data.") + QString::fromStdString(name);
            fields->addAction(menuText(path), this, [this, path] { addFieldColumn(path); });
        }
        fields->setEnabled(!fields->isEmpty());
    }
    menu->addAction(tr("Another field…"), this, [this] { Q_EMIT fieldColumnWanted(); });
    menu->addSeparator();
    menu->addAction(tr("Usual columns"), this, &EventTable::resetColumns);
    return menu;
}

} // namespace eventscope::ui
