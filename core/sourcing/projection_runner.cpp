// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/projection_runner.h"

#include "sourcing/projection_worker.h"

#include <algorithm>
#include <fmt/core.h>
#include <utility>

namespace eventscope::core {

std::string_view toString(ProjectionStatus::Phase phase)
{
    switch (phase) {
    case ProjectionStatus::Phase::CatchingUp: return "catching up";
    case ProjectionStatus::Phase::Live: return "live";
    case ProjectionStatus::Phase::Failing: return "failing";
    case ProjectionStatus::Phase::Stopped: return "stopped";
    }
    return "unknown";
}

double ProjectionStatus::Rebuild::progress() const
{
    if (goal.value <= 0)
        return 0;
    return std::min(1.0, static_cast<double>(at.value) / static_cast<double>(goal.value));
}

ProjectionRunner::ProjectionRunner(EventStore& store, Clock& clock, ProjectionRunnerOptions options)
    : m_store(store), m_clock(clock), m_options(options)
{
}

ProjectionRunner::~ProjectionRunner()
{
    stop();
}

Status ProjectionRunner::add(Projection& projection)
{
    const std::string name = projection.name();
    if (find(name))
        return fail(ErrorCode::InvalidArgument, fmt::format("There is a projection \"{}\" already.", name));
    const std::scoped_lock lock(m_mutex);
    if (m_stopped)
        return fail(ErrorCode::Cancelled, "The projections are being stopped.");
    m_workers.push_back(std::make_unique<ProjectionWorker>(m_store, m_clock, projection, m_options));
    return {};
}

Status ProjectionRunner::rebuild(std::string_view name)
{
    ProjectionWorker* worker = find(name);
    if (!worker)
        return fail(ErrorCode::NotFound, fmt::format("There is no projection \"{}\".", name));
    worker->requestRebuild();
    return {};
}

std::vector<ProjectionStatus> ProjectionRunner::status() const
{
    const std::scoped_lock lock(m_mutex);
    std::vector<ProjectionStatus> status;
    for (const auto& worker : m_workers)
        status.push_back(worker->status());
    return status;
}

bool ProjectionRunner::waitUntil(
    std::string_view name, const std::function<bool(const ProjectionStatus&)>& condition) const
{
    const ProjectionWorker* worker = find(name);
    return worker && worker->waitUntil(condition);
}

bool ProjectionRunner::waitUntilLive(std::string_view name) const
{
    const auto head = m_store.lastPosition();
    if (!head)
        return false;
    return waitUntil(name, [head = *head](const ProjectionStatus& status) {
        return status.phase == ProjectionStatus::Phase::Live && status.at >= head && !status.rebuild;
    });
}

void ProjectionRunner::stop()
{
    const std::scoped_lock lock(m_mutex);
    m_stopped = true;
    for (const auto& worker : m_workers)
        worker->requestStop();
    for (const auto& worker : m_workers)
        worker->join();
}

ProjectionWorker* ProjectionRunner::find(std::string_view name) const
{
    const std::scoped_lock lock(m_mutex);
    const auto found
        = std::ranges::find_if(m_workers, [&](const auto& worker) { return worker->status().name == name; });
    return found == m_workers.end() ? nullptr : found->get();
}

} // namespace eventscope::core
