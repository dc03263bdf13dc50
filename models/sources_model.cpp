// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources_model.h"

#include "event_format.h"
#include "plain_text.h"

#include <algorithm>
#include <optional>

namespace eventscope::models {

struct SourcesModel::Node {
    Node* parent = nullptr;
    int row = 0;
    Kind kind = Kind::Connection;
    core::CatalogKind entryKind = core::CatalogKind::Stream;
    std::string name;
    std::optional<std::uint64_t> count;
    bool alarm = false;
    SourceSnapshot source; ///< of a connection
    /// Of a node whose children are entries: all of them, of which children holds the first ones.
    GroupedCatalog::Entries entries;
    std::vector<std::unique_ptr<Node>> children;
};

struct SourcesModel::Wanted {
    Kind kind;
    core::CatalogKind entryKind;
    std::string name;
    std::optional<std::uint64_t> count;
    bool alarm = false;
    const GroupedCatalog::Entries* entries = nullptr;
    std::vector<Wanted> children{};
};

namespace {

QString utf8(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

std::optional<std::uint64_t> countOf(const core::CatalogEntry& entry)
{
    return entry.count ? std::optional(static_cast<std::uint64_t>(std::max<std::int64_t>(0, *entry.count)))
                       : std::nullopt;
}

} // namespace

SourcesModel::SourcesModel(QObject* parent) : QAbstractItemModel(parent), m_root(std::make_unique<Node>()) { }

SourcesModel::~SourcesModel() = default;

// A newer picture.

std::vector<SourcesModel::Wanted> SourcesModel::wantedOf(const SourceSnapshot& source)
{
    const GroupedCatalog& catalog = *source.catalog;
    std::vector<Wanted> groups;
    if (!catalog.categories.empty()) {
        Wanted streams{Kind::Group, core::CatalogKind::Stream, "streams", catalog.streams};
        for (const auto& category : catalog.categories) {
            streams.children.push_back({Kind::Category, core::CatalogKind::Stream, std::string(category.name),
                category.streams.size(), false, &category.streams});
        }
        groups.push_back(std::move(streams));
    }
    const auto group
        = [&groups](core::CatalogKind kind, const char* name, const GroupedCatalog::Entries& entries, bool alarming) {
              if (!entries.empty()) {
                  const std::uint64_t count = models::countOf(entries);
                  groups.push_back({Kind::Group, kind, name, count, alarming && count > 0, &entries});
              }
          };
    group(core::CatalogKind::Topic, "topics", catalog.topics, false);
    group(core::CatalogKind::Queue, "queues", catalog.queues, false);
    group(core::CatalogKind::DeadLetter, "dead letters", catalog.deadLetters, true);
    return groups;
}

void SourcesModel::update(const std::vector<SourceSnapshot>& sources)
{
    std::vector<Wanted> wanted;
    for (const SourceSnapshot& source : sources) {
        wanted.push_back({Kind::Connection, core::CatalogKind::Stream, source.name, std::nullopt,
            source.status.state == core::ConnectionState::Failed, nullptr, wantedOf(source)});
    }
    merge(*m_root, std::move(wanted));
    for (std::size_t i = 0; i < sources.size(); ++i) {
        m_root->children[i]->source = sources[i];
        const QModelIndex row = indexOf(*m_root->children[i]);
        Q_EMIT dataChanged(row, row);
    }
}

void SourcesModel::merge(Node& parent, std::vector<Wanted> wanted)
{
    // Few nodes stand here (connections, groups, categories): what is gone goes, what is new comes to
    // its place, and what stays is not touched.
    const auto isWanted = [&wanted](const Node& node) {
        return std::ranges::any_of(
            wanted, [&node](const Wanted& w) { return w.kind == node.kind && w.name == node.name; });
    };
    for (std::size_t i = parent.children.size(); i > 0; --i) {
        if (!isWanted(*parent.children[i - 1])) {
            removeChildren(parent, i - 1, i - 1);
        }
    }
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        Wanted& want = wanted[i];
        const auto isIt = [&want](const auto& node) { return node->kind == want.kind && node->name == want.name; };
        if (i >= parent.children.size() || !isIt(parent.children[i])) {
            const auto elsewhere = std::ranges::find_if(parent.children, isIt);
            if (elsewhere != parent.children.end()) {
                const auto from = static_cast<std::size_t>(elsewhere - parent.children.begin());
                removeChildren(parent, from, from);
            }
            beginInsertRows(indexOf(parent), static_cast<int>(i), static_cast<int>(i));
            auto node = std::make_unique<Node>();
            node->parent = &parent;
            node->kind = want.kind;
            node->entryKind = want.entryKind;
            node->name = want.name;
            parent.children.insert(parent.children.begin() + static_cast<std::ptrdiff_t>(i), std::move(node));
            renumber(parent, i);
            endInsertRows();
        }
        Node& node = *parent.children[i];
        if (node.count != want.count || node.alarm != want.alarm) {
            node.count = want.count;
            node.alarm = want.alarm;
            Q_EMIT dataChanged(indexOf(node), indexOf(node));
        }
        if (want.entries) {
            mergeEntries(node, *want.entries);
        } else {
            merge(node, std::move(want.children));
        }
    }
}

void SourcesModel::mergeEntries(Node& parent, const GroupedCatalog::Entries& entries)
{
    const bool hadAll = parent.children.size() == parent.entries.size();
    const bool wasOpened = !parent.children.empty();
    const bool hadNone = parent.entries.empty();
    parent.entries = entries;
    std::size_t row = 0, next = 0;
    while (row < parent.children.size()) {
        Node& child = *parent.children[row];
        if (next >= entries.size() || child.name < entries[next]->name) {
            removeChildren(parent, row, row);
        } else if (entries[next]->name < child.name) {
            insertEntries(parent, row, next, next);
            ++row;
            ++next;
        } else {
            const auto count = countOf(*entries[next]);
            if (child.count != count) {
                child.count = count;
                Q_EMIT dataChanged(indexOf(child), indexOf(child));
            }
            ++row;
            ++next;
        }
    }
    // A list that was shown to its end stays so, while it is short.
    if (hadAll && wasOpened && next < entries.size() && row < kPage) {
        insertEntries(parent, row, next, std::min(entries.size(), next + kPage - row) - 1);
    } else if (hadNone && !entries.empty()) {
        Q_EMIT dataChanged(indexOf(parent), indexOf(parent)); // it can be opened now
    }
}

void SourcesModel::insertEntries(Node& parent, std::size_t at, std::size_t first, std::size_t last)
{
    beginInsertRows(indexOf(parent), static_cast<int>(at), static_cast<int>(at + last - first));
    std::vector<std::unique_ptr<Node>> added;
    for (std::size_t i = first; i <= last; ++i) {
        const core::CatalogEntry& entry = *parent.entries[i];
        auto node = std::make_unique<Node>();
        node->parent = &parent;
        node->kind = entry.kind == core::CatalogKind::Stream ? Kind::Stream
            : entry.kind == core::CatalogKind::Topic         ? Kind::Topic
            : entry.kind == core::CatalogKind::Queue         ? Kind::Queue
                                                             : Kind::DeadLetter;
        node->entryKind = entry.kind;
        node->name = entry.name;
        node->count = countOf(entry);
        added.push_back(std::move(node));
    }
    parent.children.insert(parent.children.begin() + static_cast<std::ptrdiff_t>(at),
        std::make_move_iterator(added.begin()), std::make_move_iterator(added.end()));
    renumber(parent, at);
    endInsertRows();
}

void SourcesModel::removeChildren(Node& parent, std::size_t first, std::size_t last)
{
    beginRemoveRows(indexOf(parent), static_cast<int>(first), static_cast<int>(last));
    parent.children.erase(parent.children.begin() + static_cast<std::ptrdiff_t>(first),
        parent.children.begin() + static_cast<std::ptrdiff_t>(last) + 1);
    renumber(parent, first);
    endRemoveRows();
}

void SourcesModel::renumber(Node& parent, std::size_t from)
{
    for (std::size_t i = from; i < parent.children.size(); ++i) {
        parent.children[i]->row = static_cast<int>(i);
    }
}

// The model.

SourcesModel::Node* SourcesModel::nodeOf(const QModelIndex& index) const
{
    return index.isValid() ? static_cast<Node*>(index.internalPointer()) : m_root.get();
}

QModelIndex SourcesModel::indexOf(const Node& node) const
{
    return &node == m_root.get() ? QModelIndex() : createIndex(node.row, 0, const_cast<Node*>(&node));
}

QModelIndex SourcesModel::connectionIndex(const QString& name) const
{
    const std::string wanted = name.toStdString();
    const auto found = std::ranges::find(m_root->children, wanted, [](const auto& node) { return node->name; });
    return found == m_root->children.end() ? QModelIndex() : indexOf(**found);
}

QModelIndex SourcesModel::index(int row, int column, const QModelIndex& parent) const
{
    const Node* node = nodeOf(parent);
    if (row < 0 || column != 0 || static_cast<std::size_t>(row) >= node->children.size()) {
        return {};
    }
    return createIndex(row, 0, node->children[static_cast<std::size_t>(row)].get());
}

QModelIndex SourcesModel::parent(const QModelIndex& index) const
{
    return index.isValid() ? indexOf(*nodeOf(index)->parent) : QModelIndex();
}

int SourcesModel::rowCount(const QModelIndex& parent) const
{
    return static_cast<int>(nodeOf(parent)->children.size());
}

int SourcesModel::columnCount(const QModelIndex&) const
{
    return 1;
}

bool SourcesModel::hasChildren(const QModelIndex& parent) const
{
    const Node* node = nodeOf(parent);
    return !node->children.empty() || !node->entries.empty();
}

bool SourcesModel::canFetchMore(const QModelIndex& parent) const
{
    const Node* node = nodeOf(parent);
    return node->children.size() < node->entries.size();
}

void SourcesModel::fetchMore(const QModelIndex& parent)
{
    Node* node = nodeOf(parent);
    const std::size_t first = node->children.size();
    if (first < node->entries.size()) {
        insertEntries(*node, first, first, std::min(node->entries.size(), first + kPage) - 1);
    }
}

QString SourcesModel::textOf(const Node& node) const
{
    if (node.kind == Kind::Group) {
        switch (node.entryKind) {
        case core::CatalogKind::Stream: return tr("streams");
        case core::CatalogKind::Topic: return tr("topics");
        case core::CatalogKind::Queue: return tr("queues");
        case core::CatalogKind::DeadLetter: return tr("dead letters");
        }
    }
    return node.name.empty() ? tr("(no name)") : visibleText(node.name, 200);
}

QString SourcesModel::toolTipOf(const Node& node) const
{
    if (node.kind == Kind::Connection) {
        const SourceSnapshot& source = node.source;
        QString text = textOf(node) + QLatin1Char('\n') + visibleText(source.url, 200) + QLatin1Char('\n')
            + utf8(core::toString(source.status.state));
        if (!source.status.sentence.empty()) {
            text += QStringLiteral(": ") + utf8(source.status.sentence);
        }
        text += QLatin1Char('\n')
            + tr("%1 events, %2").arg(formatCount(source.counters.events), formatBytes(source.counters.payloadBytes));
        if (source.mark.production) {
            text += QLatin1Char('\n') + tr("production");
        }
        return plainToolTip(
            text + QLatin1Char('\n') + (source.unlocked ? tr("unlocked: can be written to") : tr("read-only")));
    }
    QString text = textOf(node);
    if (node.count) {
        text += QLatin1Char('\n')
            + (node.kind == Kind::Group && node.entryKind == core::CatalogKind::Stream ? tr("%1 streams")
                    : node.kind == Kind::Category                                      ? tr("%1 streams")
                                                                                       : tr("%1 events"))
                  .arg(formatCount(*node.count));
    }
    return plainToolTip(text);
}

QVariant SourcesModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid()) {
        return {};
    }
    const Node& node = *nodeOf(index);
    const Node* connection = &node;
    while (connection->parent != m_root.get()) {
        connection = connection->parent;
    }
    const core::ConnectionState state = connection->source.status.state;
    switch (role) {
    case Qt::DisplayRole: return textOf(node);
    case Qt::ToolTipRole: return toolTipOf(node);
    case Qt::AccessibleTextRole:
        return textOf(node)
            + (node.kind == Kind::Connection ? QStringLiteral(", ") + utf8(core::toString(state))
                    : node.count             ? QStringLiteral(", ") + formatCount(*node.count)
                                             : QString());
    case KindRole: return QVariant::fromValue(node.kind);
    case CountRole: return node.count ? QVariant(static_cast<quint64>(*node.count)) : QVariant();
    case ConnectionRole: return utf8(connection->name);
    case NameRole: return utf8(node.name);
    case StateRole: return static_cast<int>(state);
    case StateWordRole: return state == core::ConnectionState::Live ? QString() : utf8(core::toString(state));
    case SentenceRole: return visibleText(connection->source.status.sentence, 300);
    case UnlockedRole: return connection->source.unlocked;
    case EntryKindRole: return static_cast<int>(node.entryKind);
    case ColourRole: return node.kind == Kind::Connection ? utf8(node.source.mark.colour) : QString();
    case ProductionRole: return node.kind == Kind::Connection && node.source.mark.production;
    case AlarmRole: return node.alarm;
    default: return {};
    }
}

} // namespace eventscope::models
