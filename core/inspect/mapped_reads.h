// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace eventscope::core {

/// Lets a failing disk under a mapped file cost events and not the program: a page that cannot be read
/// turns into zeros for good, and is counted.
///
/// The system reports such a page as SIGBUS to whoever touches it. Reading with pread() instead would
/// give an error code, but also a copy and a call for every record, of a log whose point is that its
/// bytes lie where scans can go through them. A full disk needs none of this: the space is allocated
/// before it is mapped. The signal is the process's, and so is what listens to it: bus errors anywhere
/// else go to whoever was there before.
class MappedReads {
public:
    /// Pages in [begin, begin + size) are looked after until ignore(begin); each one lost adds one to
    /// `lost`, which stays that long. False when too many places are looked after already: then these
    /// are not. // any thread
    static bool watch(const char* begin, std::size_t size, std::atomic<std::uint64_t>& lost);
    static void ignore(const char* begin); // any thread
};

} // namespace eventscope::core
