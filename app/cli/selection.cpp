// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/selection.h"

#include "cli/option_values.h"

namespace eventscope::app {

void addSelection(CLI::App& command, EventSelection& selection)
{
    EventSelection* const chosen = &selection;
    addValue(command, "--stream", "NAME", "only this stream, topic or queue",
        [chosen](const OptionText& value) { chosen->stream = nameOf(value); });
    addValue(command, "--from", "POSITION|TIME", "the first position (digits) or time (ISO 8601), included",
        [chosen](const OptionText& value) { chosen->from = rangeLimitOf(value); });
    addValue(command, "--to", "POSITION|TIME", "the last position or time, included",
        [chosen](const OptionText& value) { chosen->to = rangeLimitOf(value); });
    addValue(command, "--limit", "N", "at most so many events",
        [chosen](const OptionText& value) { chosen->limit = numberOf<std::uint64_t>(value, 0); });
    addValue(command, "--last", "N", "of all that, only so many of the newest (brokers that can)",
        [chosen](const OptionText& value) { chosen->last = numberOf<std::uint64_t>(value, 0); });
    addValue(command, "--filter", "EXPR", "only what this expression of CloudEvents SQL is true for",
        [chosen](const OptionText& value) { chosen->filter = filterOf(value); });
}

core::ReadRange rangeOf(const EventSelection& selection)
{
    return {.stream = selection.stream,
        .fromPosition = selection.from.position,
        .toPosition = selection.to.position,
        .fromTime = selection.from.time,
        .toTime = selection.to.time,
        .limit = selection.filter ? std::nullopt : selection.limit,
        .last = selection.last,
        .filter = selection.filter ? &*selection.filter : nullptr};
}

} // namespace eventscope::app
