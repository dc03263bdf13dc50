// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/output.h"
#include "inspect/source.h"

#include <cstdint>
#include <optional>
#include <string>

namespace eventscope::app {

/// Prints what a source delivers, one event a line, and keeps count. // the source's thread
class EventPrinter final : public core::EventSink {
public:
    enum class Pace {
        Bulk, ///< lines go out in large pieces
        Live, ///< every batch goes out at once
    };
    EventPrinter(Output& out, std::optional<std::uint64_t> limit, Pace pace);

    bool deliver(std::span<const core::SourceEvent> batch) override;
    bool tick() override { return m_out.flush(); }

    std::uint64_t matched() const { return m_matched; }
    bool limitReached() const { return m_limit && m_matched >= *m_limit; }

private:
    Output& m_out;
    const std::optional<std::uint64_t> m_limit;
    const Pace m_pace;
    std::uint64_t m_matched = 0;
    std::string m_line;
};

/// What a scan has read, for standard error:
/// {"scanned","matched","bytes","undecodable","filterErrors","ranges":[…],"complete"}, and when it is
/// not complete "stoppedBecause".
std::string receiptJson(const core::ScanReceipt& receipt, std::uint64_t matched, std::uint64_t filterErrors);

} // namespace eventscope::app
