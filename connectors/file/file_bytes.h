// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "event/unpacker.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace eventscope::file {

/// Which file a path led to: a path whose file was replaced leads to another.
struct FileIdentity {
    std::uint64_t device = 0, inode = 0;
    bool operator==(const FileIdentity&) const = default;
};

/// The bytes of a file or pipe from front to back, their compression (gzip, zstd) taken off. Opened to
/// be read only. // one thread at a time
class FileBytes {
public:
    /// "-" is standard input. Unreachable when there is nothing to open, with a sentence.
    static core::Result<FileBytes> open(const std::string& path);
    ~FileBytes();
    FileBytes(FileBytes&& other) noexcept;
    FileBytes& operator=(FileBytes&& other) noexcept;

    /// False for pipes and the like: they can be read once, from their beginning.
    bool isRegular() const { return m_isRegular; }
    FileIdentity identity() const { return m_identity; }
    /// The bytes given so far: an offset into what was unpacked.
    std::uint64_t offset() const { return m_offset; }

    /// Goes on from there; only what comes behind offset() can be reached. False when the file is shorter.
    core::Result<bool> skipTo(std::uint64_t offset);

    /// Fills what it can of `out`; 0 at the present end of the file, which may grow, or when a stop is
    /// requested while a pipe has nothing.
    core::Result<std::size_t> read(std::span<char> out);
    /// Whether a pipe was closed at its other end.
    bool isClosed() const { return m_isClosed; }
    /// Whether all compressed data so far is whole; true without compression.
    bool isWhole() const { return !m_unpacker || m_unpacker->isComplete(); }
    /// Whether bytes that were read already are gone from the file.
    bool isTruncated() const;

    /// Waits until a pipe has something or was closed; false after that time without either. A regular
    /// file never waits.
    bool waitForInput(int milliseconds) const;

private:
    FileBytes(int descriptor, bool isOwn, bool isRegular, FileIdentity identity);

    core::Result<std::size_t> readRaw(std::span<char> out);
    core::Status detectCompression();

    int m_descriptor;
    bool m_isOwn;
    bool m_isRegular;
    FileIdentity m_identity;
    bool m_isClosed = false;
    std::uint64_t m_rawOffset = 0;
    std::uint64_t m_offset = 0;
    bool m_isDetected = false;
    std::optional<core::Unpacker> m_unpacker;
    std::string m_packed; ///< read, not unpacked yet
};

} // namespace eventscope::file
