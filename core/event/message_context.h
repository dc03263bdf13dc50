// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/event.h"

#include <string>

namespace eventscope::core {

/// What is being handled on this thread right now. Whoever dispatches a message opens a scope;
/// whoever creates a message stamps it; nobody in between passes anything by hand.
struct MessageContext {
    std::string messageId;     ///< of the message being handled
    std::string correlationId; ///< of its flow
    std::string userId;
};

/// Opens a context on this thread for its lifetime; scopes nest, the innermost counts.
/// A handler that moves work to another thread takes a copy of currentMessageContext() along and
/// opens a scope there.
class MessageScope {
public:
    explicit MessageScope(MessageContext context);
    ~MessageScope();
    MessageScope(const MessageScope&) = delete;
    MessageScope& operator=(const MessageScope&) = delete;

private:
    MessageContext m_context;
    const MessageContext* m_outer;
};

/// The innermost context of this thread, or nullptr outside of any handler.
const MessageContext* currentMessageContext();

/// The context in which the effects of this message run: its id causes them, its flow is theirs
/// (a message without a correlation id starts a flow of its own, named by its id).
MessageContext contextOf(std::string_view messageId, const Metadata& metadata);

/// Fills what is absent: correlation id, causation id and user of the current context; outside of
/// any, the message's own id starts a flow. Ids that are set are kept.
void stampMetadata(Metadata& metadata, std::string_view ownId);

} // namespace eventscope::core
