// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/event.h"
#include "event/timestamp.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace eventscope::core {

/// A message that could not be handled, as every technology's dead letters are shown: why, where
/// from, and the original, byte for byte.
struct DeadLetter {
    std::string id;         ///< unique in its source: what `requeue --id` takes
    std::string queue;      ///< the queue, topic or handler that holds it
    std::string convention; ///< whose way of marking it this is: "eventscope", "spring-amqp", …

    struct Original {
        std::string stream; ///< stream, topic or exchange it came from
        std::optional<std::int32_t> partition;
        std::optional<std::int64_t> position;
        std::string key;
        std::string id;   ///< of the message, where it has one
        std::string type; ///< ditto
        Timestamp time{};
        std::vector<Header> headers; ///< in order, doubled names kept
        std::string data;            ///< exact bytes
        bool operator==(const Original&) const = default;
    } original;

    struct Failure {
        std::string type;
        std::string message;
        std::string stack;
        bool operator==(const Failure&) const = default;
    } error;

    Timestamp failedAt{};
    int attempts = 0;
    /// What DeadLetterQueue::restore() needs beyond the above, in its technology's own words. Only in
    /// letters that were about to be discarded; the same letter with and without it is equal.
    std::string keepsake{};

    bool operator==(const DeadLetter& other) const
    {
        return id == other.id && queue == other.queue && convention == other.convention && original == other.original
            && error == other.error && failedAt == other.failedAt && attempts == other.attempts;
    }
};

} // namespace eventscope::core
