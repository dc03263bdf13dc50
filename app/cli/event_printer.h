// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/output.h"
#include "inspect/event_export.h"
#include "inspect/event_file_writer.h"
#include "inspect/filter/event_attributes.h"
#include "inspect/filter/filter_expression.h"
#include "inspect/source.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace eventscope::app {

/// Prints what a source delivers, one event a line, and keeps count. // the source's thread
class EventPrinter final : public core::EventSink {
public:
    enum class Pace {
        Bulk, ///< lines go out in large pieces
        Live, ///< every batch goes out at once
    };
    struct Options {
        std::optional<std::uint64_t> limit{};           ///< of events printed
        std::optional<core::FilterExpression> filter{}; ///< only those are printed
        Pace pace = Pace::Bulk;
        core::ExportFormat format = core::ExportFormat::NdJson;
        bool everyByte = false;                ///< of NDJSON: with what makes it exact, as a file has it
        core::EventFileWriter* file = nullptr; ///< takes the events instead of the output
    };
    EventPrinter(Output& out, Options options);

    bool deliver(std::span<const core::SourceEvent> batch) override;
    bool tick() override { return m_out.flush(); }
    void notice(std::string_view sentence) override { say(sentence); }

    std::uint64_t matched() const { return m_matched; }
    std::uint64_t filterErrors() const { return m_filterErrors; }
    /// About the first event that the filter could not judge; empty when there was none.
    const std::string& firstFilterError() const { return m_firstFilterError; }
    /// Why the file could not be written; ok while it can be.
    const core::Status& fileStatus() const { return m_fileStatus; }
    bool limitReached() const { return m_options.limit && m_matched >= *m_options.limit; }

private:
    bool isWanted(const core::SourceEvent& event);
    bool print(const core::SourceEvent& event);

    Output& m_out;
    const Options m_options;
    core::SourceEventAttributes m_attributes;
    std::uint64_t m_matched = 0;
    std::uint64_t m_filterErrors = 0;
    std::string m_firstFilterError;
    core::Status m_fileStatus;
    std::string m_line;
};

/// What a scan has read, for standard error:
/// {"scanned","matched","bytes","undecodable","filterErrors","ranges":[…],"complete"}, and when it is
/// not complete "stoppedBecause"; "pushed" is the part of the filter by which the server chose what is scanned.
std::string receiptJson(const core::ScanReceipt& receipt, std::uint64_t matched, std::uint64_t filterErrors);

} // namespace eventscope::app
