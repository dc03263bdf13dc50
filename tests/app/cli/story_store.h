// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "child_process.h"
#include "event/json.h"
#include "temp_dir.h"

#include <string>
#include <string_view>
#include <vector>

namespace eventscope::test {

/// A small store whose every event is known, in a folder of its own, and the program to look at it with.
/// Positions 1 to 3 are order-a (placed, paid, shipped), 4 and 5 order-b (placed, cancelled), 6 to 9 the
/// saga "order-a" (completed), 10 to 13 the saga "order-b" (compensating), 14 the stream "odd one"; a second
/// apart each, the first at 2026-11-23T09:00:00Z. Two dead letters, of "mail" and of "search".
class StoryStore {
public:
    StoryStore();

    std::filesystem::path file() const { return m_folder / "story.db"; }
    std::string url() const { return "sqlite:" + file().string(); }
    const TempDir& folder() const { return m_folder; }

    /// Runs `eventscope` with these words, "STORE" standing for the URL.
    Finished run(std::vector<std::string> words) const;

private:
    TempDir m_folder;
};

/// Every line as JSON; a line that is none fails the test.
std::vector<core::Json> jsonLines(std::string_view text);

/// The number, text or whatever at that RFC 6901 pointer, as JSON text; "absent" when it is not there.
std::string at(const core::Json& json, std::string_view pointer);

} // namespace eventscope::test
