// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "flow/flow_page.h"

#include "flow/flow_view.h"
#include "inspect/workspace.h"
#include "plain_text.h"
#include "shell/state_overlay.h"
#include "shell/waiting_state.h"
#include "theme/fonts.h"
#include "theme/icons.h"
#include "widgets/labels.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QSplitter>
#include <QStyledItemDelegate>
#include <QTreeView>
#include <QVBoxLayout>
#include <algorithm>
#include <unordered_map>

namespace eventscope::ui {

using namespace std::chrono_literals;
using models::FlowModel;

namespace {

constexpr auto kFrame = 50ms;
constexpr auto kLookAgain = 500ms;
constexpr std::string_view kSagaStreams = "saga-";
constexpr std::size_t kOpenAtOnce = 500; ///< a larger tree is opened by hand

QString exactText(const core::EventLog& log, core::TextId id)
{
    const std::string_view text = log.text(id);
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

/// A failure in its colour and with its sign.
class FlowTreeDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        return {QStyledItemDelegate::sizeHint(option, index).width(), option.fontMetrics.height() + 8};
    }

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        const Colours colours(option->palette);
        const auto tone = static_cast<models::EventTone>(index.data(FlowModel::ToneRole).toInt());
        option->font = fonts::data();
        option->state &= ~QStyle::State_HasFocus;
        QColor colour = colours.muted;
        if (index.column() == FlowModel::TypeColumn) {
            colour = colours.text;
            if (tone != models::EventTone::Plain) {
                const bool failed = tone == models::EventTone::Failure;
                colour = failed ? colours.negative : colours.warning;
                option->features |= QStyleOptionViewItem::HasDecoration;
                option->icon = failed ? icon(QLatin1String("state-failed"), Role::Negative)
                                      : icon(QLatin1String("dialog-warning"), Role::Warning);
                option->decorationSize = QSize(12, 12);
            }
        }
        option->palette.setColor(QPalette::Text, colour);
        option->palette.setColor(QPalette::HighlightedText, colour);
    }
};

} // namespace

FlowPage::FlowPage(core::Workspace& workspace, QWidget* parent)
    : Page(parent)
    , m_workspace(workspace)
    , m_model(workspace.log())
    , m_shown{m_model.flow(), 0}
    , m_bell(kFrame)
    , m_worker(workspace.log())
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeBar());
    layout->addWidget(new Hairline(Qt::Horizontal, this));
    auto* body = new QWidget(this); // a splitter would take the overlay for one of its panes
    auto* bodyLayout = new QHBoxLayout(body);
    bodyLayout->setContentsMargins(0, 0, 0, 0);
    m_splitter = new QSplitter(Qt::Horizontal, body);
    bodyLayout->addWidget(m_splitter);
    m_splitter->setChildrenCollapsible(false);
    m_view = new FlowView(m_workspace.log(), m_model);
    m_splitter->addWidget(m_view);
    m_splitter->addWidget(makeTree());
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setSizes({540, 480});
    layout->addWidget(body, 1);
    m_overlay = new StateOverlay(body);
    connect(m_view, &FlowView::currentChanged, this, &FlowPage::choose);
    connect(m_view, &FlowView::activated, this, &FlowPage::eventWanted);
    connect(&m_bell, &models::FrameBell::rang, this, &FlowPage::refresh);
    connect(&m_timer, &QTimer::timeout, this, &FlowPage::showState);
    connect(m_overlay, &StateOverlay::actionTriggered, this, [this] { retrySources(m_workspace); });
    showHeadline();
    showState();
}

FlowPage::~FlowPage() = default;

