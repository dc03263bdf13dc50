// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "child_process.h"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

namespace eventscope::bench {

/// The folder node_modules with these packages ("pg@8.23.1"), fetched once into the user's cache, under `name`.
/// Throws where npm cannot get them: without the network there is nothing to compare with.
inline std::string nodePackages(const std::string& name, const std::vector<std::string>& packages)
{
    const char* cache = std::getenv("XDG_CACHE_HOME");
    const char* home = std::getenv("HOME");
    const std::filesystem::path base = cache != nullptr && *cache != '\0' ? std::filesystem::path(cache)
        : home != nullptr && *home != '\0'                                ? std::filesystem::path(home) / ".cache"
                                                                          : std::filesystem::temp_directory_path();
    const std::filesystem::path folder = base / "eventscope-bench" / name;
    std::error_code ignored;
    if (!std::filesystem::exists(folder / "installed", ignored)) {
        std::filesystem::create_directories(folder, ignored);
        std::vector<std::string> command{
            "npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder.string()};
        command.insert(command.end(), packages.begin(), packages.end());
        if (test::runProgram(command).exitCode != 0)
            throw std::runtime_error("npm cannot install " + packages.front());
        std::filesystem::create_directories(folder / "installed", ignored);
    }
    return (folder / "node_modules").string();
}

} // namespace eventscope::bench
