// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace eventscope::core {

/// How often a byte is met in events (JSON, mostly): a rank, the lower the rarer; 0 for those seldom met.
inline std::uint8_t frequencyOf(char c)
{
    // The most frequent first; what is not here is rare.
    static constexpr std::string_view kFrequent
        = "\"0123,:-e456789tadorinscmpul{}IbTf.hgyZkDvwPOS[]_AxECRqjzBFGHJKLMNQUVWXY /+=@()";
    static constexpr auto kFrequencies = [] {
        std::array<std::uint8_t, 256> frequencies{};
        for (std::size_t i = 0; i < kFrequent.size(); ++i)
            frequencies[static_cast<unsigned char>(kFrequent[i])] = static_cast<std::uint8_t>(kFrequent.size() - i);
        return frequencies;
    }();
    return kFrequencies[static_cast<unsigned char>(c)];
}

} // namespace eventscope::core
