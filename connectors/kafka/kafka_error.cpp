// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "kafka_error.h"

#include <fmt/format.h>

namespace eventscope::kafka {

using core::Error;
using core::ErrorCode;

namespace {

struct Translation {
    ErrorCode code;
    std::string_view advice; ///< what it means and what to do; empty: the library's own words
};

/// The first bytes of an answer say how long it is; a server that is no Kafka says something huge.
constexpr std::string_view kNoKafka = "Invalid response size";

Translation ofConnection(rd_kafka_resp_err_t code, std::string_view detail)
{
    const auto says = [detail](std::string_view text) { return detail.find(text) != std::string_view::npos; };
    if (code == RD_KAFKA_RESP_ERR__AUTHENTICATION) {
        return {
            ErrorCode::Refused, "the broker did not accept the credentials; check user, password and sasl.mechanism"};
    }
    if (says("certificate verify failed") || says("certificate verification")) {
        return {ErrorCode::Refused, "the broker's certificate is not trusted; give its authority with ssl.ca.location"};
    }
    if (code == RD_KAFKA_RESP_ERR__SSL || says("SSL handshake failed")) {
        return {ErrorCode::Unreachable,
            "the broker does not speak TLS there; check the port, or leave security.protocol away"};
    }
    if (says("connecting to a SSL listener") || says("security.protocol")) {
        return {ErrorCode::Unreachable,
            "the broker hung up at once; its listener probably wants TLS or SASL: set security.protocol=SSL or "
            "SASL_SSL, or check the port"};
    }
    if (says(kNoKafka)) {
        return {ErrorCode::Unreachable, "something else than Kafka answers there; check host and port"};
    }
    if (says("refused")) {
        return {ErrorCode::Unreachable, "nobody listens there; check host and port, and that the broker runs"};
    }
    if (says("resolve") || says("Name or service not known")) {
        return {ErrorCode::Unreachable, "the host's name is not known; check how it is written"};
    }
    return {ErrorCode::Unreachable, "no broker answers; check host and port, and that the broker runs"};
}

Translation translate(rd_kafka_resp_err_t code, std::string_view detail)
{
    switch (code) {
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
    case RD_KAFKA_RESP_ERR__RESOLVE:
    case RD_KAFKA_RESP_ERR__SSL:
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
    case RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE: return ofConnection(code, detail);
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM:
        return {ErrorCode::Refused, "the broker does not offer this sasl.mechanism"};
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
    case RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE:
    case RD_KAFKA_RESP_ERR__MSG_TIMED_OUT:
    case RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT: return {ErrorCode::Timeout, "the broker did not answer in time"};
    case RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION:
    case RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS:
    case RD_KAFKA_RESP_ERR_NOT_COORDINATOR:
        return {ErrorCode::Unreachable, "the cluster is electing who is in charge of it; try again in a moment"};
    case RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS:
    case RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND:
        return {ErrorCode::Unreachable, "too few replicas of its partition are there; see the cluster's state"};
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
        return {ErrorCode::NotFound, "there is no such topic or partition, or it is not shown to this user"};
    case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION: return {ErrorCode::InvalidArgument, "no topic can have this name"};
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
        return {ErrorCode::Refused, "this user lacks the right to the topic; its ACL must allow READ and DESCRIBE"};
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
        return {ErrorCode::Refused, "this user lacks the right to the consumer group; its ACL must allow it"};
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
        return {ErrorCode::Refused, "this user lacks the right to the cluster; its ACL must allow it"};
    case RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
        return {ErrorCode::Refused, "this user lacks the right to the transactional id; its ACL must allow WRITE"};
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
        return {ErrorCode::NotFound, "the offset is not there: it is gone by the topic's retention, or yet to come"};
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
        return {ErrorCode::InvalidArgument,
            "the record is larger than allowed; raise message.max.bytes here and max.message.bytes of the topic"};
    case RD_KAFKA_RESP_ERR__BAD_MSG:
    case RD_KAFKA_RESP_ERR__BAD_COMPRESSION:
        if (detail.find(kNoKafka) != std::string_view::npos) {
            return ofConnection(code, detail);
        }
        return {ErrorCode::Corrupt, "a batch of records is damaged, or packed in a way that cannot be unpacked"};
    case RD_KAFKA_RESP_ERR__FENCED:
    case RD_KAFKA_RESP_ERR_PRODUCER_FENCED:
    case RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH:
        return {ErrorCode::HeldByOther, "another producer took over the same transactional id"};
    case RD_KAFKA_RESP_ERR__INVALID_ARG: return {ErrorCode::InvalidArgument, {}};
    case RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE:
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION: return {ErrorCode::Unsupported, "the broker is too old for this"};
    default: return {ErrorCode::Io, {}};
    }
}

} // namespace

Error toError(rd_kafka_resp_err_t code, std::string_view what, std::string_view detail)
{
    const auto [ours, advice] = translate(code, detail);
    if (advice.empty()) {
        return {ours, fmt::format("{}: {}.", what, detail.empty() ? rd_kafka_err2str(code) : detail)};
    }
    return {ours, fmt::format("{}: {}.", what, advice)};
}

bool mayPass(rd_kafka_resp_err_t error)
{
    return error == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE || error == RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION
        || error == RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE || error == RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR;
}

} // namespace eventscope::kafka
