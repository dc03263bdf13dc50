// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster_state.h"
#include "inspect/source.h"

#include <map>
#include <span>
#include <vector>

namespace eventscope::kafka {

/// How far groups are behind in these partitions; without those that have no place in any of them.
std::vector<GroupLag> lagsOf(std::vector<GroupState> groups, const std::map<TopicPartition, Watermarks>& marks);

/// The lag of all groups, and that of each where there are several.
void addLags(core::Probe& probe, std::span<const GroupLag> lags);

/// Each partition with each group that keeps a place in it; those furthest behind first where there are
/// too many for anybody to look at.
std::vector<core::PartitionPlace> placesOf(
    const std::map<TopicPartition, Watermarks>& marks, std::span<const GroupLag> lags);

} // namespace eventscope::kafka
