// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace eventscope::postgres {

using Sha1Digest = std::array<std::uint8_t, 20>;

/// FIPS 180-4; for UUIDs of version 5, not for secrets.
Sha1Digest sha1(std::string_view bytes);

} // namespace eventscope::postgres
