// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace eventscope::app {

/// Chance that repeats: what is drawn depends on the seed, the subject and the purpose alone, never on
/// what else was drawn, by whom, or when. The same on every platform.
class Dice {
public:
    Dice(std::uint64_t seed, std::uint64_t subject, std::string_view purpose);
    Dice(std::string_view subject, std::string_view purpose);

    std::uint64_t next();
    std::uint64_t below(std::uint64_t bound); ///< 0 … bound - 1; bound > 0
    double unit();                            ///< 0 … 1, 1 excluded

    /// A UUID of version 8, "our own making" (RFC 9562).
    std::string uuid();

    template <class T>
    const T& pick(std::span<const T> from)
    {
        return from[below(from.size())];
    }

private:
    std::uint64_t m_state;
};

/// A one-to-one shuffle of the 32-bit numbers, another one for each key.
std::uint32_t shuffled(std::uint32_t number, std::uint64_t key);

} // namespace eventscope::app
