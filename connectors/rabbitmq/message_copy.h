// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "amqp_value.h"

namespace eventscope::rabbitmq {

/// The properties for sending a message again, by ourselves: persistent; without what the broker wrote
/// when it died; without `user_id`, which must be ours or the broker closes the channel (it moves to
/// the header eventscope-user-id); and without CC and BCC, which would route it to other queues once
/// more (eventscope-cc).
MessageProperties copyOf(const MessageProperties& original);

} // namespace eventscope::rabbitmq
