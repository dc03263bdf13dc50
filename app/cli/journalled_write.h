// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/source_url.h"
#include "event/clock.h"
#include "event/error.h"
#include "inspect/journal.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace eventscope::app {

/// One write of a command as the journal keeps it: noted before it begins and when it is over.
class JournalledWrite {
public:
    /// `what` is what is written, e.g. a file's name; `note` a sentence for people.
    static core::Result<JournalledWrite> begin(
        core::WriteKind kind, const SourceUrl& target, std::string what, std::string note, core::Clock& clock);

    void end(core::WriteState state, std::string_view reason);

private:
    JournalledWrite(std::unique_ptr<core::Journal> journal, std::int64_t entry)
        : m_journal(std::move(journal)), m_entry(entry)
    {
    }

    std::unique_ptr<core::Journal> m_journal;
    std::int64_t m_entry;
};

} // namespace eventscope::app
