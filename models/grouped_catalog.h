// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/source.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::models {

/// A catalog sorted for a tree: streams by category, and what else there is by kind. It refers to the
/// entries of the catalog, which it keeps. A value. // any thread
struct GroupedCatalog {
    using Entries = std::vector<const core::CatalogEntry*>; ///< by name
    struct Category {
        std::string_view name;
        Entries streams;
        std::uint64_t events = 0;
    };

    std::shared_ptr<const std::vector<core::CatalogEntry>> catalog;
    std::vector<Category> categories; ///< by name
    Entries topics, queues, deadLetters;
    std::uint64_t streams = 0;

    bool empty() const { return categories.empty() && topics.empty() && queues.empty() && deadLetters.empty(); }
};

/// Only entries whose name holds `wanted`, without regard to case; all when it is empty.
GroupedCatalog groupCatalog(
    std::shared_ptr<const std::vector<core::CatalogEntry>> catalog, std::string_view wanted = {});

/// The sum of the counts that are known.
std::uint64_t countOf(const GroupedCatalog::Entries& entries);

} // namespace eventscope::models
