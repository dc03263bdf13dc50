// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster_state.h"

#include <algorithm>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace eventscope::kafka {

/// Which keys came when in some partitions, read once, so that a thousand letters can be asked for
/// newer records of their key without reading a topic a thousand times. Keys are kept as hashes: two
/// of the same hash count as one, which warns once too often and never once too little.
class KeyHistory {
public:
    /// A letter of this partition will be asked about.
    void expect(const TopicPartition& partition, std::int64_t position)
    {
        const auto [found, isNew] = m_from.try_emplace(partition, position);
        found->second = std::min(found->second, position);
    }
    std::int64_t from(const TopicPartition& partition, std::int64_t otherwise) const
    {
        const auto found = m_from.find(partition);
        return found == m_from.end() ? otherwise : std::min(found->second, otherwise);
    }

    bool covers(const TopicPartition& partition, std::int64_t position) const
    {
        const auto found = m_read.find(partition);
        return found != m_read.end() && found->second.begin <= position + 1;
    }
    void begin(const TopicPartition& partition, std::int64_t first) { m_read[partition] = {first, {}}; }
    void add(const TopicPartition& partition, std::string_view key, std::int64_t offset)
    {
        m_read[partition].offsets[std::hash<std::string_view>()(key)].push_back(offset);
    }

    std::size_t newer(const TopicPartition& partition, std::string_view key, std::int64_t position) const
    {
        const auto& offsets = m_read.at(partition).offsets;
        const auto found = offsets.find(std::hash<std::string_view>()(key));
        if (found == offsets.end()) {
            return 0;
        }
        const auto first = std::upper_bound(found->second.begin(), found->second.end(), position);
        return static_cast<std::size_t>(found->second.end() - first);
    }

private:
    struct Read {
        std::int64_t begin = 0;
        std::unordered_map<std::size_t, std::vector<std::int64_t>> offsets; ///< growing
    };
    std::map<TopicPartition, std::int64_t> m_from;
    std::map<TopicPartition, Read> m_read;
};

} // namespace eventscope::kafka
