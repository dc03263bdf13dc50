// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

namespace eventscope::bench {

/// What this process has used of the processors, all threads together.
double cpuSeconds();

/// What of this process lies in memory now.
std::size_t residentBytes();

/// A package of npm, fetched once into the user's cache: where it lies. Nothing without the network;
/// `why` says so.
std::optional<std::filesystem::path> nodePackage(const std::string& name, const std::string& version, std::string& why);

} // namespace eventscope::bench
