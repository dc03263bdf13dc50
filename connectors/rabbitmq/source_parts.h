// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "amqp_value.h"

#include "event/timestamp.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string_view>

namespace eventscope::rabbitmq {

// What the parts of RabbitSource have in common.

inline constexpr std::uint16_t kStreams = 1, kTap = 2 /* and 3 */, kAsk = 4, kLook = 5; // channels
inline constexpr std::uint16_t kCredit = 2000;
inline constexpr std::uint64_t kAckEvery = 500;
inline constexpr std::size_t kBatch = 512;
inline constexpr std::chrono::milliseconds kTick{250};

/// As AMQP counts: in seconds.
inline AmqpValue timestampValue(core::Timestamp time)
{
    AmqpValue value;
    value.kind = 'T';
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
    value.value = static_cast<std::uint64_t>(std::max<std::int64_t>(seconds, 0));
    return value;
}

} // namespace eventscope::rabbitmq
