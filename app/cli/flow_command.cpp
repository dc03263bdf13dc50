// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/opened_source.h"
#include "event/json.h"
#include "inspect/event_json.h"
#include "inspect/event_log.h"
#include "inspect/filter/filter_expression.h"
#include "inspect/filter/filter_printer.h"
#include "inspect/flow.h"

#include <fmt/format.h>

#include <numeric>
#include <vector>

namespace eventscope::app {

namespace {

/// Keeps the events of one flow: those that carry its correlation id, and the one it is named after.
class FlowCollector final : public core::EventSink {
public:
    FlowCollector(const std::string& correlation, core::EventLog& log) : m_correlation(correlation), m_log(log) { }

    bool deliver(std::span<const core::SourceEvent> batch) override
    {
        for (const core::SourceEvent& event : batch) {
            if (event.correlationId == m_correlation || event.id == m_correlation) {
                m_log.append({&event, 1});
            }
        }
        return true;
    }

private:
    const std::string& m_correlation;
    core::EventLog& m_log;
};

std::string flowLine(const core::EventLog& log, const core::Flow& flow, const core::FlowNode& node)
{
    std::string line;
    core::appendEventJson(line, log, node.row);
    line.pop_back();
    line += fmt::format(",\"depth\":{},\"parent\":", node.depth);
    if (node.parent == core::FlowNode::kNoParent) {
        line += "null";
    } else {
        core::appendJsonString(line, log.at(flow.nodes[node.parent].row).id.toString());
    }
    return line + '}';
}

} // namespace

ExitCode runCommand(const FlowArguments& arguments, CommandContext& context)
{
    const std::string id = core::filterLiteral(arguments.correlation);
    const auto wanted = core::FilterExpression::compile(fmt::format("correlationid = {0} OR id = {0}", id));
    core::EventLog log;
    for (const SourceUrl& url : arguments.sources) {
        auto opened = openSource(url, DemoPace::Told, context.stop);
        if (!opened) {
            say(opened.error().message);
            return exitCodeOfOpening(opened.error());
        }
        FlowCollector collector(arguments.correlation, log);
        core::ReadRange everything;
        everything.filter = wanted ? &*wanted : nullptr; // a server may find them itself
        const auto receipt = opened->source->read(everything, collector, context.stop);
        if (!receipt) {
            say(receipt.error().message);
            return exitCodeOf(receipt.error());
        }
        if (!receipt->complete && !context.stop.stop_requested()) {
            say(fmt::format("{} was not read to its end: {}.", url.display(), receipt->stoppedBecause));
        }
    }
    if (log.size() == 0) {
        say(fmt::format("no event has the correlation id '{}'.", arguments.correlation));
        return ExitCode::Refused;
    }
    std::vector<core::LogRow> rows(log.size());
    std::iota(rows.begin(), rows.end(), core::LogRow{0});
    const core::Flow flow = core::buildFlow(log, rows);
    for (const core::FlowNode& node : flow.nodes) {
        if (!context.out.line(flowLine(log, flow, node))) {
            break;
        }
    }
    return ExitCode::Done;
}

} // namespace eventscope::app
