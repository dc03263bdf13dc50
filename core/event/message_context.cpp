// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/message_context.h"

#include <utility>

namespace eventscope::core {

namespace {

thread_local const MessageContext* t_current = nullptr;

} // namespace

MessageScope::MessageScope(MessageContext context) : m_context(std::move(context)), m_outer(t_current)
{
    t_current = &m_context;
}

MessageScope::~MessageScope()
{
    t_current = m_outer;
}

const MessageContext* currentMessageContext()
{
    return t_current;
}

MessageContext contextOf(std::string_view messageId, const Metadata& metadata)
{
    return {.messageId = std::string(messageId),
        .correlationId = metadata.correlationId.empty() ? std::string(messageId) : metadata.correlationId,
        .userId = metadata.userId};
}

void stampMetadata(Metadata& metadata, std::string_view ownId)
{
    const MessageContext* context = currentMessageContext();
    if (!context) {
        if (metadata.correlationId.empty())
            metadata.correlationId = ownId;
        return;
    }
    if (metadata.correlationId.empty())
        metadata.correlationId = context->correlationId;
    if (metadata.causationId.empty())
        metadata.causationId = context->messageId;
    if (metadata.userId.empty())
        metadata.userId = context->userId;
}

} // namespace eventscope::core
