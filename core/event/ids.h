// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/clock.h"

#include <array>
#include <cstdint>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <string_view>

namespace eventscope::core {

/// 16 bytes, big-endian as in RFC 9562.
using Uuid = std::array<std::uint8_t, 16>;

/// The canonical 36 characters, lower case.
std::string formatUuid(const Uuid& uuid);

/// Exactly the canonical lower-case form, so that formatUuid(*parseUuid(x)) == x always holds and a
/// store may keep the 16 bytes instead of the text. Anything else is an id as well, kept as text.
std::optional<Uuid> parseUuid(std::string_view text);

/// Makes ids for what we create; ids of others are any string. // any thread
class IdGenerator {
public:
    virtual ~IdGenerator() = default;
    virtual std::string next() = 0;
};

/// UUIDv7 (RFC 9562): 48 bits of milliseconds, then a counter and random bits, so that ids of one
/// generator sort in the order they were made. With a seed the random bits repeat from run to run.
class UuidV7Generator final : public IdGenerator {
public:
    explicit UuidV7Generator(const Clock& clock);
    UuidV7Generator(const Clock& clock, std::uint64_t seed);

    std::string next() override;

private:
    const Clock& m_clock;
    std::mutex m_mutex;
    std::mt19937_64 m_random;
    std::int64_t m_lastMillisecond = -1;
    std::uint32_t m_counter = 0;
};

} // namespace eventscope::core
