// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/ids.h"

#include <algorithm>
#include <chrono>

namespace eventscope::core {

namespace {

constexpr std::uint32_t kCounterBits = 30; // 12 in rand_a, 18 at the head of rand_b
constexpr std::uint32_t kCounterEnd = 1u << kCounterBits;

bool isDashPosition(std::size_t i)
{
    return i == 8 || i == 13 || i == 18 || i == 23;
}

int hexValue(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return -1;
}

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
    std::string text;
    text.reserve(36);
    for (const std::uint8_t byte : uuid) {
        if (isDashPosition(text.size()))
            text.push_back('-');
        text.push_back(kDigits[byte >> 4]);
        text.push_back(kDigits[byte & 0x0F]);
    }
    return text;
}

std::optional<Uuid> parseUuid(std::string_view text)
{
    if (text.size() != 36)
        return std::nullopt;
    Uuid uuid{};
    std::size_t nibble = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (isDashPosition(i)) {
            if (text[i] != '-')
                return std::nullopt;
            continue;
        }
        const int value = hexValue(text[i]);
        if (value < 0)
            return std::nullopt;
        std::uint8_t& byte = uuid[nibble / 2];
        byte = static_cast<std::uint8_t>((byte << 4) | value);
        ++nibble;
    }
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
