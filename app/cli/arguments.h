// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/exit_code.h"
#include "cli/source_url.h"
#include "event/timestamp.h"
#include "inspect/event_export.h"
#include "inspect/filter/filter_expression.h"

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace eventscope::app {

/// A limit of a range as it is written on the command line: a position, or a time.
struct RangeLimit {
    std::optional<std::int64_t> position;
    std::optional<core::Timestamp> time;
    bool operator==(const RangeLimit&) const = default;
};

/// Digits are a position; everything else must be a time.
core::Result<RangeLimit> parseRangeLimit(std::string_view text);

struct StreamsArguments {
    SourceUrl source;
};

/// Which events of a source.
struct EventSelection {
    std::string stream; ///< empty: all
    RangeLimit from, to;
    std::optional<std::uint64_t> limit;
    std::optional<std::uint64_t> last;
    std::optional<core::FilterExpression> filter;
};

struct ReadArguments {
    SourceUrl source;
    EventSelection selection;
    bool follow = false;
    bool explain = false; ///< only say how it would be read
};

struct ReplayArguments {
    SourceUrl source;
    std::string stream;
    std::string reducer; ///< "order", "merge" or a file that ends in .js; empty: what suits the stream
    std::optional<std::int64_t> at;
    bool steps = false;
    std::vector<std::int64_t> skip;
};

struct FindStepArguments {
    SourceUrl source;
    std::string stream;
    std::string reducer; ///< as of ReplayArguments
    std::optional<core::FilterExpression> when;
};

struct FlowArguments {
    std::vector<SourceUrl> sources;
    std::string correlation;
};

struct ExportArguments {
    SourceUrl source;
    std::string file;                         ///< "-" for standard output
    std::optional<core::ExportFormat> format; ///< none: what the file's name says, else NDJSON
    EventSelection selection;
};

struct ImportArguments {
    std::string file; ///< "-" for standard input
    SourceUrl target;
    bool renumber = false;
    bool unlock = false;
};

struct SagasArguments {
    SourceUrl source;
    std::string status; ///< empty: all
};

struct DeadLettersArguments {
    SourceUrl source;
    std::string queue; ///< empty: all
    std::optional<core::FilterExpression> filter;
};

struct EvalArguments {
    std::string expression;
    std::string event; ///< a file, "-" for standard input; empty: no event
};

struct RequeueArguments {
    SourceUrl source;
    std::string queue;            ///< empty: all
    std::vector<std::string> ids; // one of these three
    bool all = false;
    std::optional<core::FilterExpression> filter;
    bool dryRun = false;
    double rate = 0;  ///< letters a second; 0: as fast as they are confirmed
    std::string to;   ///< empty: back to where each failed
    std::string edit; ///< a file with a JSON Patch; empty: none
    bool unlock = false;
};

struct DiscardArguments {
    SourceUrl source;
    std::vector<std::string> ids;
    bool undo = false; ///< puts back what was discarded before
    bool unlock = false;
};

struct JournalArguments {
    std::optional<core::Timestamp> since;
};

struct DemoArguments {
    double seconds = 10;
    std::optional<double> rate; ///< the demo's own unless set, here and below
    std::optional<double> failures;
    std::optional<std::uint64_t> seed;
    bool views = false;
    std::optional<SourceUrl> to;
    bool unlock = false;
};

struct WindowArguments {
    std::vector<SourceUrl> sources; ///< none: the demo
    std::string screenshots;        ///< a folder; empty: none
    std::string state;              ///< "empty", "busy" or "error": to open on; empty: the sources
    std::string measure;            ///< a file for figures about the window itself; empty: none
    std::optional<double> seconds;  ///< how long to run before the screenshots, or to measure
    std::string theme;              ///< "light", "dark" or empty: as the desktop has it
};

using Arguments = std::variant<WindowArguments, StreamsArguments, ReadArguments, ReplayArguments, FindStepArguments,
    FlowArguments, ExportArguments, ImportArguments, SagasArguments, DeadLettersArguments, RequeueArguments,
    DiscardArguments, JournalArguments, EvalArguments, DemoArguments>;

/// Nothing to run: help that was asked for (on standard output, Done) or wrong usage (on standard error).
struct NothingToRun {
    ExitCode code = ExitCode::Done;
    std::string text;
};

std::expected<Arguments, NothingToRun> parseArguments(int count, const char* const* values);

} // namespace eventscope::app
