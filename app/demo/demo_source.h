// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/demo_cluster.h"
#include "sources/kept_source.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace eventscope::kafka {
class KafkaSource;
}

namespace eventscope::app {

/// The demo with what is known of its own Kafka: the topics stand in the catalog, the lag and the
/// partitions among the figures. The events come from the demo's store alone; the topics carry them once
/// more. // one thread, the connection's
class DemoSource final : public KeptSource {
public:
    /// `onUp` is told where the cluster is once it can be reached, on the connection's thread. `behind`
    /// lives as long; without a cluster it is just the source.
    DemoSource(std::unique_ptr<core::Source> source, std::shared_ptr<DemoCluster> cluster,
        std::function<void(const std::string& url)> onUp, std::shared_ptr<void> behind);
    ~DemoSource() override;

    core::Capabilities capabilities() const override;
    core::Result<std::vector<core::CatalogEntry>> catalog(std::stop_token stop) override;
    core::Result<core::Probe> probe(std::stop_token stop) override;

private:
    kafka::KafkaSource* topics(const std::stop_token& stop);

    const std::shared_ptr<DemoCluster> m_cluster;
    const std::function<void(const std::string&)> m_onUp;
    std::unique_ptr<kafka::KafkaSource> m_topics; ///< once the cluster is up
    bool m_isHopeless = false;                    ///< it is up and does not answer
};

} // namespace eventscope::app
