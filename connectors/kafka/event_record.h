// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "event/event.h"
#include "producer.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace eventscope::kafka {

inline constexpr std::string_view kDeadLetterSuffix = ".dead-letter";

/// The headers of a dead letter of ours that say where it comes from, all of them text.
namespace dead_letter_header {
inline constexpr std::string_view kTopic = "eventscope-original-topic";
inline constexpr std::string_view kPartition = "eventscope-original-partition";
inline constexpr std::string_view kOffset = "eventscope-original-offset";
inline constexpr std::string_view kTimestamp = "eventscope-original-timestamp"; ///< milliseconds since 1970
inline constexpr std::string_view kKey = "eventscope-original-key";             ///< absent: it had none
inline constexpr std::string_view kGroup = "eventscope-group";
inline constexpr std::string_view kAttempts = "eventscope-attempts";
inline constexpr std::string_view kErrorCode = "eventscope-error-code";
inline constexpr std::string_view kErrorMessage = "eventscope-error-message";
inline constexpr std::string_view kFailedAt = "eventscope-failed-at";
inline constexpr std::string_view kForm = "eventscope-form"; ///< "event": in its JSON; "raw": the value is the original
} // namespace dead_letter_header

/// A record as a consumer got it, owning its bytes.
struct InRecord {
    std::string topic;
    std::int32_t partition = 0;
    std::int64_t offset = 0;
    std::int64_t milliseconds = -1;
    bool keyIsNull = true;
    std::string key;
    std::string value;
    std::vector<core::Header> headers;
    bool valueIsNull = false;
};

/// The event as it goes on the wire: keyed by the aggregate's id, else its own; the classic JSON; the
/// headers eventType, eventId and timestamp, and no others.
OutRecord toRecord(const core::RecordedEvent& event, std::string topic);

/// A failed event for "<topic>.dead-letter": keyed by the event's id, {"originalEvent", "error":
/// {"message","stack"}, "failedAt"}; the original's headers, and where it comes from.
struct HandlerFailure {
    std::string group;
    core::Error error;
    std::string stack;
    core::Timestamp failedAt{};
    int attempts = 0;
};
OutRecord toDeadLetter(const InRecord& original, const core::RecordedEvent& event, const HandlerFailure& failure);
/// A record that is no event: its bytes as they are.
OutRecord toPoisonLetter(const InRecord& original, const HandlerFailure& failure);

} // namespace eventscope::kafka
