// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event_record.h"
#include "inspect/dead_letter.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::kafka {

/// A dead letter as it was understood: whose convention it follows, what failed and why, and what has
/// to be sent to have the original again.
struct UnderstoodLetter {
    core::DeadLetter letter;
    bool keyIsNull = true;  ///< of the original
    bool dataIsNull = true; ///< ditto
    /// The record carries only where the original is, not the original: it has to be fetched.
    bool isElsewhere = false;
};

/// Reads a record of a dead-letter topic: a pure function. Every convention has its headers and its own
/// encoding of numbers, which is decided by the convention and never by the length of the bytes:
/// Spring writes them big-endian, the others as text. What a convention added is taken off the original's
/// headers, everything else stays. A JSON wrapper is unwrapped, its original kept byte for byte.
UnderstoodLetter understand(const InRecord& record);

/// Whether the headers alone say that this is a dead letter, whatever its topic is called.
bool isMarkedDeadLetter(const std::vector<core::Header>& headers);

/// "orders" of "orders.DLT", "orders-dlt", "orders.dead-letter", "error.orders.billing"; empty when the
/// name says nothing.
std::string originByName(std::string_view topic);

/// "topic/partition/offset", and back.
std::string letterId(std::string_view topic, std::int32_t partition, std::int64_t offset);
struct LetterPlace {
    std::string topic;
    std::int32_t partition = 0;
    std::int64_t offset = 0;
};
std::optional<LetterPlace> placeOf(std::string_view letterId);

} // namespace eventscope::kafka
