// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event_message.h"
#include "queue_look.h"

#include "event/clock.h"
#include "event/error.h"

#include <optional>
#include <string>
#include <string_view>

namespace eventscope::rabbitmq {

/// The whole message of a dead letter as text, with each header's exact type: what the journal keeps of a
/// letter before it is discarded. Unsupported where not all of the message is here.
core::Result<std::string> keepsakeOf(const HeldMessage& message);
std::optional<HeldMessage> messageOfKeepsake(std::string_view keepsake);

/// The message that puts a letter back into its queue, through the default exchange. What would go to
/// others again or be refused (CC, BCC, a user's name) and what publishing changes (exchange, routing key)
/// stands in a header of ours.
OutgoingMessage restoring(const HeldMessage& letter, std::string_view queue, core::Timestamp now);
/// The letter as it was before it was discarded, when that header is there; untouched otherwise.
void undoRestoring(HeldMessage& message);

} // namespace eventscope::rabbitmq
