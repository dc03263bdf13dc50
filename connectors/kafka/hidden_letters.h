// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"

#include <filesystem>
#include <set>
#include <string>
#include <string_view>

namespace eventscope::kafka {

/// Dead letters that somebody discarded. Kafka cannot delete one record, so they are only hidden on
/// this machine: a file of lines, appended to and synced, that any number of programs may share.
/// // one thread at a time
class HiddenLetters {
public:
    /// `file` is made when the first letter is hidden; `cluster` keeps the clusters in it apart.
    HiddenLetters(std::filesystem::path file, std::string cluster);

    /// Those of this cluster as they are now; empty where there is no file.
    core::Result<std::set<std::string>> list() const;
    core::Status hide(std::string_view letterId) { return append('-', letterId); }
    core::Status show(std::string_view letterId) { return append('+', letterId); }

    /// Beside the journal.
    static std::filesystem::path defaultFile();

private:
    core::Status append(char what, std::string_view letterId);

    const std::filesystem::path m_file;
    const std::string m_cluster;
};

} // namespace eventscope::kafka
