// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"

#include <string_view>

namespace eventscope::rabbitmq {

/// The broker's refusal (a reply code of AMQP 0-9-1 and its text) as one sentence that says what to do.
core::Error brokerError(int replyCode, std::string_view replyText, std::string_view doing);

/// Whether it speaks of a queue or stream that exists and has no leader, as while the broker starts.
bool isUnserved(std::string_view brokersWords);

/// A status of the client library. Every one of them means that the connection is lost.
core::Error libraryError(int status, std::string_view address, std::string_view doing);

} // namespace eventscope::rabbitmq