QWidget* FlowPage::makeBar()
{
    auto* bar = new QWidget(this);
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(12, 6, 12, 6);
    m_headline = new ElidedLabel(bar);
    m_headline->setFont(fonts::dataBold());
    m_headline->setElideMode(Qt::ElideMiddle);
    m_figures = new ElidedLabel(bar);
    m_figures->setRole(Role::Muted);
    m_event = new QPushButton(tr("Show event"), bar);
    m_replay = new QPushButton(tr("Replay stream"), bar);
    layout->addWidget(m_headline, 2);
    layout->addWidget(m_figures, 3);
    layout->addWidget(m_event);
    layout->addWidget(m_replay);
    m_saga = new QPushButton(tr("Show saga"), bar);
    layout->addWidget(m_saga);
    connect(m_saga, &QPushButton::clicked, this, &FlowPage::askForSaga);
    connect(m_event, &QPushButton::clicked, this, &FlowPage::askForEvent);
    connect(m_replay, &QPushButton::clicked, this, [this] {
        if (const auto row = current()) {
            const core::EventLog& log = m_workspace.log();
            Q_EMIT replayWanted(exactText(log, log.sourceAt(*row)), exactText(log, log.streamAt(*row)));
        }
    });
    return bar;
}

QWidget* FlowPage::makeTree()
{
    m_tree = new QTreeView(this);
    m_tree->setModel(&m_model);
    m_tree->setItemDelegate(new FlowTreeDelegate(m_tree));
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setUniformRowHeights(true);
    m_tree->setAlternatingRowColors(true);
    m_tree->setIndentation(7); // a saga is a chain: its steps lie deep below each other
    m_tree->setExpandsOnDoubleClick(false);
    m_tree->setAccessibleName(tr("Flow as a tree of causes"));
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setMinimumSectionSize(40);
    m_tree->header()->setSectionResizeMode(FlowModel::TypeColumn, QHeaderView::Stretch);
    m_tree->header()->resizeSection(FlowModel::StreamColumn, 150);
    m_tree->header()->resizeSection(FlowModel::DelayColumn, 72);
    m_tree->header()->hideSection(FlowModel::DepthColumn); // the indentation says it
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex& index) {
        if (index.isValid()) {
            choose(index.data(FlowModel::RowRole).toULongLong());
        }
    });
    connect(m_tree, &QTreeView::activated, this, &FlowPage::askForEvent);
    connect(&m_model, &QAbstractItemModel::modelReset, m_tree, [this] {
        if (m_shown.flow->nodes.size() <= kOpenAtOnce) {
            m_tree->expandAll();
        }
    });
    connect(&m_model, &QAbstractItemModel::rowsInserted, this, &FlowPage::openNew);
    return m_tree;
}

/// What comes is open; what somebody closed stays closed.
void FlowPage::openNew(const QModelIndex& parent, int first, int last)
{
    if (m_shown.flow->nodes.size() > kOpenAtOnce) {
        return;
    }
    if (m_model.rowCount(parent) == last - first + 1) {
        m_tree->expand(parent); // its first effects
    }
    for (int row = first; row <= last; ++row) {
        m_tree->expandRecursively(m_model.index(row, 0, parent));
    }
}

bool FlowPage::showFlow(const QString& correlationId)
{
    if (correlationId.isEmpty()) {
        return false;
    }
    const std::string id = correlationId.toStdString();
    if (m_tracker && m_tracker->correlationId() == id) {
        return true;
    }
    m_bell.detachAll();
    m_tracker = std::make_shared<core::FlowTracker>(id);
    m_bell.attach([this](auto ring) { return m_tracker->onChanged(std::move(ring)); });
    m_shown = m_tracker->result();
    m_model.setFlow(m_shown.flow);
    m_view->setCurrent(std::nullopt);
    m_view->setZoom(1);
    m_view->refresh();
    m_worker.add(m_tracker);
    m_headline->setText(models::visibleText(correlationId));
    showHeadline();
    showState();
    return true;
}

void FlowPage::refresh()
{
    if (!m_tracker || !isVisible()) {
        return; // showEvent catches up
    }
    const core::FlowTracker::Result result = m_tracker->result();
    if (result.flow != m_shown.flow) {
        const bool first = m_shown.flow->nodes.empty();
        m_shown = result;
        m_model.setFlow(result.flow);
        m_view->refresh();
        if (first) {
            choose(result.flow->nodes.front().row);
        }
        showHeadline();
    }
    showState();
}

