// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "grouped_catalog.h"
#include "inspect/connection.h"

#include <QAbstractItemModel>
#include <QString>
#include <memory>
#include <string>
#include <vector>

namespace eventscope::models {

/// What the Sources tree knows of a connection.
struct SourceSnapshot {
    std::string name;
    std::string url;
    core::ConnectionStatus status;
    core::Capabilities capabilities;
    core::ConnectionCounters counters;
    bool unlocked = false;
    std::shared_ptr<const GroupedCatalog> catalog; ///< never null
    core::ConnectionMark mark{};
};

/// Connections, and in each its streams by category, topics, queues and dead letters. Taking a newer
/// picture changes what differs and keeps everything else where it is, so that a tree stays open and
/// still. Streams come a page at a time. // GUI thread
class SourcesModel final : public QAbstractItemModel {
    Q_OBJECT

public:
    enum class Kind { Connection, Group, Category, Stream, Topic, Queue, DeadLetter };
    Q_ENUM(Kind)
    enum Roles {
        KindRole = Qt::UserRole,
        CountRole,      ///< quint64, or invalid where it is not known
        ConnectionRole, ///< the connection's name
        NameRole,       ///< the stream, category, topic or queue, exactly
        StateRole,      ///< int(core::ConnectionState) of the connection
        StateWordRole,  ///< "reconnecting"; empty while live
        SentenceRole,   ///< what is going on with the connection
        UnlockedRole,
        EntryKindRole,  ///< int(core::CatalogKind) of groups and entries
        ColourRole,     ///< QString, of a connection that has one
        ProductionRole, ///< of a connection
        AlarmRole,      ///< something in here wants attention: dead letters, a failed connection
    };

    explicit SourcesModel(QObject* parent = nullptr);
    ~SourcesModel() override;

    void update(const std::vector<SourceSnapshot>& sources);
    /// The connection's row; invalid when there is none of that name.
    QModelIndex connectionIndex(const QString& name) const;

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& index) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    bool hasChildren(const QModelIndex& parent = {}) const override;
    bool canFetchMore(const QModelIndex& parent) const override;
    void fetchMore(const QModelIndex& parent) override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

    static constexpr std::size_t kPage = 200;

private:
    struct Node;
    /// What a node should hold now.
    struct Wanted;

    Node* nodeOf(const QModelIndex& index) const;
    QModelIndex indexOf(const Node& node) const;
    void merge(Node& parent, std::vector<Wanted> wanted);
    void mergeEntries(Node& parent, const GroupedCatalog::Entries& entries);
    void insertEntries(Node& parent, std::size_t at, std::size_t first, std::size_t last);
    void removeChildren(Node& parent, std::size_t first, std::size_t last);
    static void renumber(Node& parent, std::size_t from);
    static std::vector<Wanted> wantedOf(const SourceSnapshot& source);
    QString textOf(const Node& node) const;
    QString toolTipOf(const Node& node) const;

    std::unique_ptr<Node> m_root;
};

} // namespace eventscope::models
