// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "message_copy.h"

#include "event_message.h"

#include <utility>

namespace eventscope::rabbitmq {

MessageProperties copyOf(const MessageProperties& original)
{
    MessageProperties copy = original;
    constexpr std::uint8_t kPersistent = 2;
    copy.deliveryMode = kPersistent;
    std::erase_if(copy.headers, [](const auto& header) { return isDeathHeader(header.first); });
    if (copy.userId)
        set(copy.headers, "eventscope-user-id", AmqpValue(*std::exchange(copy.userId, std::nullopt)));
    for (auto& [name, value] : copy.headers) {
        if (name == "CC")
            name = "eventscope-cc";
        else if (name == "BCC")
            name = "eventscope-bcc";
    }
    return copy;
}

} // namespace eventscope::rabbitmq
