// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace eventscope::core {

/// Counts who reads what may go: readers enter and leave without ever waiting, and the writer learns
/// when all have left that were in when it asked. Readers that come later do not keep it waiting.
class LogHolds {
public:
    /// What leave() wants back. // any thread
    unsigned enter()
    {
        while (true) {
            const unsigned side = m_side.load();
            m_readers[side].count.fetch_add(1);
            // Where the writer changed sides meanwhile it may not have seen this reader: once more.
            if (m_side.load() == side)
                return side;
            m_readers[side].count.fetch_sub(1);
        }
    }
    void leave(unsigned side) { m_readers[side].count.fetch_sub(1); } // any thread

    /// The writer: sends new readers to the other side. Only when allHaveLeft().
    void ask() { m_side.store(m_side.load() ^ 1U); }
    /// The writer: nobody is left on the side that was given up.
    bool allHaveLeft() const { return m_readers[m_side.load() ^ 1U].count.load() == 0; }

private:
    struct alignas(64) Readers {
        std::atomic<std::uint32_t> count{0};
    };
    std::array<Readers, 2> m_readers;
    std::atomic<unsigned> m_side{0};
};

} // namespace eventscope::core
