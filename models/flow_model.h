// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event_rules.h"
#include "inspect/flow.h"

#include <QAbstractItemModel>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

namespace eventscope::models {

/// A flow as a tree: effects under their cause. A newer picture of the same flow adds what is new and
/// leaves the rest where it is. // GUI thread
class FlowModel final : public QAbstractItemModel {
    Q_OBJECT

public:
    enum Column { TypeColumn, StreamColumn, DelayColumn, DepthColumn, ColumnCount };
    enum Roles {
        RowRole = Qt::UserRole, ///< core::LogRow, quint64
        ToneRole,               ///< int(EventTone)
    };

    /// `log` must outlive this.
    explicit FlowModel(const core::EventLog& log, QObject* parent = nullptr);
    ~FlowModel() override;

    void setFlow(std::shared_ptr<const core::Flow> flow);
    const std::shared_ptr<const core::Flow>& flow() const { return m_flow; }
    EventTone toneOf(core::LogRow row) const;
    QModelIndex indexOf(core::LogRow row) const; ///< invalid when it is not in the flow
    /// "PaymentDeclined, payment-91, +207 ms after the beginning", for people who do not see it.
    QString describe(core::LogRow row) const;

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& index) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Node;

    bool extends(const core::Flow& flow) const;
    void reset(const core::Flow& flow);
    void insertNew(const core::Flow& flow);
    void insertRun(Node& parent, std::size_t place, std::vector<std::unique_ptr<Node>> nodes);
    static std::unique_ptr<Node> makeNode(const core::FlowNode& node, Node& parent);
    Node* nodeOf(const QModelIndex& index) const;
    QModelIndex indexOf(const Node& node) const;
    QString delay(core::LogRow row) const;
    QString causeNote(const Node& node) const;

    const core::EventLog& m_log;
    std::shared_ptr<const core::Flow> m_flow;
    std::unique_ptr<Node> m_root;
    std::unordered_map<core::LogRow, Node*> m_nodes;
    mutable EventTones m_tones;
};

} // namespace eventscope::models
