// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "flow_model.h"

#include "event_format.h"
#include "plain_text.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace eventscope::models {

namespace {

constexpr qsizetype kChars = 120;

} // namespace

struct FlowModel::Node {
    core::LogRow row = 0;
    Node* parent = nullptr;
    int place = 0; ///< among its parent's children
    std::uint32_t depth = 0;
    core::FlowCause cause = core::FlowCause::None;
    std::vector<std::unique_ptr<Node>> children;

    ~Node()
    {
        // Not by recursion: a chain of causes may be as long as the flow.
        std::vector<std::unique_ptr<Node>> open = std::move(children);
        while (!open.empty()) {
            std::unique_ptr<Node> node = std::move(open.back());
            open.pop_back();
            std::ranges::move(node->children, std::back_inserter(open));
            node->children.clear();
        }
    }
};

FlowModel::FlowModel(const core::EventLog& log, QObject* parent)
    : QAbstractItemModel(parent), m_log(log), m_flow(std::make_shared<const core::Flow>()), m_root(new Node)
{
}

FlowModel::~FlowModel() = default;

void FlowModel::setFlow(std::shared_ptr<const core::Flow> flow)
{
    if (flow == m_flow) {
        return;
    }
    const bool sameBeginning = flow->from == m_flow->from;
    m_flow = std::move(flow);
    if (!extends(*m_flow)) {
        reset(*m_flow);
        return;
    }
    insertNew(*m_flow);
    if (!sameBeginning) { // all delays count from there
        for (const auto& [row, node] : m_nodes) {
            const QModelIndex changed = indexOf(*node).siblingAtColumn(DelayColumn);
            Q_EMIT dataChanged(changed, changed);
        }
    }
}

bool FlowModel::extends(const core::Flow& flow) const
{
    std::size_t found = 0;
    for (const core::FlowNode& node : flow.nodes) {
        const auto known = m_nodes.find(node.row);
        if (known == m_nodes.end()) {
            continue;
        }
        ++found;
        const Node* parent = known->second->parent;
        const bool isRoot = node.parent == core::FlowNode::kNoParent;
        if (isRoot != (parent == m_root.get()) || (!isRoot && parent->row != flow.nodes[node.parent].row)) {
            return false;
        }
    }
    return found == m_nodes.size();
}

void FlowModel::reset(const core::Flow& flow)
{
    beginResetModel();
    m_nodes.clear();
    m_root = std::make_unique<Node>();
    for (const core::FlowNode& node : flow.nodes) {
        Node& parent = node.parent == core::FlowNode::kNoParent ? *m_root : *m_nodes.at(flow.nodes[node.parent].row);
        auto made = makeNode(node, parent);
        made->place = static_cast<int>(parent.children.size());
        m_nodes[node.row] = made.get();
        parent.children.push_back(std::move(made));
    }
    endResetModel();
}

/// In as few steps as can be: whatever is new under the same cause and side by side comes at once, with
/// all that it caused.
void FlowModel::insertNew(const core::Flow& flow)
{
    struct Run {
        Node* parent;
        std::size_t place;
        std::vector<std::unique_ptr<Node>> nodes;
    };
    std::vector<Run> runs;
    std::unordered_map<const Node*, std::size_t> lastRun;
    std::unordered_map<core::LogRow, Node*> fresh;
    std::unordered_map<const Node*, std::size_t> passed; // children of each that came so far
    for (const core::FlowNode& node : flow.nodes) {
        Node* parent = m_root.get();
        bool parentIsFresh = false;
        if (node.parent != core::FlowNode::kNoParent) {
            const core::LogRow row = flow.nodes[node.parent].row;
            const auto known = m_nodes.find(row);
            parentIsFresh = known == m_nodes.end();
            parent = parentIsFresh ? fresh.at(row) : known->second;
        }
        const std::size_t place = passed[parent]++;
        if (const auto known = m_nodes.find(node.row); known != m_nodes.end()) {
            known->second->cause = node.cause;
            continue;
        }
        auto added = makeNode(node, *parent);
        fresh[node.row] = added.get();
        if (parentIsFresh) {
            added->place = static_cast<int>(place);
            parent->children.push_back(std::move(added));
            continue;
        }
        const auto last = lastRun.find(parent);
        if (last == lastRun.end() || runs[last->second].place + runs[last->second].nodes.size() != place) {
            lastRun[parent] = runs.size();
            runs.push_back({parent, place, {}});
        }
        runs[lastRun[parent]].nodes.push_back(std::move(added));
    }
    for (Run& run : runs) {
        insertRun(*run.parent, run.place, std::move(run.nodes));
    }
}

