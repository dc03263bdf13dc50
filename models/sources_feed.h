// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "frame_bell.h"
#include "inspect/workspace.h"
#include "sources_model.h"

#include <QObject>
#include <QThreadPool>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace eventscope::models {

/// Keeps a SourcesModel up to date with a workspace. Catalogs are sorted on a thread of their own: a
/// hundred thousand streams cost the GUI thread nothing. // GUI thread
class SourcesFeed final : public QObject {
    Q_OBJECT

public:
    /// Both must outlive the feed.
    SourcesFeed(core::Workspace& workspace, SourcesModel& model, QObject* parent = nullptr);
    ~SourcesFeed() override;

    /// Only streams, topics and queues whose name holds this.
    void setFilter(const QString& text);
    QString filter() const { return m_filter; }

Q_SIGNALS:
    /// The model has taken a newer picture.
    void updated();

private:
    void attach();
    void collect();
    void deliver();

    struct Known {
        std::shared_ptr<const core::Connection::Catalog> catalog;
        QString filter;
        std::shared_ptr<const GroupedCatalog> grouped;
        bool working = false;
    };

    core::Workspace& m_workspace;
    SourcesModel& m_model;
    QString m_filter;
    std::map<std::string, Known> m_known;
    std::vector<std::weak_ptr<core::Connection>> m_attached;
    QThreadPool m_pool;
    FrameBell m_bell;
};

} // namespace eventscope::models