void FlowPage::showHeadline()
{
    const core::Flow& flow = *m_shown.flow;
    const auto row = current();
    m_event->setEnabled(row.has_value());
    m_replay->setEnabled(row.has_value());
    m_saga->setEnabled(sagaLane() != nullptr);
    if (!m_tracker) {
        m_headline->setText(tr("No flow chosen"));
    }
    if (flow.nodes.empty()) {
        m_figures->setText({});
        return;
    }
    QString text = tr("%1 events in %2 streams, %3 from %4 on")
                       .arg(models::formatCount(m_shown.events), models::formatCount(flow.lanes.size()),
                           models::formatDuration(flow.to - flow.from), m_time.dateTime(flow.from));
    if (flow.missingCauses > 0) {
        text += tr(" · %1 causes not here").arg(models::formatCount(flow.missingCauses));
    }
    if (m_shown.events > flow.nodes.size()) {
        text += tr(" · the first %1 are shown").arg(models::formatCount(flow.nodes.size()));
    }
    m_figures->setText(text);
}

void FlowPage::showState()
{
    if (!m_shown.flow->nodes.empty()) {
        m_overlay->showNothing();
    } else if (!m_tracker && showWhyNothingCame(*m_overlay, m_workspace)) {
        return; // how the sources stand changes without a sign: the timer looks again
    } else if (!m_tracker) {
        m_overlay->showEmpty(tr("No flow chosen yet"),
            tr("Right-click an event and choose “Follow flow”: everything that happened with its correlation id "
               "is then drawn here, in the order of cause and effect."));
    } else if (m_tracker->scanned() < m_workspace.log().size()) {
        m_overlay->showBusy(tr("Looking for the events of this flow…"));
    } else {
        m_overlay->showError(tr("No event has this correlation id"),
            tr("None of the events that are here belongs to %1. If one comes, it is shown.")
                .arg(models::visibleText(QString::fromStdString(m_tracker->correlationId()), 80)));
    }
}

std::optional<core::LogRow> FlowPage::current() const
{
    return m_view->current();
}

void FlowPage::choose(core::LogRow row)
{
    m_view->setCurrent(row);
    const QModelIndex index = m_model.indexOf(row);
    if (index.isValid() && m_tree->currentIndex().siblingAtColumn(0) != index) {
        m_tree->setCurrentIndex(index);
    }
    showHeadline();
    if (isVisible()) {
        Q_EMIT eventChosen(row);
    }
}

void FlowPage::askForEvent()
{
    if (const auto row = current()) {
        Q_EMIT eventWanted(*row);
    }
}

const core::FlowLane* FlowPage::sagaLane() const
{
    const auto& lanes = m_shown.flow->lanes;
    const auto found = std::ranges::find_if(lanes,
        [this](const core::FlowLane& lane) { return m_workspace.log().text(lane.stream).starts_with(kSagaStreams); });
    return found == lanes.end() ? nullptr : &*found;
}

void FlowPage::askForSaga()
{
    if (const core::FlowLane* lane = sagaLane()) {
        const core::EventLog& log = m_workspace.log();
        Q_EMIT sagaWanted(exactText(log, lane->source), exactText(log, lane->stream));
    }
}

QString FlowPage::example() const
{
    // Of the latest events, the flow with the most of them.
    const core::EventLog& log = m_workspace.log();
    std::unordered_map<core::TextId, int> counts;
    const core::LogRow size = log.size();
    for (core::LogRow row = size > 2000 ? size - 2000 : 0; row < size; ++row) {
        if (const core::TextId id = log.correlationAt(row); id != 0) {
            ++counts[id];
        }
    }
    const auto best = std::ranges::max_element(counts, {}, [](const auto& entry) { return entry.second; });
    if (best == counts.end()) {
        return {};
    }
    return exactText(log, best->first);
}

void FlowPage::showExample()
{
    showFlow(example());
}

void FlowPage::setUtc(bool utc)
{
    m_time = models::TimeFormat(utc ? models::TimeFormat::Zone::Utc : models::TimeFormat::Zone::Local);
    showHeadline();
}

void FlowPage::focusStart()
{
    m_view->setFocus();
}

void FlowPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    refresh();
    showState();
    m_timer.start(kLookAgain);
}

void FlowPage::hideEvent(QHideEvent* event)
{
    m_timer.stop();
    Page::hideEvent(event);
}

} // namespace eventscope::ui
