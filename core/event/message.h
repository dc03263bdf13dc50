// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/event.h"

namespace eventscope::core {

/// An intent: "PlaceOrder". Its fields are `data`.
struct Command {
    std::string id;
    std::string type;
    Timestamp time{};
    Metadata metadata;
    std::string data; ///< JSON text
    bool operator==(const Command&) const = default;
};

/// The envelope of either, as it travels:
/// {"messageId","messageType","timestamp","payload","metadata":{"correlationId","causationId","userId"?}}.
struct Message {
    std::string id;
    std::string type;
    Timestamp time{};
    std::string payload{}; ///< JSON text
    Metadata metadata{};
    int schemaVersion = 1; ///< of the payload; in the metadata when it is not 1
    bool operator==(const Message&) const = default;
};

Message toMessage(const RecordedEvent& event);
Message toMessage(const Command& command);
std::string messageToJson(const Message& message);
Result<Message> messageFromJson(std::string_view json);

} // namespace eventscope::core
