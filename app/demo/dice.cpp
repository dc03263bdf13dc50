// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/dice.h"

#include "event/ids.h"

namespace eventscope::app {

namespace {

// SplitMix64 (Steele, Lea, Flood 2014): any state gives a good next value, so states may be hashes.
std::uint64_t mix(std::uint64_t value)
{
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
    return value ^ (value >> 31);
}

std::uint64_t hash(std::string_view text) // FNV-1a
{
    std::uint64_t value = 0xcbf29ce484222325ULL;
    for (const char c : text) {
        value = (value ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    }
    return value;
}

} // namespace

Dice::Dice(std::uint64_t seed, std::uint64_t subject, std::string_view purpose)
    : m_state(mix(mix(seed + 0x9e3779b97f4a7c15ULL) ^ mix(subject) ^ hash(purpose)))
{
}

Dice::Dice(std::string_view subject, std::string_view purpose) : m_state(mix(hash(subject) ^ mix(hash(purpose)))) { }

std::uint64_t Dice::next()
{
    m_state += 0x9e3779b97f4a7c15ULL;
    return mix(m_state);
}

std::uint64_t Dice::below(std::uint64_t bound)
{
    return next() % bound; // bounds are small here: the bias is far below anything that shows
}

double Dice::unit()
{
    return static_cast<double>(next() >> 11) * 0x1.0p-53;
}

std::string Dice::uuid()
{
    core::Uuid uuid{};
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < uuid.size(); ++i) {
        bits = i % 8 == 0 ? next() : bits >> 8;
        uuid[i] = static_cast<std::uint8_t>(bits & 0xffU);
    }
    uuid[6] = static_cast<std::uint8_t>((uuid[6] & 0x0fU) | 0x80U);
    uuid[8] = static_cast<std::uint8_t>((uuid[8] & 0x3fU) | 0x80U);
    return core::formatUuid(uuid);
}

// A Feistel network on 16 + 16 bits is one-to-one whatever its round function does.
std::uint32_t shuffled(std::uint32_t number, std::uint64_t key)
{
    std::uint32_t left = number >> 16;
    std::uint32_t right = number & 0xffffU;
    for (std::uint64_t round = 0; round < 4; ++round) {
        const auto f = static_cast<std::uint32_t>(mix(key + (round << 32) + right)) & 0xffffU;
        const std::uint32_t next = left ^ f;
        left = right;
        right = next;
    }
    return (left << 16) | right;
}

} // namespace eventscope::app
