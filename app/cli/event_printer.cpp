// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/event_printer.h"

#include "event/json.h"
#include "inspect/event_json.h"

#include <fmt/format.h>

namespace eventscope::app {

EventPrinter::EventPrinter(Output& out, Options options) : m_out(out), m_options(std::move(options)) { }

bool EventPrinter::deliver(std::span<const core::SourceEvent> batch)
{
    for (const core::SourceEvent& event : batch) {
        if (limitReached()) {
            return false;
        }
        if (!isWanted(event)) {
            continue;
        }
        if (!print(event)) {
            return false;
        }
        ++m_matched;
    }
    return (m_options.pace == Pace::Bulk || m_out.flush()) && !limitReached();
}

bool EventPrinter::print(const core::SourceEvent& event)
{
    if (m_options.file != nullptr) {
        m_fileStatus = m_options.file->write({&event, 1});
        return m_fileStatus.has_value();
    }
    m_line.clear();
    if (m_options.everyByte || m_options.format != core::ExportFormat::NdJson) {
        core::appendExported(m_line, event, m_options.format);
        m_line.pop_back(); // the line end, which line() writes
    } else {
        core::appendEventJson(m_line, event);
    }
    return m_out.line(m_line);
}

bool EventPrinter::isWanted(const core::SourceEvent& event)
{
    if (!m_options.filter) {
        return true;
    }
    m_attributes.setEvent(event);
    const core::FilterMatch match = m_options.filter->match(m_attributes);
    if (match == core::FilterMatch::Error && ++m_filterErrors == 1) {
        m_firstFilterError = m_options.filter->explain(m_options.filter->evaluate(m_attributes));
    }
    return match == core::FilterMatch::Yes;
}

std::string receiptJson(const core::ScanReceipt& receipt, std::uint64_t matched, std::uint64_t filterErrors)
{
    std::string text
        = fmt::format(R"({{"scanned":{},"matched":{},"bytes":{},"undecodable":{},"filterErrors":{},"ranges":[)",
            receipt.scanned, matched, receipt.bytes, receipt.undecodable, filterErrors);
    for (const core::ScanReceipt::Range& range : receipt.ranges) {
        text += &range == &receipt.ranges.front() ? "{" : ",{";
        if (!range.stream.empty()) {
            text += "\"stream\":";
            core::appendJsonString(text, range.stream);
            text += ',';
        }
        if (range.partition >= 0) {
            text += fmt::format("\"partition\":{},", range.partition);
        }
        text += fmt::format(R"("from":"{}","to":"{}"}})", range.from, range.to);
    }
    text += fmt::format("],\"complete\":{}", receipt.complete);
    if (!receipt.pushed.empty()) {
        text += ",\"pushed\":";
        core::appendJsonString(text, receipt.pushed);
    }
    if (!receipt.complete && !receipt.stoppedBecause.empty()) {
        text += ",\"stoppedBecause\":";
        core::appendJsonString(text, receipt.stoppedBecause);
    }
    return text + '}';
}

} // namespace eventscope::app
