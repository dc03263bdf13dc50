// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"

#include <filesystem>
#include <memory>

namespace eventscope::core {

/// A fresh folder below the system's temporary one that nobody else may read, gone with the object. What
/// a process that was killed has left behind, the next one to make a folder removes: a folder whose lock
/// nobody holds. // any thread
class TemporaryFolder {
public:
    static Result<std::unique_ptr<TemporaryFolder>> make();
    /// Below another folder than the system's.
    static Result<std::unique_ptr<TemporaryFolder>> make(const std::filesystem::path& below);
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::filesystem::path& path() const { return m_path; }

private:
    explicit TemporaryFolder(std::filesystem::path path) : m_path(std::move(path)) { }

    std::filesystem::path m_path;
    int m_lock = -1; // ends with the process, however that ends
};

} // namespace eventscope::core
