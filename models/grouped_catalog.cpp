// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "grouped_catalog.h"

#include "event/event.h"

#include <algorithm>
#include <map>

namespace eventscope::models {

namespace {

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool holds(std::string_view name, std::string_view wanted)
{
    const auto same = [](char a, char b) { return lower(a) == lower(b); };
    return wanted.empty() || std::ranges::search(name, wanted, same).begin() != name.end();
}

std::uint64_t countOf(const core::CatalogEntry& entry)
{
    return static_cast<std::uint64_t>(std::max<std::int64_t>(0, entry.count.value_or(0)));
}

void sortByName(GroupedCatalog::Entries& entries)
{
    const auto name = [](const core::CatalogEntry* entry) -> std::string_view { return entry->name; };
    if (!std::ranges::is_sorted(entries, {}, name)) {
        std::ranges::sort(entries, {}, name);
    }
}

} // namespace

std::uint64_t countOf(const GroupedCatalog::Entries& entries)
{
    std::uint64_t count = 0;
    for (const auto* entry : entries) {
        count += countOf(*entry);
    }
    return count;
}

GroupedCatalog groupCatalog(std::shared_ptr<const std::vector<core::CatalogEntry>> catalog, std::string_view wanted)
{
    GroupedCatalog grouped;
    std::map<std::string_view, GroupedCatalog::Category> categories;
    for (const core::CatalogEntry& entry : *catalog) {
        if (!holds(entry.name, wanted)) {
            continue;
        }
        switch (entry.kind) {
        case core::CatalogKind::Stream: {
            auto& category = categories[core::categoryOf(entry.name)];
            category.streams.push_back(&entry);
            category.events += countOf(entry);
            ++grouped.streams;
            break;
        }
        case core::CatalogKind::Topic: grouped.topics.push_back(&entry); break;
        case core::CatalogKind::Queue: grouped.queues.push_back(&entry); break;
        case core::CatalogKind::DeadLetter: grouped.deadLetters.push_back(&entry); break;
        }
    }
    for (auto& [name, category] : categories) {
        category.name = name;
        sortByName(category.streams);
        grouped.categories.push_back(std::move(category));
    }
    sortByName(grouped.topics);
    sortByName(grouped.queues);
    sortByName(grouped.deadLetters);
    grouped.catalog = std::move(catalog);
    return grouped;
}

} // namespace eventscope::models
