// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/event_printer.h"
#include "cli/opened_source.h"
#include "cli/selection.h"
#include "cli/target_file.h"

#include <fmt/format.h>

namespace eventscope::app {

namespace {

void reportFilter(const EventPrinter& printer, const core::ScanReceipt& receipt)
{
    if (printer.filterErrors() > 0) {
        say(fmt::format("the filter could not judge {} of {} events, which are left out; the first: {}",
            printer.filterErrors(), receipt.scanned, printer.firstFilterError()));
    }
}

} // namespace

ExitCode runCommand(const ExportArguments& arguments, CommandContext& context)
{
    auto opened = openSource(arguments.source, DemoPace::Told, context.stop);
    if (!opened) {
        say(opened.error().message);
        return exitCodeOfOpening(opened.error());
    }
    auto file = TargetFile::open(arguments.file);
    if (!file) {
        say(file.error().message);
        return ExitCode::Refused;
    }
    Output out(file->descriptor(), context.stop);
    const std::string_view head = core::exportHead(arguments.format);
    if (!head.empty()) {
        out.line(head.substr(0, head.size() - 1)); // line() writes the line end
    }
    EventPrinter printer(out,
        {.limit = arguments.selection.filter ? arguments.selection.limit : std::nullopt,
            .filter = arguments.selection.filter,
            .format = arguments.format,
            .everyByte = true});
    auto receipt = opened->source->read(rangeOf(arguments.selection), printer, context.stop);
    if (!receipt) {
        say(receipt.error().message);
        return exitCodeOf(receipt.error());
    }
    out.flush();
    if (context.stop.stop_requested()) {
        say(fmt::format("it was interrupted: {} was not written.", arguments.file));
        return ExitCode::Interrupted;
    }
    if (!out.failure().empty()) {
        say(out.failure());
        return ExitCode::Refused;
    }
    if (const core::Status kept = file->keep(); !kept) {
        say(kept.error().message);
        return ExitCode::Refused;
    }
    if (!receipt->complete && printer.limitReached()) {
        receipt->stoppedBecause = fmt::format("the limit of {} events was reached", *arguments.selection.limit);
    }
    reportFilter(printer, *receipt);
    sayPlain(receiptJson(*receipt, printer.matched(), printer.filterErrors()));
    return ExitCode::Done;
}

} // namespace eventscope::app
