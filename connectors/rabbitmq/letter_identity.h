// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "queue_look.h"

#include <map>
#include <string>
#include <string_view>

namespace eventscope::rabbitmq {

/// Names the messages of a dead letter queue by what they are, as a broker gives them no lasting
/// number: the same however often one looks. Of messages that are the same in everything the first is
/// named …, the second …-2: which is which does not matter, how many there are does.
class LetterIdentity {
public:
    explicit LetterIdentity(std::string_view queue) : m_queue(queue) { }
    /// In the order of the queue.
    std::string next(const HeldMessage& message);

private:
    const std::string m_queue;
    std::map<std::string, int> m_seen;
};

} // namespace eventscope::rabbitmq
