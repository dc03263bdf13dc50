// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_detail/event_detail.h"

#include "event/json_range.h"
#include "event_detail/hex_view.h"
#include "event_detail/payload_text.h"
#include "event_detail/relations_panel.h"
#include "json_beginning.h"
#include "json_tree/json_tree_view.h"
#include "plain_text.h"
#include "shell/state_overlay.h"
#include "theme/fonts.h"
#include "theme/icons.h"
#include "widgets/labels.h"

#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QStackedWidget>
#include <QStyledItemDelegate>
#include <QTabBar>
#include <QTableView>
#include <QVBoxLayout>

namespace eventscope::ui {

using core::Json;
using models::JsonTreeModel;

namespace {

/// The tree of a larger payload shows this much of its beginning.
constexpr std::size_t kTreeBytes = std::size_t{256} << 10;

void add(Json::Object& members, const char* name, std::string_view value)
{
    if (!value.empty()) {
        members.emplace_back(name, Json(value));
    }
}

void add(Json::Object& members, const char* name, std::int64_t value)
{
    if (value != core::SourceEvent::kNone) {
        members.emplace_back(name, Json(value));
    }
}

JsonTreeModel::Section section(const char* name, Json::Object members)
{
    return {QString::fromLatin1(name), std::make_shared<const Json>(std::move(members)), {}, {}};
}

/// Headings stand out, failures have a sign.
class EnvelopeDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        const auto kind = index.data(models::EnvelopeModel::KindRole).value<models::EnvelopeModel::Kind>();
        if (kind == models::EnvelopeModel::Kind::Heading) {
            option->font.setBold(true);
        }
        if (kind == models::EnvelopeModel::Kind::Failure && index.column() == models::EnvelopeModel::NameColumn) {
            option->features |= QStyleOptionViewItem::HasDecoration;
            option->icon = icon(QLatin1String("state-failed"), Role::Negative);
            option->decorationSize = QSize(12, 12);
        }
        if (index.column() == models::EnvelopeModel::ValueColumn) {
            option->features |= QStyleOptionViewItem::WrapText;
        }
    }
};

} // namespace

EventDetail::EventDetail(core::EventLog& log, QWidget* parent)
    : QWidget(parent), m_log(log), m_envelope(log), m_relations(log)
{
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    m_content = new QWidget(this);

    auto* content = new QVBoxLayout(m_content);
    content->setContentsMargins(0, 0, 0, 0);
    content->setSpacing(0);
    content->addWidget(buildTabs(), 1);
    content->addWidget(new Hairline);
    content->addWidget(buildFooter());

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_content);
    m_empty = new StateOverlay(this);
    clear();
    connect(&m_relations, &models::EventRelations::changed, this, &EventDetail::onRelations);
}

QWidget* EventDetail::buildTabs()
{
    auto* part = new QWidget(m_content);
    m_tabs = new QTabBar(part);
    m_tabs->setExpanding(false);
    m_tabs->setAccessibleName(tr("Views of the event"));
    for (const QString& name : {tr("Tree"), tr("Text"), tr("Hex"), tr("Headers"), tr("Envelope")}) {
        m_tabs->addTab(name);
    }
    m_treeView = new JsonTreeView;
    m_treeView->setModel(&m_tree);
    m_text = new PayloadText;
    m_hex = new HexView;
    m_headersView = makeTable(&m_headers, tr("Headers"));
    m_envelopeView = makeTable(&m_envelope, tr("Envelope"));
    m_envelopeView->setItemDelegate(new EnvelopeDelegate(m_envelopeView));
    m_envelopeState = new StateOverlay(m_envelopeView->viewport());
    connect(&m_envelope, &models::EnvelopeModel::found, this, [this] {
        m_envelopeState->showNothing();
        m_envelopeView->resizeRowsToContents();
    });

    m_pages = new QStackedWidget(part);
    for (QWidget* page :
        {static_cast<QWidget*>(m_treeView), static_cast<QWidget*>(m_text), static_cast<QWidget*>(m_hex),
            static_cast<QWidget*>(m_headersView), static_cast<QWidget*>(m_envelopeView)}) {
        m_pages->addWidget(page);
    }
    auto* layout = new QVBoxLayout(part);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_tabs);
    layout->addWidget(new Hairline);
    layout->addWidget(m_pages, 1);
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int tab) {
        m_pages->setCurrentIndex(tab);
        fillTab();
    });
    connect(m_treeView, &JsonTreeView::linkActivated, this, &EventDetail::onLink);
    connect(m_treeView, &JsonTreeView::filterRequested, this, &EventDetail::filterRequested);
    connect(m_treeView, &JsonTreeView::columnRequested, this, &EventDetail::columnRequested);
    connect(m_treeView, &JsonTreeView::colourRequested, this, &EventDetail::colourRequested);
    connect(m_treeView, &JsonTreeView::menuOpening, this, [this](QMenu* menu) {
        menu->addSeparator();
        menu->addAction(icon(QLatin1String("eventscope-replay")), tr("Replay stream"), this,
                [this] { Q_EMIT replayRequested(*m_row); })
            ->setEnabled(m_replay->isEnabled());
        menu->addAction(icon(QLatin1String("eventscope-flow")), tr("Follow flow"), this,
                [this] { Q_EMIT flowRequested(*m_row); })
            ->setEnabled(m_flow->isEnabled());
    });
    connect(m_treeView, &JsonTreeView::said, this, &EventDetail::said);
    connect(m_hex, &HexView::said, this, &EventDetail::said);
    return part;
}

