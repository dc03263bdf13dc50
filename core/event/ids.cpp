// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/ids.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace eventscope::core {

namespace {

constexpr std::uint32_t kCounterBits = 30; // 12 in rand_a, 18 at the head of rand_b
constexpr std::uint32_t kCounterEnd = 1u << kCounterBits;

constexpr std::uint8_t kNoHexDigit = 0xff;

constexpr std::array<std::uint8_t, 256> hexValues()
{
    std::array<std::uint8_t, 256> values{};
    values.fill(kNoHexDigit);
    for (std::uint8_t i = 0; i < 10; ++i)
        values[static_cast<std::size_t>('0') + i] = i;
    for (std::uint8_t i = 0; i < 6; ++i)
        values[static_cast<std::size_t>('a') + i] = static_cast<std::uint8_t>(10 + i);
    return values;
}

constexpr auto kHexValues = hexValues();
// Where each of the 16 bytes stands in the text.
constexpr std::array<std::uint8_t, 16> kPlaces{0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34};

std::mt19937_64 randomlySeeded()
{
    std::random_device device;
    std::seed_seq seeds{device(), device(), device(), device(), device(), device(), device(), device()};
    return std::mt19937_64(seeds);
}

void putBigEndian(Uuid& uuid, std::size_t from, std::uint64_t value, std::size_t bytes)
{
    for (std::size_t i = 0; i < bytes; ++i)
        uuid[from + i] = static_cast<std::uint8_t>(value >> (8 * (bytes - 1 - i)));
}

} // namespace

std::string formatUuid(const Uuid& uuid)
{
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string text(36, '-');
    char* const out = text.data();
    for (std::size_t i = 0; i < uuid.size(); ++i) {
        out[kPlaces[i]] = kDigits[uuid[i] >> 4];
        out[kPlaces[i] + std::size_t{1}] = kDigits[uuid[i] & 0x0F];
    }
    return text;
}

std::optional<Uuid> parseUuid(std::string_view text)
{
    if (text.size() != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-')
        return std::nullopt;
    Uuid uuid;
    unsigned seen = 0; // all bits of the digits' values
    for (std::size_t i = 0; i < uuid.size(); ++i) {
        const unsigned high = kHexValues[static_cast<std::uint8_t>(text[kPlaces[i]])];
        const unsigned low = kHexValues[static_cast<std::uint8_t>(text[kPlaces[i] + std::size_t{1}])];
        seen |= high | low;
        uuid[i] = static_cast<std::uint8_t>(high << 4 | low);
    }
    if (seen > 0x0f)
        return std::nullopt;
    return uuid;
}

UuidV7Generator::UuidV7Generator(const Clock& clock) : m_clock(clock), m_random(randomlySeeded()) { }

UuidV7Generator::UuidV7Generator(const Clock& clock, std::uint64_t seed) : m_clock(clock), m_random(seed) { }

std::string UuidV7Generator::next()
{
    const auto sinceEpoch = std::chrono::floor<std::chrono::milliseconds>(m_clock.now()).time_since_epoch();
    const std::lock_guard lock(m_mutex);
    const std::int64_t millisecond = std::max<std::int64_t>(sinceEpoch.count(), 0);
    if (millisecond > m_lastMillisecond) {
        m_lastMillisecond = millisecond;
        m_counter = static_cast<std::uint32_t>(m_random() % (kCounterEnd / 2));
    } else if (++m_counter == kCounterEnd) {
        ++m_lastMillisecond; // the counter is used up: borrow from the time to come
        m_counter = 0;
    }

    Uuid uuid{};
    putBigEndian(uuid, 0, static_cast<std::uint64_t>(m_lastMillisecond), 6);
    putBigEndian(uuid, 6, 0x7000u | (m_counter >> 18), 2);
    const std::uint64_t tail = (std::uint64_t{m_counter & 0x3FFFFu} << 44) | (m_random() >> 20);
    putBigEndian(uuid, 8, (std::uint64_t{2} << 62) | tail, 8);
    return formatUuid(uuid);
}

} // namespace eventscope::core
