// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/demo_source.h"

#include "inspect/source_url.h"
#include "kafka_source.h"
#include "sources/kafka_url.h"

#include <utility>

namespace eventscope::app {

DemoSource::DemoSource(std::unique_ptr<core::Source> source, std::shared_ptr<DemoCluster> cluster,
    std::function<void(const std::string& url)> onUp, std::shared_ptr<void> behind)
    : KeptSource(std::move(source), std::move(behind)), m_cluster(std::move(cluster)), m_onUp(std::move(onUp))
{
}

DemoSource::~DemoSource() = default;

core::Capabilities DemoSource::capabilities() const
{
    core::Capabilities capabilities = KeptSource::capabilities();
    capabilities.topicsAreCopies = m_cluster != nullptr;
    return capabilities;
}

/// The topics to look at; nullptr before they are there, and where there are none.
kafka::KafkaSource* DemoSource::topics(const std::stop_token& stop)
{
    const auto address = m_cluster && !m_topics && !m_isHopeless ? m_cluster->url() : std::nullopt;
    if (address) {
        const auto url = core::parseSourceUrl(*address);
        auto kafka = url ? readKafkaUrl(*url) : std::unexpected(url.error());
        auto opened = kafka ? kafka::KafkaSource::open(std::move(kafka->source), stop) : std::unexpected(kafka.error());
        m_isHopeless = !opened.has_value();
        if (opened) {
            m_topics = std::move(*opened);
            m_onUp(*address);
        }
    }
    return m_topics.get();
}

core::Result<std::vector<core::CatalogEntry>> DemoSource::catalog(std::stop_token stop)
{
    auto entries = KeptSource::catalog(stop);
    kafka::KafkaSource* const kafka = entries ? topics(stop) : nullptr;
    if (!kafka) {
        return entries;
    }
    if (auto more = kafka->catalog(std::move(stop))) {
        for (core::CatalogEntry& topic : *more) {
            topic.kind = core::CatalogKind::Topic; // the demo's own dead letters are those that it lists
            entries->push_back(std::move(topic));
        }
    }
    return entries;
}

core::Result<core::Probe> DemoSource::probe(std::stop_token stop)
{
    auto probe = KeptSource::probe(stop);
    kafka::KafkaSource* const kafka = probe ? topics(stop) : nullptr;
    if (!kafka) {
        return probe;
    }
    if (auto more = kafka->probe(std::move(stop))) {
        probe->lag = more->lag;
        probe->partitions = std::move(more->partitions);
    }
    return probe;
}

} // namespace eventscope::app