QTableView* EventDetail::makeTable(QAbstractItemModel* model, const QString& name)
{
    auto* table = new QTableView;
    table->setModel(model);
    table->setFrameShape(QFrame::NoFrame);
    table->setFont(fonts::data());
    table->setShowGrid(false);
    table->setAlternatingRowColors(true);
    table->setWordWrap(false);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->verticalHeader()->hide();
    table->verticalHeader()->setMinimumSectionSize(18);
    table->verticalHeader()->setDefaultSectionSize(QFontMetrics(fonts::data()).height() + 7);
    table->horizontalHeader()->setStretchLastSection(true);
    table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    table->horizontalHeader()->setHighlightSections(false);
    table->setColumnWidth(0, 150);
    table->setAccessibleName(name);
    return table;
}

QWidget* EventDetail::buildFooter()
{
    auto* footer = new QWidget(m_content);
    m_relationsPanel = new RelationsPanel(m_log, footer);
    m_replay = new QPushButton(tr("Replay stream"), footer);
    m_flow = new QPushButton(tr("Follow flow"), footer);
    auto* buttons = new QHBoxLayout;
    buttons->setContentsMargins(12, 6, 12, 10);
    buttons->setSpacing(6);
    buttons->addWidget(m_replay);
    buttons->addWidget(m_flow);
    buttons->addStretch();
    auto* layout = new QVBoxLayout(footer);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_relationsPanel);
    layout->addLayout(buttons);
    connect(m_relationsPanel, &RelationsPanel::rowChosen, this, &EventDetail::rowChosen);
    connect(m_relationsPanel, &RelationsPanel::moreRequested, this, [this] { Q_EMIT flowRequested(*m_row); });
    connect(m_replay, &QPushButton::clicked, this, [this] { Q_EMIT replayRequested(*m_row); });
    connect(m_flow, &QPushButton::clicked, this, [this] { Q_EMIT flowRequested(*m_row); });
    return footer;
}

void EventDetail::showRow(core::LogRow row)
{
    if (m_row == row) {
        return;
    }
    m_row = row;
    const core::LogEvent event = m_log.at(row);
    QStringList title{models::visibleText(m_log.text(event.type), 60)};
    if (event.version != core::SourceEvent::kNone) {
        title += tr("version %1").arg(event.version);
    }
    if (event.position != core::SourceEvent::kNone) {
        title += tr("position %1")
                     .arg(event.position >= 0 ? models::formatCount(static_cast<std::uint64_t>(event.position))
                                              : QString::number(event.position));
    }
    Q_EMIT titleChanged(title.join(QStringLiteral(" · ")));

    models::HeadersModel::Headers headers;
    m_log.headersAt(row, [&headers](core::HeaderView header) { headers.emplace_back(header.name, header.value); });
    m_tabs->setTabText(HeadersTab, headers.empty() ? tr("Headers") : tr("Headers %1").arg(headers.size()));
    m_headers.setHeaders(std::move(headers));

    m_empty->showNothing();
    fillTab();
    m_relations.lookFor(row);
    onRelations();
    m_flow->setEnabled(event.correlation != 0);
    m_replay->setEnabled(event.stream != 0);
}

void EventDetail::clear()
{
    m_row.reset();
    Q_EMIT titleChanged(tr("Event"));
    m_relations.stopLooking();
    m_relationsPanel->clear();
    m_text->clear();
    m_hex->clear();
    m_tree.clear();
    m_envelope.clear();
    for (auto& filled : m_filled) {
        filled.reset();
    }
    m_empty->showEmpty(
        tr("No event chosen"), tr("Click a row, or move to one with the arrow keys, to see everything about it."));
}

void EventDetail::fillTab()
{
    const int tab = m_tabs->currentIndex();
    if (!m_row) {
        return;
    }
    const core::LogEvent event = m_log.at(*m_row);
    if (m_filled[tab] == m_row) {
        if (tab == HexTab) {
            showChosenBytes(event);
        }
        return;
    }
    m_filled[tab] = m_row;
    switch (tab) {
    case TreeTab: fillTree(event); break;
    case TextTab: m_text->setPayload(event.payload, event.payloadIsNull); break;
    case HexTab:
        m_hex->setBytes(event.payload);
        showChosenBytes(event);
        break;
    case EnvelopeTab:
        m_envelopeState->showBusy(tr("Looking at %1…").arg(models::formatBytes(event.payload.size())));
        m_envelope.setRow(*m_row);
        break;
    default: break; // the headers are few, they are there already
    }
}

