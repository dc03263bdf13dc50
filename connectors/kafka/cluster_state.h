// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>

namespace eventscope::kafka {

struct TopicPartition {
    std::string topic;
    std::int32_t partition = 0;
    auto operator<=>(const TopicPartition&) const = default;
};

/// The offsets that a partition holds: from `low`, included, up to `high`, excluded. Under
/// read_committed the high one is where the oldest open transaction begins.
struct Watermarks {
    std::int64_t low = 0, high = 0;
    std::int64_t size() const { return high > low ? high - low : 0; }
    bool operator==(const Watermarks&) const = default;
};

/// A consumer group as the broker knows it.
struct GroupState {
    std::string name;
    std::string state; ///< "Stable", "Empty", …
    int members = 0;
    std::map<TopicPartition, std::int64_t> next; ///< committed: the next offset it will handle
};

/// A group and what it has not handled yet.
struct GroupLag {
    GroupState group;
    std::map<TopicPartition, std::int64_t> lag;
    std::int64_t total = 0;
};

} // namespace eventscope::kafka
