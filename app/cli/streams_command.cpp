// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/opened_source.h"
#include "event/json.h"

#include <fmt/format.h>

namespace eventscope::app {

namespace {

std::string catalogLine(const core::CatalogEntry& entry)
{
    std::string line = "{\"name\":";
    core::appendJsonString(line, entry.name);
    line += fmt::format(",\"kind\":\"{}\"", core::toString(entry.kind));
    if (entry.count) {
        line += fmt::format(",\"count\":{}", *entry.count);
    }
    if (entry.countIsEstimate) {
        line += ",\"countIsEstimate\":true";
    }
    if (entry.first) {
        line += fmt::format(",\"first\":\"{}\"", core::formatTimestamp(*entry.first));
    }
    if (entry.last) {
        line += fmt::format(",\"last\":\"{}\"", core::formatTimestamp(*entry.last));
    }
    return line + '}';
}

} // namespace

ExitCode runCommand(const StreamsArguments& arguments, CommandContext& context)
{
    auto opened = openSource(arguments.source, DemoPace::Told, context.stop);
    if (!opened) {
        say(opened.error().message);
        return exitCodeOfOpening(opened.error());
    }
    const auto catalog = opened->source->catalog(context.stop);
    if (!catalog) {
        say(catalog.error().message);
        return exitCodeOf(catalog.error());
    }
    sayNotices(opened->source->notices());
    for (const core::CatalogEntry& entry : *catalog) {
        if (!context.out.line(catalogLine(entry))) {
            break;
        }
    }
    return ExitCode::Done;
}

} // namespace eventscope::app
