// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/arguments.h"

#include "cli/data_arguments.h"
#include "cli/option_values.h"
#include "cli/selection.h"
#include "cli/write_arguments.h"
#include "demo/story.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace eventscope::app {

using core::ErrorCode;
using core::Result;

namespace {

constexpr const char* kFooter = R"(Sources
  demo:                                  the order system built in (?seconds=4&seed=1&rate=10)
  sqlite:PATH                            an event store in a file
  file:PATH.ndjson                       events in a file, file:- for standard input
  postgres://user@host:5432/db           an event store in PostgreSQL
  kafka://host:9092,host2:9092           the topics of a Kafka cluster
  amqp://user@host:5672/vhost            the queues of a RabbitMQ broker (amqps with TLS)
A password comes from EVENTSCOPE_PASSWORD (PGPASSWORD, PGPASSFILE), better than from the URL.

Exit codes
  0 done · 1 refused or failed · 2 wrong usage · 3 the source cannot be reached · 130 interrupted)";

using Chosen = std::optional<Arguments>;

void addStreams(CLI::App& app, Chosen& chosen)
{
    const auto [command, arguments] = addCommand<StreamsArguments>(
        app, chosen, "streams", "list the streams, topics and queues of a source with their counts");
    addSource(*command, arguments->source);
}

void addRead(CLI::App& app, Chosen& chosen)
{
    const auto [command, read]
        = addCommand<ReadArguments>(app, chosen, "read", "print events, and a receipt on standard error");
    ReadArguments* arguments = read;
    addSource(*command, arguments->source);
    addSelection(*command, arguments->selection);
    command->add_flag("--follow", arguments->follow, "go on with new events as they come, until interrupted");
    command->add_flag("--explain", arguments->explain,
        "read nothing, but print how it would be read: what the server is asked, and which part of the filter it "
        "decides");
}

void addReplay(CLI::App& app, Chosen& chosen)
{
    const auto [command, replay] = addCommand<ReplayArguments>(
        app, chosen, "replay", "rebuild an aggregate's state from the events of its stream");
    ReplayArguments* arguments = replay;
    addSource(*command, arguments->source);
    addValue(*command, "STREAM", "NAME", "the stream, e.g. order-7f3a91c2", [arguments](const OptionText& value) {
        arguments->stream = nameOf(value);
    })->required();
    addReducer(*command, arguments->reducer);
    addValue(*command, "--at", "VERSION", "only the events up to this version",
        [arguments](const OptionText& value) { arguments->at = numberOf<std::int64_t>(value, 0); });
    command->add_flag("--steps", arguments->steps, "one line a step, with the difference it made");
    addValues(*command, "--skip", "VERSION", "what if the events of these versions had not happened",
        [arguments](const OptionText& value) { arguments->skip.push_back(numberOf<std::int64_t>(value, 1)); })
        ->delimiter(',');
}

void addSagas(CLI::App& app, Chosen& chosen)
{
    const auto [command, arguments]
        = addCommand<SagasArguments>(app, chosen, "sagas", "list the sagas with their steps");
    addSource(*command, arguments->source);
    command->add_option("--status", arguments->status, "only those of this status")
        ->check(CLI::IsMember({"running", "completed", "failed", "compensating", "compensated", "stuck"}));
}

void addDeadLetters(CLI::App& app, Chosen& chosen)
{
    const auto [command, letters]
        = addCommand<DeadLettersArguments>(app, chosen, "dead-letters", "list the messages that could not be handled");
    DeadLettersArguments* arguments = letters;
    addSource(*command, arguments->source);
    addValue(*command, "--queue", "NAME", "only those of this queue or handler",
        [arguments](const OptionText& value) { arguments->queue = nameOf(value); });
    addValue(*command, "--filter", "EXPR", "only those whose original event this expression is true for",
        [arguments](const OptionText& value) { arguments->filter = filterOf(value); });
}

constexpr const char* kEval = "eval";

void addEval(CLI::App& app, Chosen& chosen)
{
    const auto [command, eval] = addCommand<EvalArguments>(
        app, chosen, kEval, "evaluate an expression of CloudEvents SQL, as --filter takes it");
    EvalArguments* arguments = eval;
    command->add_option("EXPR", arguments->expression, "the expression; in quotes for the shell")
        ->type_name("")
        ->required();
    addValue(*command, "--event", "FILE", "the event to evaluate it over: a CloudEvent in JSON, - for standard input",
        [arguments](const OptionText& value) { arguments->event = nameOf(value); });
}

/// An expression may look like an option ("-hop > --3"). What is none of eval's own is put behind a
/// "--", where nothing is taken for one.
std::vector<std::string> guardExpression(std::vector<std::string> words)
{
    if (words.size() < 2 || words[1] != kEval) {
        return words;
    }
    std::vector<std::string> options;
    std::vector<std::string> expressions;
    bool onlyExpressions = false;
    for (std::size_t i = 2; i < words.size(); ++i) {
        const std::string& word = words[i];
        if (onlyExpressions) {
            expressions.push_back(word);
        } else if (word == "--") {
            onlyExpressions = true;
        } else if (word == "--event" && i + 1 < words.size() && !words[i + 1].empty()) {
            options.push_back(word + '=' + words[++i]);
        } else if (word == "--event" || word == "--event=") {
            return words; // to be refused
        } else if (word == "--help" || word == "-h" || word.starts_with("--event=")) {
            options.push_back(word);
        } else {
            expressions.push_back(word);
        }
    }
    words.resize(2);
    words.insert(words.end(), options.begin(), options.end());
    words.emplace_back("--");
    words.insert(words.end(), expressions.begin(), expressions.end());
    return words;
}

