// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/staged_state.h"

#include "sourcing/sqlite_database.h"
#include "sourcing/sqlite_dead_letter_store.h"
#include "sourcing/sqlite_event_store.h"

#include <fstream>
#include <string>
#include <utility>

namespace eventscope::app {

namespace {

core::Status makeEmptyStore(const std::filesystem::path& file)
{
    const auto database = core::SqliteDatabase::open(file, {.access = core::SqliteAccess::Create});
    if (!database) {
        return std::unexpected(database.error());
    }
    if (const auto events = core::SqliteEventStore::open(*database); !events) {
        return std::unexpected(events.error());
    }
    const auto letters = core::SqliteDeadLetterStore::open(*database);
    return letters ? core::Status() : std::unexpected(letters.error());
}

} // namespace

core::Result<std::unique_ptr<StagedState>> StagedState::make(std::string_view name)
{
    std::unique_ptr<StagedState> state(new StagedState);
    auto folder = core::TemporaryFolder::make();
    if (!folder) {
        return std::unexpected(folder.error());
    }
    state->m_folder = std::move(*folder);
    SourceUrl source;
    if (name != "busy") {
        source.scheme = SourceScheme::Sqlite;
        source.path = (state->m_folder->path() / "orders.db").string();
    }
    if (name == "empty") {
        if (const core::Status made = makeEmptyStore(source.path); !made) {
            return std::unexpected(made.error());
        }
    }
    if (name == "error") {
        std::ofstream(state->journal()) << "This is not a journal.\n";
    }
    state->m_open = name != "busy";
    state->m_sources = {source};
    return state;
}

std::function<void()> StagedState::gate()
{
    return [this] {
        std::unique_lock lock(m_mutex);
        m_opened.wait(lock, [this] { return m_open; });
    };
}

void StagedState::release()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_open = true;
    }
    m_opened.notify_all();
}

} // namespace eventscope::app
