// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/field_order.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace eventscope::core {

namespace {

constexpr std::size_t kBlock = std::size_t{1} << 14;
/// More different texts than these take too much memory; then their beginnings are compared first.
constexpr std::size_t kMostTexts = std::size_t{1} << 20;

// The two highest bits say what a value is, and so what comes first.
constexpr int kTagShift = 62;
constexpr std::uint64_t kBoolean = 0, kNumber = 1, kText = 2;
constexpr std::uint64_t kValueMask = (std::uint64_t{1} << kTagShift) - 1;
/// Of a number's key the lowest bit: it has more digits than the key can tell.
constexpr std::uint64_t kLong = 1;
constexpr std::size_t kExactDigits = 14;

std::uint64_t tagged(std::uint64_t tag, std::uint64_t value)
{
    return tag << kTagShift | (value & kValueMask);
}

std::uint64_t keyOfNumber(const FilterNumber& number)
{
    const std::string text = number.toString();
    const double value = std::strtod(text.c_str(), nullptr) + 0.0; // no negative zero
    auto bits = std::bit_cast<std::uint64_t>(value);
    bits = (bits >> 63) != 0 ? ~bits : bits | std::uint64_t{1} << 63;
    const bool isLong = text.size() > kExactDigits;
    return tagged(kNumber, (bits >> 2 & ~kLong) | (isLong ? kLong : 0));
}

/// The first bytes that there is room for.
std::uint64_t keyOfBeginning(std::string_view text)
{
    std::uint64_t key = 0;
    for (std::size_t i = 0; i < 8; ++i) {
        key = key << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0U);
    }
    return tagged(kText, key >> 2);
}

} // namespace

/// The different texts among the values, found by several threads at once.
class FieldOrder::Texts {
public:
    static constexpr std::size_t kShards = 64;

    std::uint32_t add(std::string_view text)
    {
        const std::size_t place = std::hash<std::string_view>{}(text) % kShards;
        Shard& shard = m_shards[place];
        const std::scoped_lock lock(shard.mutex);
        const auto [found, isNew]
            = shard.numbers.try_emplace(std::string(text), static_cast<std::uint32_t>(shard.numbers.size()));
        if (isNew) {
            m_count.fetch_add(1, std::memory_order_relaxed);
        }
        return static_cast<std::uint32_t>(found->second * kShards + place);
    }
    bool areTooMany() const { return m_count.load(std::memory_order_relaxed) > kMostTexts; }

    /// By the number that add() gave: its place among all.
    std::vector<std::uint32_t> ranks() const
    {
        std::vector<std::pair<std::string_view, std::uint32_t>> all;
        std::size_t largest = 0;
        for (std::size_t place = 0; place < kShards; ++place) {
            for (const auto& [text, number] : m_shards[place].numbers) {
                all.emplace_back(text, static_cast<std::uint32_t>(number * kShards + place));
            }
            largest = std::max(largest, m_shards[place].numbers.size());
        }
        std::ranges::sort(all);
        std::vector<std::uint32_t> ranks(largest * kShards);
        for (std::size_t i = 0; i < all.size(); ++i) {
            ranks[all[i].second] = static_cast<std::uint32_t>(i);
        }
        return ranks;
    }

private:
    struct Shard {
        std::mutex mutex;
        std::unordered_map<std::string, std::uint32_t> numbers;
    };
    std::array<Shard, kShards> m_shards;
    std::atomic<std::size_t> m_count{0};
};

bool FieldOrder::makeKeys(
    std::span<const std::uint32_t> rows, std::vector<std::uint64_t>& keys, ScanCrew& crew, const std::stop_token& stop)
{
    keys.resize(rows.size());
    const std::size_t blocks = (rows.size() + kBlock - 1) / kBlock;
    std::deque<RowFieldReader> readers;
    for (unsigned i = 0; i < crew.size(); ++i) {
        readers.emplace_back(m_log);
    }
    for (m_ranked = true;; m_ranked = false) {
        Texts texts;
        if (m_read != nullptr) {
            m_read->store(0, std::memory_order_relaxed);
        }
        crew.run(blocks, [&](std::size_t block, unsigned worker) {
            if (stop.stop_requested() || (m_ranked && texts.areTooMany())) {
                return;
            }
            const EventLog::Hold hold = m_log.hold();
            const std::size_t end = std::min((block + 1) * kBlock, rows.size());
            for (std::size_t i = block * kBlock; i < end; ++i) {
                const auto value = readers[worker].value(rows[i], m_field);
                if (!value) {
                    keys[i] = kNothing;
                    continue;
                }
                switch (value->type()) {
                case FilterType::Boolean: keys[i] = tagged(kBoolean, value->asBoolean() ? 1 : 0); break;
                case FilterType::Integer: keys[i] = keyOfNumber(FilterNumber(value->asInteger())); break;
                case FilterType::Number: keys[i] = keyOfNumber(value->asNumber()); break;
                case FilterType::String:
                    keys[i] = m_ranked ? tagged(kText, texts.add(value->asText())) : keyOfBeginning(value->asText());
                    break;
                }
            }
            if (m_read != nullptr) {
                m_read->fetch_add(end - block * kBlock, std::memory_order_relaxed);
            }
        });
        if (stop.stop_requested()) {
            return false;
        }
        if (m_ranked && texts.areTooMany()) {
            continue; // once more, by their beginnings
        }
        if (m_ranked) {
            const std::vector<std::uint32_t> ranks = texts.ranks();
            crew.run(blocks, [&](std::size_t block, unsigned) {
                const std::size_t end = std::min((block + 1) * kBlock, rows.size());
                for (std::size_t i = block * kBlock; i < end; ++i) {
                    if (keys[i] != kNothing && keys[i] >> kTagShift == kText) {
                        keys[i] = tagged(kText, ranks[keys[i] & kValueMask]);
                    }
                }
            });
        }
        return !stop.stop_requested();
    }
}

bool FieldOrder::mayDiffer(std::uint64_t key) const
{
    switch (key >> kTagShift) {
    case kNumber: return (key & kLong) != 0;
    case kText: return !m_ranked;
    default: return false;
    }
}

int FieldOrder::compare(LogRow a, LogRow b) const
{
    RowFieldReader first(m_log), second(m_log);
    const auto x = first.value(a, m_field);
    const auto y = second.value(b, m_field);
    if (!x || !y) {
        return x ? -1 : y ? 1 : 0;
    }
    if (x->type() == FilterType::String && y->type() == FilterType::String) {
        return x->asText().compare(y->asText());
    }
    const auto number = [](const FilterValue& value) {
        return value.type() == FilterType::Number ? value.asNumber()
            : value.type() == FilterType::Integer ? FilterNumber(value.asInteger())
                                                  : FilterNumber();
    };
    const auto order = number(*x) <=> number(*y);
    return order < 0 ? -1 : order > 0 ? 1 : 0;
}

} // namespace eventscope::core
