// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/journalled_write.h"

#include "cli/output.h"

#include <fmt/format.h>

#include <utility>

namespace eventscope::app {

core::Result<JournalledWrite> JournalledWrite::begin(
    core::WriteKind kind, const SourceUrl& target, std::string what, std::string note, core::Clock& clock)
{
    auto journal = core::Journal::open(core::Journal::defaultFile(), clock);
    if (!journal) {
        return std::unexpected(journal.error());
    }
    const core::Journal::Item item{.letterId = std::move(what), .queue = {}, .sendId = {}};
    const auto entries = (*journal)->plan(
        {.kind = kind, .source = target.display(), .target = {}, .note = std::move(note)}, {&item, 1});
    if (!entries) {
        return std::unexpected(entries.error());
    }
    if (core::Status begun = (*journal)->record(entries->front(), core::WriteState::Sending); !begun) {
        return std::unexpected(begun.error());
    }
    return JournalledWrite(std::move(*journal), entries->front());
}

void JournalledWrite::end(core::WriteState state, std::string_view reason)
{
    if (const core::Status noted = m_journal->record(m_entry, state, reason); !noted) {
        say(fmt::format("the journal could not be brought up to date: {}", noted.error().message));
    }
}

} // namespace eventscope::app
