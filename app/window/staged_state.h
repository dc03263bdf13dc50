// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/source_url.h"
#include "event/error.h"
#include "sourcing/temporary_folder.h"

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

namespace eventscope::app {

/// What a window is opened on to see its views empty, busy or with an error, brought about as it comes
/// about: a store and a journal with nothing in them, a source and a journal that do not answer, a
/// store that is not there and a journal that is none. Must outlive the window. // any thread
class StagedState {
public:
    /// "empty", "busy" or "error".
    static core::Result<std::unique_ptr<StagedState>> make(std::string_view name);
    StagedState(const StagedState&) = delete;
    StagedState& operator=(const StagedState&) = delete;

    const std::vector<SourceUrl>& sources() const { return m_sources; }
    std::filesystem::path journal() const { return m_folder->path() / "journal.db"; }
    /// What has to return before a source is opened: for a source that does not answer, that is
    /// when release() was called.
    std::function<void()> gate();
    /// Lets go whoever waits at the gate, so that the window can be closed.
    void release();

private:
    StagedState() = default;

    std::unique_ptr<core::TemporaryFolder> m_folder;
    std::vector<SourceUrl> m_sources;
    std::mutex m_mutex;
    std::condition_variable m_opened;
    bool m_open = true;
};

} // namespace eventscope::app