void FlowModel::insertRun(Node& parent, std::size_t place, std::vector<std::unique_ptr<Node>> nodes)
{
    const int first = static_cast<int>(place);
    beginInsertRows(indexOf(parent), first, first + static_cast<int>(nodes.size()) - 1);
    std::vector<Node*> open;
    for (const auto& node : nodes) {
        open.push_back(node.get());
    }
    while (!open.empty()) {
        Node* node = open.back();
        open.pop_back();
        m_nodes[node->row] = node;
        for (const auto& child : node->children) {
            open.push_back(child.get());
        }
    }
    parent.children.insert(parent.children.begin() + static_cast<std::ptrdiff_t>(place),
        std::make_move_iterator(nodes.begin()), std::make_move_iterator(nodes.end()));
    for (std::size_t i = place; i < parent.children.size(); ++i) {
        parent.children[i]->place = static_cast<int>(i);
    }
    endInsertRows();
}

std::unique_ptr<FlowModel::Node> FlowModel::makeNode(const core::FlowNode& node, Node& parent)
{
    auto made = std::make_unique<Node>();
    made->row = node.row;
    made->parent = &parent;
    made->depth = node.depth;
    made->cause = node.cause;
    return made;
}

EventTone FlowModel::toneOf(core::LogRow row) const
{
    return m_tones.toneOf(m_log.typeAt(row), [this](core::TextId id) { return m_log.text(id); });
}

FlowModel::Node* FlowModel::nodeOf(const QModelIndex& index) const
{
    return index.isValid() ? static_cast<Node*>(index.internalPointer()) : m_root.get();
}

QModelIndex FlowModel::indexOf(const Node& node) const
{
    return &node == m_root.get() ? QModelIndex() : createIndex(node.place, 0, const_cast<Node*>(&node));
}

QModelIndex FlowModel::indexOf(core::LogRow row) const
{
    const auto found = m_nodes.find(row);
    return found == m_nodes.end() ? QModelIndex() : indexOf(*found->second);
}

QModelIndex FlowModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent)) {
        return {};
    }
    return createIndex(row, column, nodeOf(parent)->children[static_cast<std::size_t>(row)].get());
}

QModelIndex FlowModel::parent(const QModelIndex& index) const
{
    return index.isValid() ? indexOf(*nodeOf(index)->parent) : QModelIndex();
}

int FlowModel::rowCount(const QModelIndex& parent) const
{
    return parent.column() > 0 ? 0 : static_cast<int>(nodeOf(parent)->children.size());
}

int FlowModel::columnCount(const QModelIndex&) const
{
    return ColumnCount;
}

QString FlowModel::delay(core::LogRow row) const
{
    const core::LogEvent event = m_log.at(row);
    if (!event.hasTime) {
        return {};
    }
    const std::chrono::microseconds after = event.time - m_flow->from;
    return after.count() == 0 ? QStringLiteral("0") : QLatin1Char('+') + formatDuration(after);
}

QString FlowModel::causeNote(const Node& node) const
{
    switch (node.cause) {
    case core::FlowCause::NotInFlow: return tr("its cause is not among the events that are here");
    case core::FlowCause::Cycle: return tr("its causes lead back to it");
    case core::FlowCause::Request: return tr("caused by the request that began the flow");
    case core::FlowCause::None:
    case core::FlowCause::InFlow: return {};
    }
    return {};
}

QString FlowModel::describe(core::LogRow row) const
{
    QStringList parts{visibleText(m_log.text(m_log.typeAt(row)), kChars),
        visibleText(m_log.text(m_log.streamAt(row)), kChars),
        tr("source %1").arg(visibleText(m_log.text(m_log.sourceAt(row)), kChars)), delay(row)};
    if (toneOf(row) == EventTone::Failure) {
        parts += tr("a failure");
    }
    if (const auto found = m_nodes.find(row); found != m_nodes.end()) {
        parts += causeNote(*found->second);
    }
    parts.removeAll(QString());
    return parts.join(QLatin1String(", "));
}

QVariant FlowModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    const Node& node = *nodeOf(index);
    switch (role) {
    case Qt::DisplayRole:
        switch (index.column()) {
        case TypeColumn: return visibleText(m_log.text(m_log.typeAt(node.row)), kChars);
        case StreamColumn: return visibleText(m_log.text(m_log.streamAt(node.row)), kChars);
        case DelayColumn: return delay(node.row);
        case DepthColumn: return QString::number(node.depth);
        default: return {};
        }
    case Qt::ToolTipRole: return plainToolTip(describe(node.row));
    case Qt::AccessibleDescriptionRole: return index.column() == TypeColumn ? describe(node.row) : QString();
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(
            Qt::Alignment(Qt::AlignVCenter | (index.column() >= DelayColumn ? Qt::AlignRight : Qt::AlignLeft)));
    case RowRole: return QVariant::fromValue<quint64>(node.row);
    case ToneRole: return static_cast<int>(toneOf(node.row));
    default: return {};
    }
}

QVariant FlowModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) {
        return {};
    }
    if (role == Qt::TextAlignmentRole) {
        return QVariant::fromValue(
            Qt::Alignment(Qt::AlignVCenter | (section >= DelayColumn ? Qt::AlignRight : Qt::AlignLeft)));
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    switch (section) {
    case TypeColumn: return tr("Event");
    case StreamColumn: return tr("Stream");
    case DelayColumn: return tr("After");
    case DepthColumn: return tr("Depth");
    default: return {};
    }
}

} // namespace eventscope::models