/// The bytes of the value that is chosen in the tree.
void EventDetail::showChosenBytes(const core::LogEvent& event)
{
    const QModelIndex chosen = m_treeView->currentIndex().siblingAtColumn(JsonTreeModel::ValueColumn);
    if (m_filled[TreeTab] != m_row || !chosen.isValid()
        || chosen.data(JsonTreeModel::SectionRole).toString() != QLatin1String("data")) {
        return;
    }
    // The tree shows no more than a beginning; what is open there goes on to the end.
    const std::string_view looked = event.payload.substr(0, 4 * kTreeBytes);
    const auto range = core::rangeOfPointer(looked, chosen.data(JsonTreeModel::PathRole).toString().toStdString());
    if (range) {
        m_hex->select(range->begin, range->end == looked.size() ? event.payload.size() : range->end);
    }
}

JsonTreeModel::Section EventDetail::payloadSection(const core::LogEvent& event) const
{
    JsonTreeModel::Section payload{QStringLiteral("data"), nullptr, {}, QStringLiteral("data")};
    if (event.payloadIsNull) {
        payload.note = tr("no payload (null)");
        return payload;
    }
    if (event.payload.empty()) {
        payload.note = tr("empty, 0 bytes");
        return payload;
    }
    const auto beginning = models::jsonBeginning(event.payload, kTreeBytes);
    auto json = beginning ? Json::parse(beginning->json)
                          : core::Result<Json>(core::fail(core::ErrorCode::Unparsable, "no JSON"));
    if (!json) {
        payload.note = tr("%1, no JSON: see Text or Hex").arg(models::formatBytes(event.payload.size()));
        return payload;
    }
    payload.value = std::make_shared<const Json>(*std::move(json));
    if (beginning->cut) {
        payload.note = tr("… and more: this is the beginning of %1, see Text or Hex")
                           .arg(models::formatBytes(event.payload.size()));
    }
    return payload;
}

void EventDetail::fillTree(const core::LogEvent& event)
{
    std::vector<JsonTreeModel::Section> sections;
    sections.push_back(payloadSection(event));

    Json::Object metadata;
    add(metadata, "correlationId", m_log.text(event.correlation));
    add(metadata, "causationId", event.causationId.view());
    int headers = 0;
    m_log.headersAt(*m_row, [&](core::HeaderView header) {
        if (++headers <= 100) {
            metadata.emplace_back(std::string(header.name), Json(header.value));
        }
    });
    if (!metadata.empty()) {
        sections.push_back(section("metadata", std::move(metadata)));
        if (headers > 100) {
            sections.back().note = tr("… and more: see Headers");
        }
    }

    Json::Object envelope;
    add(envelope, "id", event.id.view());
    add(envelope, "type", m_log.text(event.type));
    add(envelope, "stream", m_log.text(event.stream));
    add(envelope, "version", event.version);
    add(envelope, "position", event.position);
    add(envelope, "partition", event.partition < 0 ? core::SourceEvent::kNone : event.partition);
    if (event.hasTime) {
        add(envelope, "time", core::formatTimestamp(event.time));
    }
    add(envelope, "source", m_log.text(event.source));
    if (event.isLate) {
        add(envelope, "late", "committed after events behind it had been shown");
    }
    add(envelope, "undecodable", event.undecodable);
    sections.push_back(section("event", std::move(envelope)));

    m_treeView->clearLinks();
    m_tree.setSections(std::move(sections));
    m_treeView->expandUsefully();
}

void EventDetail::onRelations()
{
    const models::Relations relations = m_relations.latest();
    if (!m_row || relations.row != *m_row) {
        return;
    }
    m_relationsPanel->show(relations);
    const QString metadata = QStringLiteral("metadata");
    m_treeView->setLink(metadata, QStringLiteral("/correlationId"),
        relations.sameFlow > 1 ? tr("%1 events ▸").arg(models::formatCount(relations.sameFlow)) : QString());
    if (relations.cause) {
        m_treeView->setLink(metadata, QStringLiteral("/causationId"),
            models::visibleText(m_log.text(m_log.typeAt(*relations.cause)), 40) + QStringLiteral(" ▸"));
    }
}

void EventDetail::onLink(const QString&, const QString& pointer)
{
    if (!m_row) {
        return;
    }
    if (pointer == QLatin1String("/correlationId")) {
        Q_EMIT flowRequested(*m_row);
    } else if (const auto cause = m_relations.latest().cause; cause && pointer == QLatin1String("/causationId")) {
        Q_EMIT rowChosen(*cause);
    }
}

void EventDetail::setTimeFormat(const models::TimeFormat& format)
{
    m_time = format;
}

EventDetail::Tab EventDetail::currentTab() const
{
    return static_cast<Tab>(m_tabs->currentIndex());
}

void EventDetail::setCurrentTab(Tab tab)
{
    m_tabs->setCurrentIndex(tab);
}

void EventDetail::focusContent()
{
    m_pages->currentWidget()->setFocus();
}

} // namespace eventscope::ui
