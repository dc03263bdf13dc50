// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace eventscope::test {

/// A disk that fails when it is told to, for SQLite's files in one folder and as long as it lives. It is an
/// SQLite VFS in front of the system's; other folders see nothing of it. It never really syncs, but knows
/// what would have been lost without. // any thread
class FaultyDisk {
public:
    enum class What { Write, Sync, Truncate };
    struct Operation {
        int number = 0; ///< counts from 1
        What what = What::Write;
        std::string file; ///< its name without the folder
    };
    enum class Fault { None, Io, Full };

    explicit FaultyDisk(std::filesystem::path folder);
    ~FaultyDisk();
    FaultyDisk(const FaultyDisk&) = delete;
    FaultyDisk& operator=(const FaultyDisk&) = delete;

    /// Asked before each operation. A write that fails leaves its first half behind; a sync that fails has
    /// written nothing for sure. Must not use SQLite.
    void onOperation(std::function<Fault(const Operation&)> ask);
    /// The operation of that number fails; `forGood`: all after it too.
    void failAt(int number, bool forGood = false);
    int operations() const;

    /// The folder's files as they may be found after the power failed: what was synced, and of what was
    /// not, whatever the seed says. Without the index of the log ("-shm"), which nobody finds after that.
    void cutPower(const std::filesystem::path& into, std::uint64_t seed) const;

    // For the VFS.
    int beforeWrite(const std::string& path, const void* bytes, int size, std::int64_t offset, bool& half);
    int beforeSync(const std::string& path);
    int beforeTruncate(const std::string& path, std::int64_t size);
    bool has(const std::string& path) const;

private:
    struct Change {
        std::int64_t offset = 0;
        std::string before; // as much of it as the file had
        std::string after;
    };
    Fault next(What what, const std::string& path);
    void cutPowerOf(const std::filesystem::path& file, const std::filesystem::path& into, std::uint64_t seed) const;

    const std::filesystem::path m_folder;
    mutable std::recursive_mutex m_mutex;
    std::function<Fault(const Operation&)> m_ask;
    int m_operations = 0;
    std::map<std::string, std::vector<Change>> m_unsynced; // by path
};

} // namespace eventscope::test
