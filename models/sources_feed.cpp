// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources_feed.h"

#include <chrono>

namespace eventscope::models {

SourcesFeed::SourcesFeed(core::Workspace& workspace, SourcesModel& model, QObject* parent)
    : QObject(parent), m_workspace(workspace), m_model(model), m_bell(std::chrono::milliseconds(200))
{
    m_pool.setMaxThreadCount(1);
    connect(&m_bell, &FrameBell::rang, this, &SourcesFeed::collect);
    collect();
}

SourcesFeed::~SourcesFeed()
{
    m_bell.detachAll();
    m_pool.waitForDone();
}

void SourcesFeed::attach()
{
    const auto connections = m_workspace.connections();
    const bool same = m_attached.size() == connections.size()
        && std::equal(connections.begin(), connections.end(), m_attached.begin(),
            [](const auto& now, const auto& before) { return before.lock() == now; });
    if (same && !m_attached.empty()) {
        return;
    }
    m_bell.detachAll();
    m_attached.clear();
    m_bell.attach([this](auto ring) { return m_workspace.onConnectionsChanged(std::move(ring)); });
    for (const auto& connection : connections) {
        m_bell.attach([&](auto ring) { return connection->onChanged(std::move(ring)); });
        m_attached.push_back(connection);
    }
}

void SourcesFeed::setFilter(const QString& text)
{
    if (text == m_filter) {
        return;
    }
    m_filter = text;
    collect();
}

void SourcesFeed::collect()
{
    attach();
    bool waiting = false;
    for (const auto& connection : m_workspace.connections()) {
        Known& known = m_known[connection->name()];
        const auto catalog = connection->catalog();
        if (known.working || (known.grouped && known.catalog == catalog && known.filter == m_filter)) {
            continue;
        }
        known.catalog = catalog;
        known.filter = m_filter;
        known.working = true;
        waiting = true;
        m_pool.start([this, name = connection->name(), catalog, wanted = m_filter.toStdString()] {
            auto grouped = std::make_shared<const GroupedCatalog>(groupCatalog(catalog, wanted));
            QMetaObject::invokeMethod(
                this,
                [this, name, grouped] {
                    Known& done = m_known[name];
                    done.grouped = grouped;
                    done.working = false;
                    deliver();
                    collect(); // what changed meanwhile
                },
                Qt::QueuedConnection);
        });
    }
    if (!waiting) {
        deliver();
    }
}

void SourcesFeed::deliver()
{
    std::vector<SourceSnapshot> sources;
    static const auto nothing = std::make_shared<const GroupedCatalog>();
    for (const auto& connection : m_workspace.connections()) {
        const auto known = m_known.find(connection->name());
        const bool there = known != m_known.end() && known->second.grouped;
        sources.push_back({connection->name(), connection->url(), connection->status(), connection->capabilities(),
            connection->counters(), connection->isUnlocked(), there ? known->second.grouped : nothing,
            connection->mark()});
    }
    m_model.update(sources);
    Q_EMIT updated();
}

} // namespace eventscope::models
