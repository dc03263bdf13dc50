// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "process_figures.h"

#include "child_process.h"

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <system_error>

#include <sys/resource.h>
#include <unistd.h>

namespace eventscope::bench {

namespace {

std::filesystem::path cacheFolder()
{
    if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache && *cache)
        return cache;
    const char* home = std::getenv("HOME");
    return home && *home ? std::filesystem::path(home) / ".cache" : std::filesystem::temp_directory_path();
}

} // namespace

double cpuSeconds()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds
        = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::size_t residentBytes()
{
    std::ifstream file("/proc/self/statm");
    std::size_t all = 0, resident = 0;
    file >> all >> resident;
    return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

std::optional<std::filesystem::path> nodePackage(const std::string& name, const std::string& version, std::string& why)
{
    const std::filesystem::path folder = cacheFolder() / "eventscope-bench" / name;
    const std::filesystem::path package = folder / "node_modules" / name;
    std::error_code ignored;
    if (std::filesystem::exists(package, ignored))
        return package;
    std::filesystem::create_directories(folder, ignored);
    const test::Finished installed = test::runProgram(
        {"npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder.string(), name + "@" + version});
    if (installed.exitCode != 0) {
        why = "npm cannot install " + name;
        return std::nullopt;
    }
    return package;
}

} // namespace eventscope::bench
