// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/json.h"

#include <QAbstractItemModel>
#include <QHash>
#include <QString>
#include <memory>
#include <vector>

namespace eventscope::models {

/// JSON values as a tree of names and values, under one heading each ("data", "metadata"). Nothing is
/// made before it is looked at: children come when a branch opens, a few hundred at a time. Numbers
/// are shown with the characters they were written with. // GUI thread
class JsonTreeModel final : public QAbstractItemModel {
    Q_OBJECT

public:
    enum Column { NameColumn, ValueColumn, ColumnCount };
    enum class Kind { Object, Array, String, Number, Bool, Null, Note };
    Q_ENUM(Kind)
    /// What a difference says about a value; for states that are compared.
    enum class Mark { None, Added, Changed, Removed };
    Q_ENUM(Mark)

    enum Roles {
        KindRole = Qt::UserRole,
        PathRole,    ///< RFC 6901 pointer within its section
        SectionRole, ///< the section's name
        /// As the filter language names it ("data.items[0].sku"); empty where it cannot.
        FilterPathRole,
        /// The value for copying: texts without quotes, everything else as JSON.
        PlainValueRole,
        MarkRole,
        IsSectionRole,
    };

    struct Section {
        QString name;
        std::shared_ptr<const core::Json> value; ///< nullptr: only the note
        QString note{};                          ///< shown instead of, or after, the value ("12 MB more")
        QString filterPrefix{}; ///< "data": what members are called in a filter; empty: by their name alone
    };

    explicit JsonTreeModel(QObject* parent = nullptr);
    ~JsonTreeModel() override;

    void setSections(std::vector<Section> sections);
    void clear() { setSections({}); }
    /// Marks values by section name and pointer; what is not named has none.
    void setMarks(QHash<QString, QHash<QString, Mark>> marks);

    QModelIndex sectionIndex(int section) const { return index(section, 0); }
    /// The row of a pointer within a section, opening what leads there; invalid when there is none.
    QModelIndex indexOf(int section, const QString& pointer);

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& index) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    bool hasChildren(const QModelIndex& parent = {}) const override;
    bool canFetchMore(const QModelIndex& parent) const override;
    void fetchMore(const QModelIndex& parent) override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    static constexpr std::size_t kPage = 256;

private:
    struct Node;
    Node* nodeOf(const QModelIndex& index) const;
    QVariant nameOf(const Node& node) const;
    QString valueOf(const Node& node) const;
    QString pointerOf(const Node& node) const;
    QString filterPathOf(const Node& node) const;
    Kind kindOf(const Node& node) const;

    std::vector<Section> m_sections;
    std::unique_ptr<Node> m_root;
    QHash<QString, QHash<QString, Mark>> m_marks;
};

/// A short description of a container: {sku, price, quantity} or [2].
QString jsonSummary(const core::Json& value, qsizetype maxChars = 60);

} // namespace eventscope::models