void addDemo(CLI::App& app, Chosen& chosen)
{
    const auto [command, demo]
        = addCommand<DemoArguments>(app, chosen, "demo", "run the order system and print what it did, each second");
    DemoArguments* arguments = demo;
    addValue(*command, "--seconds", "N", "how long to run (10)",
        [arguments](const OptionText& value) { arguments->seconds = realOf(value, 0.1, 86'400); });
    addValue(*command, "--rate", "N", "orders a second (10)",
        [arguments](const OptionText& value) { arguments->rate = realOf(value, kLeastRate, kMostRate); });
    addValue(*command, "--failures", "P", "the share of orders that something goes wrong with, from 0 to 1 (0.2)",
        [arguments](const OptionText& value) { arguments->failures = realOf(value, 0, 1); });
    addValue(*command, "--seed", "N", "the same seed gives the same story (2026)",
        [arguments](const OptionText& value) { arguments->seed = numberOf<std::uint64_t>(value, 0); });
    command->add_flag("--views", arguments->views, "with the view events of a streaming service");
    addValue(*command, "--to", "URL", "keep the story in this store, e.g. sqlite:story.db; needs --unlock",
        [arguments](const OptionText& value) { arguments->to = sourceOf(value); });
    command->add_flag("--unlock", arguments->unlock, "allow writing to the source of --to");
}

void addWindow(CLI::App& app, WindowArguments& arguments)
{
    addValues(app, "SOURCES", "URL", "without a command: what the window opens; none: the demo",
        [&arguments](const OptionText& value) {
            if (value.text.find(':') == std::string::npos) {
                throw CLI::ValidationError("'" + value.text + "' is neither a command nor a source");
            }
            arguments.sources.push_back(sourceOf(value));
        });
    addValue(app, "--screenshots", "DIR", "save a picture of every view to this folder and end",
        [&arguments](const OptionText& value) { arguments.screenshots = nameOf(value); });
    app.add_option("--state", arguments.state, "show every view empty, busy or with an error, whatever the sources")
        ->check(CLI::IsMember({"empty", "busy", "error"}))
        ->group(""); // for the contact sheet
    addValue(app, "--measure", "FILE", "run for a while and write figures about the window to this file",
        [&arguments](const OptionText& value) { arguments.measure = nameOf(value); })
        ->group(""); // for the benchmarks
    addValue(app, "--seconds", "N", "how long to run before the pictures",
        [&arguments](const OptionText& value) { arguments.seconds = realOf(value, 0.1, 86'400); });
    app.add_option("--theme", arguments.theme, "light or dark, whatever the desktop has")
        ->check(CLI::IsMember({"light", "dark"}));
}

NothingToRun explain(const CLI::App& app, const CLI::ParseError& error)
{
    std::ostringstream out;
    std::ostringstream err;
    if (app.exit(error, out, err) == 0) {
        return {ExitCode::Done, out.str()};
    }
    const auto commands = app.get_subcommands();
    return {ExitCode::Usage,
        fmt::format("eventscope: {}\nSee eventscope {}--help.\n", withoutSecrets(error.what()),
            commands.empty() ? "" : commands.front()->get_name() + ' ')};
}

} // namespace

Result<RangeLimit> parseRangeLimit(std::string_view text)
{
    const bool isNumber = !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
    if (isNumber) {
        std::int64_t position = 0;
        if (std::from_chars(text.data(), text.data() + text.size(), position).ec != std::errc{}) {
            return fail(ErrorCode::InvalidArgument, fmt::format("the position {} is beyond 64 bits.", text));
        }
        return RangeLimit{.position = position, .time = {}};
    }
    const auto time = core::parseTimestamp(text);
    if (!time) {
        return fail(ErrorCode::InvalidArgument,
            fmt::format("'{}' is neither a position (digits) nor a time such as 2026-01-31T09:14:02Z.", text));
    }
    return RangeLimit{.position = {}, .time = *time};
}

std::expected<Arguments, NothingToRun> parseArguments(int count, const char* const* values)
{
    CLI::App app{
        "Eventscope, an inspector for event-driven systems. Without a command it opens the window.", "eventscope"};
    app.set_version_flag("--version", "eventscope " EVENTSCOPE_VERSION);
    app.require_subcommand(0, 1);
    WindowArguments window;
    Chosen chosen;
    addWindow(app, window);
    addStreams(app, chosen);
    addRead(app, chosen);
    addReplay(app, chosen);
    addFindStep(app, chosen);
    addFlow(app, chosen);
    addExport(app, chosen);
    addImport(app, chosen);
    addSagas(app, chosen);
    addDeadLetters(app, chosen);
    addEval(app, chosen);
    addRequeue(app, chosen);
    addDiscard(app, chosen);
    addJournal(app, chosen);
    addDemo(app, chosen);
    app.footer(kFooter); // last: subcommands would inherit it
    std::vector<std::string> words = guardExpression({values, values + count});
    std::vector<const char*> pointers(words.size());
    std::ranges::transform(words, pointers.begin(), [](const std::string& word) { return word.c_str(); });
    try {
        app.parse(static_cast<int>(pointers.size()), pointers.data());
    } catch (const CLI::ParseError& error) {
        return std::unexpected(explain(app, error));
    }
    if (!chosen) {
        return Arguments{std::move(window)};
    }
    return std::move(*chosen);
}

} // namespace eventscope::app
