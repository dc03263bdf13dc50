// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "temp_dir.h"

#include <filesystem>
#include <map>
#include <string>

namespace eventscope::test {

/// Every file of a folder with its bytes, to be compared before and after.
inline std::map<std::string, std::string> contentsOf(const std::filesystem::path& folder)
{
    std::map<std::string, std::string> contents;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file())
            contents[entry.path().lexically_relative(folder).string()] = readFile(entry.path());
    }
    return contents;
}

/// The names only, which read better in a failure than pages of bytes.
inline std::string namesIn(const std::filesystem::path& folder)
{
    std::string names;
    for (const auto& [name, bytes] : contentsOf(folder))
        names += name + " ";
    return names;
}

} // namespace eventscope::test
