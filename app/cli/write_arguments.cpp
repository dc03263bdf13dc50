// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/write_arguments.h"

#include "cli/option_values.h"

namespace eventscope::app {

namespace {

constexpr double kFastest = 1'000'000;

CLI::Option* addIds(CLI::App& command, std::vector<std::string>& ids)
{
    return addValues(command, "--id", "ID", "the letters of these ids, as dead-letters prints them",
        [&ids](const OptionText& value) { ids.push_back(nameOf(value)); });
}

} // namespace

void addRequeue(CLI::App& app, std::optional<Arguments>& chosen)
{
    const auto [command, requeue]
        = addCommand<RequeueArguments>(app, chosen, "requeue", "send dead letters back to where they failed");
    RequeueArguments* arguments = requeue;
    addSource(*command, arguments->source);
    addValue(*command, "--queue", "NAME", "only those of this queue or handler",
        [arguments](const OptionText& value) { arguments->queue = nameOf(value); });
    auto* which = command->add_option_group("which", "which letters");
    addIds(*which, arguments->ids);
    which->add_flag("--all", arguments->all, "all that are there now");
    addValue(*which, "--filter", "EXPR", "those that this filter lets through",
        [arguments](const OptionText& value) { arguments->filter = filterOf(value); });
    which->require_option(1);
    command->add_flag("--dry-run", arguments->dryRun, "print what would go; send and change nothing");
    addValue(*command, "--rate", "N", "so many letters a second, not as fast as they are confirmed",
        [arguments](const OptionText& value) { arguments->rate = realOf(value, 0.001, kFastest); });
    addValue(*command, "--to", "TARGET", "send them to this queue or handler",
        [arguments](const OptionText& value) { arguments->to = nameOf(value); });
    addValue(*command, "--edit", "PATCH.json", "change each payload by this JSON Patch (RFC 6902) first",
        [arguments](const OptionText& value) { arguments->edit = nameOf(value); });
    command->add_flag("--unlock", arguments->unlock, "allow writing to the source");
}

void addDiscard(CLI::App& app, std::optional<Arguments>& chosen)
{
    const auto [command, discard]
        = addCommand<DiscardArguments>(app, chosen, "discard", "remove dead letters; each is kept in the journal");
    DiscardArguments* arguments = discard;
    addSource(*command, arguments->source);
    addIds(*command, arguments->ids)->required();
    command->add_flag("--undo", arguments->undo, "put these letters back, which were discarded from here before");
    command->add_flag("--unlock", arguments->unlock, "allow writing to the source");
}

void addJournal(CLI::App& app, std::optional<Arguments>& chosen)
{
    const auto [command, journal]
        = addCommand<JournalArguments>(app, chosen, "journal", "list every write this program made");
    JournalArguments* arguments = journal;
    addValue(*command, "--since", "TIME", "only what was written at this time (ISO 8601) or later",
        [arguments](const OptionText& value) {
            const auto limit = rangeLimitOf(value);
            if (!limit.time) {
                value.refuse("'" + value.text + "' is no time such as 2026-01-31T09:14:02Z.");
            }
            arguments->since = *limit.time;
        });
}

} // namespace eventscope::app
