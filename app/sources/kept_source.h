// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/kept_saga.h"
#include "inspect/source.h"

#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace eventscope::app {

/// A source together with what it looks at, which lives as long. Passes everything on; who adds to an
/// answer overrides it. // one thread, the connection's
class KeptSource : public core::Source {
public:
    KeptSource(std::unique_ptr<core::Source> source, std::shared_ptr<void> behind)
        : m_behind(std::move(behind)), m_source(std::move(source))
    {
    }

    const std::string& name() const override { return m_source->name(); }
    core::Capabilities capabilities() const override { return m_source->capabilities(); }
    core::Result<std::vector<core::CatalogEntry>> catalog(std::stop_token stop) override
    {
        return m_source->catalog(std::move(stop));
    }
    core::Result<core::ScanReceipt> read(
        const core::ReadRange& range, core::EventSink& sink, std::stop_token stop) override
    {
        return m_source->read(range, sink, std::move(stop));
    }
    core::Status follow(const core::FollowStart& start, core::EventSink& sink, std::stop_token stop) override
    {
        return m_source->follow(start, sink, std::move(stop));
    }
    std::string cursor() const override { return m_source->cursor(); }
    core::Result<core::Probe> probe(std::stop_token stop) override { return m_source->probe(std::move(stop)); }
    core::Result<core::ReadPlan> plan(const core::ReadRange& range, std::stop_token stop) override
    {
        return m_source->plan(range, std::move(stop));
    }
    core::Result<std::vector<core::KeptSaga>> keptSagas(std::stop_token stop) override
    {
        return m_source->keptSagas(std::move(stop));
    }
    std::vector<std::string> notices() const override { return m_source->notices(); }

private:
    std::shared_ptr<void> m_behind; // goes last
    std::unique_ptr<core::Source> m_source;
};

} // namespace eventscope::app
