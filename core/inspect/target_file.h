// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"

#include <string>

namespace eventscope::core {

/// A file that is written whole or not at all: what is written goes to a file beside it, which takes
/// its place at the end. "-" is standard output; pipes and devices are written to directly.
class TargetFile {
public:
    static Result<TargetFile> open(const std::string& path);
    ~TargetFile(); ///< without keep(), nothing is left of it
    TargetFile(TargetFile&& other) noexcept;
    TargetFile& operator=(TargetFile&&) = delete;

    int descriptor() const { return m_descriptor; }
    /// Where what is written lies until then, for who writes by name; empty where it goes there directly.
    const std::string& writtenPath() const { return m_beside; }
    /// On the disk, under its own name.
    Status keep();

private:
    TargetFile(std::string path, std::string beside, int descriptor)
        : m_path(std::move(path)), m_beside(std::move(beside)), m_descriptor(descriptor)
    {
    }

    std::string m_path;
    std::string m_beside; ///< empty where there is none
    int m_descriptor;
};

} // namespace eventscope::core
