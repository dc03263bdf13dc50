// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "amqp_error.h"

#include "amqp_library.h"

#include <fmt/format.h>

namespace eventscope::rabbitmq {

using core::Error;
using core::ErrorCode;

namespace {

struct Meaning {
    ErrorCode code;
    const char* advice;
};

Meaning meaningOf(int replyCode)
{
    switch (replyCode) {
    case 311: return {ErrorCode::Refused, "it is larger than the broker takes"};
    case 312: return {ErrorCode::NotFound, "bind a queue for that routing key"};
    case 320: return {ErrorCode::Unreachable, "it comes back by itself when the broker does"};
    case 402: return {ErrorCode::InvalidArgument, "check the virtual host"};
    case 403: return {ErrorCode::Refused, "check the user, the password and the user's permissions"};
    case 404: return {ErrorCode::NotFound, "check the name, or declare it"};
    case 405: return {ErrorCode::Locked, "somebody else uses it alone; try later"};
    case 406:
        return {ErrorCode::InvalidArgument, "it exists with other properties: use those, another name, or delete it"};
    case 504: return {ErrorCode::Unreachable, "the channel was gone"};
    case 506: return {ErrorCode::Refused, "the broker has no resources for it"};
    case 530: return {ErrorCode::Refused, "check the virtual host and the user's access to it"};
    case 540: return {ErrorCode::Unsupported, "this broker or this kind of queue cannot do it"};
    case 541: return {ErrorCode::Unreachable, "see the broker's log"};
    default: return {ErrorCode::Refused, "see the broker's log"};
    }
}

} // namespace

bool isUnserved(std::string_view brokersWords)
{
    return brokersWords.find("replica on the local node") != std::string_view::npos
        || brokersWords.find("is down or inaccessible") != std::string_view::npos;
}

Error brokerError(int replyCode, std::string_view replyText, std::string_view doing)
{
    const Meaning meaning = isUnserved(replyText)
        ? Meaning{ErrorCode::Unreachable, "nobody serves it at present; it comes back when it has a leader"}
        : meaningOf(replyCode);
    return {meaning.code, fmt::format("{}: the broker said {} {}; {}.", doing, replyCode, replyText, meaning.advice)};
}

Error libraryError(int status, std::string_view address, std::string_view doing)
{
    switch (status) {
    case AMQP_STATUS_TIMEOUT:
    case AMQP_STATUS_HEARTBEAT_TIMEOUT:
        return {ErrorCode::Timeout, fmt::format("{}: the broker at {} does not answer; it may hang.", doing, address)};
    case AMQP_STATUS_HOSTNAME_RESOLUTION_FAILED:
        return {ErrorCode::Unreachable,
            fmt::format("{}: the name of the broker at {} is not known; check the host.", doing, address)};
    case AMQP_STATUS_SSL_ERROR:
    case AMQP_STATUS_SSL_CONNECTION_FAILED:
    case AMQP_STATUS_SSL_HOSTNAME_VERIFY_FAILED:
    case AMQP_STATUS_SSL_PEER_VERIFY_FAILED:
        return {ErrorCode::Unreachable,
            fmt::format("{}: TLS with the broker at {} failed ({}); check that this port speaks TLS, the host's name "
                        "and the authority that signed its certificate (?cacert=FILE).",
                doing, address, amqp_error_string2(status))};
    case AMQP_STATUS_BAD_AMQP_DATA:
    case AMQP_STATUS_INCOMPATIBLE_AMQP_VERSION:
        return {ErrorCode::Unreachable,
            fmt::format("{}: what listens at {} does not speak AMQP 0-9-1; check the port (5672, with TLS 5671).",
                doing, address)};
    default:
        return {ErrorCode::Unreachable,
            fmt::format(
                "{}: the connection to the broker at {} failed ({}).", doing, address, amqp_error_string2(status))};
    }
}

} // namespace eventscope::rabbitmq
