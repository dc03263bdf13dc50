// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/data_arguments.h"

#include "cli/option_values.h"
#include "cli/selection.h"

namespace eventscope::app {

void addReducer(CLI::App& command, std::string& reducer)
{
    addValue(command, "--reducer", "order|merge|FILE.js",
        "how events make a state: order, merge (every event's fields laid over the state), or a JavaScript "
        "file; order for order streams, merge for others by default",
        [&reducer](const OptionText& value) {
            if (value.text != "order" && value.text != "merge" && !value.text.ends_with(".js")) {
                value.refuse("'" + value.text + "' is neither order nor merge nor a file that ends in .js.");
            }
            reducer = value.text;
        });
}

void addExport(CLI::App& app, std::optional<Arguments>& chosen)
{
    const auto [command, arguments]
        = addCommand<ExportArguments>(app, chosen, "export", "save events to a file, and a receipt on standard error");
    ExportArguments* const exported = arguments;
    addSource(*command, exported->source);
    addValue(*command, "FILE", "FILE", "the file to write; - for standard output", [exported](const OptionText& value) {
        exported->file = nameOf(value);
    })->required();
    addValue(*command, "--format", "ndjson|cloudevents|csv|capture",
        "as read prints it (ndjson), or one of the others; capture when FILE ends in .eventscope",
        [exported](const OptionText& value) {
            const auto format = core::exportFormatOf(value.text);
            if (!format) {
                value.refuse("'" + value.text + "' is none of ndjson, cloudevents, csv and capture.");
            }
            exported->format = *format;
        });
    addSelection(*command, exported->selection);
}

void addImport(CLI::App& app, std::optional<Arguments>& chosen)
{
    const auto [command, arguments]
        = addCommand<ImportArguments>(app, chosen, "import", "write the events of a file into an event store");
    ImportArguments* const imported = arguments;
    addValue(*command, "FILE", "FILE", "the file to read: what export wrote, CloudEvents, NDJSON; - for standard input",
        [imported](const OptionText& value) { imported->file = nameOf(value); })
        ->required();
    addSource(*command, imported->target);
    command->add_flag("--renumber", imported->renumber,
        "give each event the next version of its stream instead of its own, e.g. for a part of a stream");
    command->add_flag("--unlock", imported->unlock, "allow writing to the source");
}

void addFlow(CLI::App& app, std::optional<Arguments>& chosen)
{
    const auto [command, arguments] = addCommand<FlowArguments>(
        app, chosen, "flow", "print the events of one correlation id over all sources, causes first");
    FlowArguments* const flow = arguments;
    addValues(*command, "SOURCE", "URL", "where to look; one or more", [flow](const OptionText& value) {
        flow->sources.push_back(sourceOf(value));
    })->required();
    addValue(*command, "--correlation", "ID", "the flow's correlation id", [flow](const OptionText& value) {
        flow->correlation = nameOf(value);
    })->required();
}

void addFindStep(CLI::App& app, std::optional<Arguments>& chosen)
{
    const auto [command, arguments] = addCommand<FindStepArguments>(
        app, chosen, "find-step", "print the first step of a stream after which an expression holds");
    FindStepArguments* const step = arguments;
    addSource(*command, step->source);
    addValue(*command, "STREAM", "NAME", "the stream, e.g. order-7f3a91c2", [step](const OptionText& value) {
        step->stream = nameOf(value);
    })->required();
    addValue(*command, "--when", "EXPR", "an expression over the state, e.g. \"state.status = 'paid'\"",
        [step](const OptionText& value) { step->when = filterOf(value); })
        ->required();
    addReducer(*command, step->reducer);
}

} // namespace eventscope::app
