// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/event_printer.h"
#include "cli/opened_source.h"
#include "cli/selection.h"
#include "event/clock.h"
#include "inspect/event_file_writer.h"
#include "inspect/target_file.h"

#include <fmt/format.h>

namespace eventscope::app {

namespace {

core::ExportFormat formatOf(const ExportArguments& arguments)
{
    const bool isNamedCapture = arguments.file.ends_with(core::kCaptureSuffix);
    return arguments.format.value_or(isNamedCapture ? core::ExportFormat::Capture : core::ExportFormat::NdJson);
}

void reportFilter(const EventPrinter& printer, const core::ScanReceipt& receipt)
{
    if (printer.filterErrors() > 0) {
        say(fmt::format("the filter could not judge {} of {} events, which are left out; the first: {}",
            printer.filterErrors(), receipt.scanned, printer.firstFilterError()));
    }
}

/// Reads what was asked for, has it kept by `keep`, and says how that went.
template <class Keep>
ExitCode exportWith(const ExportArguments& arguments, CommandContext& context, core::Source& source,
    EventPrinter& printer, const Keep& keep)
{
    auto receipt = source.read(rangeOf(arguments.selection), printer, context.stop);
    if (!receipt) {
        say(receipt.error().message);
        return exitCodeOf(receipt.error());
    }
    if (context.stop.stop_requested()) {
        say(fmt::format("it was interrupted: {} was not written.", arguments.file));
        return ExitCode::Interrupted;
    }
    if (const core::Status kept = keep(); !kept) {
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

EventPrinter::Options printingOf(const ExportArguments& arguments)
{
    return {.limit = arguments.selection.filter ? arguments.selection.limit : std::nullopt,
        .filter = arguments.selection.filter,
        .format = formatOf(arguments),
        .everyByte = true};
}

ExitCode exportLines(const ExportArguments& arguments, CommandContext& context, core::Source& source)
{
    auto file = core::TargetFile::open(arguments.file);
    if (!file) {
        say(file.error().message);
        return ExitCode::Refused;
    }
    Output out(file->descriptor(), context.stop);
    const std::string_view head = core::exportHead(formatOf(arguments));
    if (!head.empty()) {
        out.line(head.substr(0, head.size() - 1)); // line() writes the line end
    }
    EventPrinter printer(out, printingOf(arguments));
    return exportWith(arguments, context, source, printer, [&]() -> core::Status {
        out.flush();
        if (!out.failure().empty()) {
            return core::fail(core::ErrorCode::Io, out.failure());
        }
        return file->keep();
    });
}

ExitCode exportCapture(const ExportArguments& arguments, CommandContext& context, core::Source& source)
{
    core::SystemClock clock;
    auto file = core::openEventFile(
        arguments.file, {.format = core::ExportFormat::Capture, .settings = {}, .savedAt = clock.now()});
    if (!file) {
        say(file.error().message);
        return ExitCode::Refused;
    }
    EventPrinter::Options options = printingOf(arguments);
    options.file = file->get();
    EventPrinter printer(context.out, std::move(options));
    return exportWith(arguments, context, source, printer,
        [&] { return printer.fileStatus() ? (*file)->finish() : printer.fileStatus(); });
}

} // namespace

ExitCode runCommand(const ExportArguments& arguments, CommandContext& context)
{
    auto opened = openSource(arguments.source, DemoPace::Told, context.stop);
    if (!opened) {
        say(opened.error().message);
        return exitCodeOfOpening(opened.error());
    }
    return formatOf(arguments) == core::ExportFormat::Capture ? exportCapture(arguments, context, *opened->source)
                                                              : exportLines(arguments, context, *opened->source);
}

} // namespace eventscope::app
