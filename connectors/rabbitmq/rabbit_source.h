// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "amqp_connection.h"
#include "broker_topology.h"
#include "live_tap.h"
#include "management_api.h"
#include "queue_look.h"
#include "rabbit_options.h"

#include "inspect/source.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::rabbitmq {

struct RabbitSourceOptions {
    std::vector<std::string> exchanges{}; ///< whose live traffic is followed; empty: all but the broker's own
    std::vector<std::string> queues{};    ///< to know of where the management plugin does not list them
    std::vector<std::string> streams{};   ///< ditto, and said to be streams, which the broker does not tell
    LookPolicy look = LookPolicy::Harmless;
    bool live = true; ///< false: streams only, no shadow queue
    TapLimits tap{};
};

/// A broker to look through. Streams are read at any offset; live traffic comes through a queue of our
/// own; a classic or quorum queue is looked into only when that harms nobody, or when it was asked for.
/// No application's queue is ever consumed. // as Source says; any stack is deep enough
class RabbitSource final : public core::Source {
public:
    /// Connects. The management plugin is not needed: notices() says what is missing without.
    static core::Result<std::unique_ptr<RabbitSource>> open(
        std::string name, const RabbitOptions& rabbit, RabbitSourceOptions options = {});
    ~RabbitSource() override;

    const std::string& name() const override { return m_name; }
    core::Capabilities capabilities() const override;
    core::Result<std::vector<core::CatalogEntry>> catalog(std::stop_token stop) override;
    core::Result<core::ScanReceipt> read(
        const core::ReadRange& range, core::EventSink& sink, std::stop_token stop) override;
    core::Status follow(const core::FollowStart& start, core::EventSink& sink, std::stop_token stop) override;
    std::string cursor() const override;
    core::Result<core::Probe> probe(std::stop_token stop) override;
    std::vector<std::string> notices() const override;

private:
    class Reading;
    struct Followed {
        std::string name;
        std::int64_t next = 0; ///< offset: those before it were seen
    };

    RabbitSource(std::string name, const RabbitOptions& rabbit, RabbitSourceOptions options);
    core::Status connect();
    core::Status freshChannel(std::uint16_t channel);
    /// With what has this name, where it has to be asked for by name.
    core::Result<BrokerTopology> topology(std::stop_token stop, const std::string& named = {});
    core::Result<BrokerTopology> topologyWithoutManagement(const std::string& named);
    core::Status addNamedQueue(BrokerTopology& topology, const std::string& name);
    core::Status addNamedExchange(BrokerTopology& topology, const std::string& name, bool isExpected);
    core::Status findOutWhetherStream(const std::string& queue);
    core::Result<core::ScanReceipt> readAll(const core::ReadRange& range, core::EventSink& sink, std::stop_token stop);
    core::Result<std::int64_t> lastOffsetOf(const std::string& stream);
    core::Status readStream(
        const std::string& stream, const core::ReadRange& range, Reading& reading, std::stop_token stop);
    core::Status readOrLook(
        const QueueInfo& queue, const core::ReadRange& range, Reading& reading, std::stop_token stop);
    core::Status lookInto(const QueueInfo& queue, Reading& reading, std::stop_token stop);
    core::Status fetch(const std::string& queue, std::int64_t ready, std::uint64_t limit, std::stop_token stop);
    core::Status followAll(const core::FollowStart& start, core::EventSink& sink, std::stop_token stop);
    core::Status consumeStreams(const core::FollowStart& start, const BrokerTopology& topology);
    AmqpValue firstOffsetOf(const std::string& stream, const core::FollowStart& start) const;
    core::Status consumeStream(const QueueInfo& stream, const AmqpValue& offset);
    core::Status noticeStreams(const core::FollowStart& start, const BrokerTopology& topology, core::EventSink& sink);
    Followed* followedBy(std::string_view consumer); ///< nullptr: it is the shadow queue's
    core::Status setOut(const core::FollowStart& start, const BrokerTopology& topology,
        const std::vector<TapBinding>& bindings, std::optional<LiveTap>& tap);
    core::Status pump(const core::FollowStart& start, const BrokerTopology& topology, LiveTap* tap,
        core::EventSink& sink, std::stop_token stop);
    std::vector<TapBinding> wantedBindings(const core::FollowStart& start, const BrokerTopology& topology);
    void note(std::string sentence);

    const std::string m_name;
    const RabbitOptions m_rabbit;
    const RabbitSourceOptions m_options;
    ManagementApi m_management;
    std::unique_ptr<AmqpConnection> m_connection;
    std::map<std::string, std::int64_t> m_nextOffsets; ///< by stream: where the next follower goes on
    std::vector<Followed> m_followed;                  ///< by consumer number
    std::set<std::string> m_leaderless;                ///< meant to be followed, once somebody serves them
    std::set<std::string> m_running;                   ///< followed, and known to have a leader
    struct Looked {
        TakenLook look;
        std::vector<HeldMessage> messages;
    };
    std::map<std::string, Looked> m_looked; ///< what a look cost something to see
    std::map<std::string, bool> m_isStream; ///< by queue, as far as it was told or found out
    std::vector<std::string> m_notices;
};

} // namespace eventscope::rabbitmq
