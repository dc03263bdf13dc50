// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/sequence_search.h"

#include "inspect/filter/byte_frequency.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <numeric>
#include <utility>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace eventscope::core {

namespace {

/// Of all bytes there are, by how often they are met.
unsigned commonness(const ByteClass& bytes)
{
    unsigned sum = 0;
    for (int c = 0; c < 256; ++c)
        sum += bytes.has(static_cast<char>(c)) ? 1U + frequencyOf(static_cast<char>(c)) : 0U;
    return sum;
}

} // namespace

SequenceSearch::SequenceSearch(std::vector<ByteClass> sequence)
    : m_sequence(std::move(sequence)), m_order(m_sequence.size()), m_find(fastestFind())
{
    std::iota(m_order.begin(), m_order.end(), std::size_t{0});
    adaptTo({});
}

/// The narrowest of two ranges: of the bytes as they are, and with small and large letters as one.
SequenceSearch::Test SequenceSearch::testOf(const ByteClass& bytes, std::size_t offset)
{
    Test best{.offset = offset, .width = std::numeric_limits<std::uint8_t>::max()};
    int fewest = 257;
    for (const std::uint8_t same : {std::uint8_t{0}, std::uint8_t{0x20}}) {
        int low = 255;
        int high = 0;
        for (int c = 0; c < 256; ++c) {
            if (bytes.has(static_cast<char>(c))) {
                low = std::min(low, c | same);
                high = std::max(high, c | same);
            }
        }
        const Test test{offset, same, static_cast<std::uint8_t>(low), static_cast<std::uint8_t>(high - low)};
        int passing = 0;
        for (int c = 0; c < 256; ++c)
            passing += test.holds(static_cast<char>(c)) ? 1 : 0;
        if (passing < fewest) {
            fewest = passing;
            best = test;
        }
    }
    return best;
}

void SequenceSearch::adaptTo(std::string_view sample)
{
    const std::size_t places = sample.size() < m_sequence.size() ? 0 : sample.size() - m_sequence.size() + 1;
    std::vector<std::size_t> left(places); // where the tests chosen so far hold
    std::iota(left.begin(), left.end(), std::size_t{0});
    std::vector<std::size_t> order;
    std::vector<std::size_t> open(m_sequence.size());
    std::iota(open.begin(), open.end(), std::size_t{0});
    while (!open.empty() && order.size() < kTests) {
        std::size_t best = 0;
        auto fewest = std::pair(std::numeric_limits<std::size_t>::max(), 0U);
        for (std::size_t i = 0; i < open.size(); ++i) {
            const Test test = testOf(m_sequence[open[i]], open[i]);
            const auto count = static_cast<std::size_t>(std::count_if(
                left.begin(), left.end(), [&](std::size_t place) { return test.holds(sample[place + test.offset]); }));
            const auto these = std::pair(count, commonness(m_sequence[open[i]]));
            if (these < fewest) {
                fewest = these;
                best = i;
            }
        }
        const std::size_t offset = open[best];
        open.erase(open.begin() + static_cast<std::ptrdiff_t>(best));
        m_tests[order.size()] = testOf(m_sequence[offset], offset);
        std::erase_if(left, [&](std::size_t place) { return !m_tests[order.size()].holds(sample[place + offset]); });
        order.push_back(offset);
    }
    std::fill(m_tests.begin() + static_cast<std::ptrdiff_t>(order.size()), m_tests.end(), m_tests[order.size() - 1]);
    std::stable_sort(open.begin(), open.end(),
        [this](std::size_t a, std::size_t b) { return commonness(m_sequence[a]) < commonness(m_sequence[b]); });
    m_order = std::move(order);
    m_order.insert(m_order.end(), open.begin(), open.end());
}

bool SequenceSearch::isAt(const char* place) const
{
    return std::all_of(
        m_order.begin(), m_order.end(), [&](std::size_t offset) { return m_sequence[offset].has(place[offset]); });
}

const char* SequenceSearch::findPlainly(const char* begin, const char* end) const
{
    for (const char* const last = end - m_sequence.size(); begin <= last; ++begin) {
        if (m_tests[0].holds(begin[m_tests[0].offset]) && isAt(begin))
            return begin;
    }
    return nullptr;
}

#if defined(__x86_64__)

struct SequenceSearch::Kernels {
    /// So far ahead memory is asked for: the processor itself does not look past the end of a page.
    static constexpr std::size_t kAhead = 4096;
    static constexpr std::size_t kStep = 256;

    static void fetch(const char* at)
    {
        // Behind the last byte as well: it reads nothing that could be missed.
        for (std::size_t i = 0; i < kStep; i += 64)
            _mm_prefetch(at + kAhead + i, _MM_HINT_T1);
    }

    static const char* firstMatch(const SequenceSearch& search, const char* base, std::uint64_t mask)
    {
        for (; mask != 0; mask &= mask - 1) {
            const char* const place = base + std::countr_zero(mask);
            if (search.isAt(place))
                return place;
        }
        return nullptr;
    }

    struct Test512 {
        __m512i same, low, width;
        std::size_t offset;
    };

    __attribute__((target("avx512bw"))) static Test512 wide512(const Test& test)
    {
        return {_mm512_set1_epi8(static_cast<char>(test.same)), _mm512_set1_epi8(static_cast<char>(test.low)),
            _mm512_set1_epi8(static_cast<char>(test.width)), test.offset};
    }

    __attribute__((target("avx512bw"))) static std::uint64_t hold512(
        const char* at, const Test512& test, std::uint64_t among)
    {
        const __m512i bytes = _mm512_or_si512(_mm512_loadu_si512(at + test.offset), test.same);
        return _mm512_mask_cmple_epu8_mask(among, _mm512_sub_epi8(bytes, test.low), test.width);
    }

    __attribute__((target("avx512bw"))) static const char* findAvx512(
        const SequenceSearch& search, const char* begin, const char* end)
    {
        const std::array<Test512, kTests> tests{wide512(search.m_tests[0]), wide512(search.m_tests[1]),
            wide512(search.m_tests[2]), wide512(search.m_tests[3])};
        constexpr std::uint64_t kAll = ~std::uint64_t{0};
        const char* at = begin;
        // `room` places can be looked at without a byte behind the end.
        auto room = static_cast<std::size_t>(end - begin) - search.size() + 1;
        for (; room >= kStep; room -= kStep, at += kStep) {
            fetch(at);
            std::array<std::uint64_t, kStep / 64> masks;
            std::uint64_t any = 0;
            for (std::size_t i = 0; i < masks.size(); ++i) {
                masks[i] = hold512(at + 64 * i, tests[1], hold512(at + 64 * i, tests[0], kAll));
                any |= masks[i];
            }
            if (any == 0)
                continue;
            for (std::size_t i = 0; i < masks.size(); ++i) {
                if (masks[i] == 0)
                    continue;
                const std::uint64_t left = hold512(at + 64 * i, tests[3], hold512(at + 64 * i, tests[2], masks[i]));
                if (const char* const place = firstMatch(search, at + 64 * i, left))
                    return place;
            }
        }
        return search.findPlainly(at, end);
    }

    struct Test256 {
        __m256i same, low, width;
        std::size_t offset;
    };

    __attribute__((target("avx2"))) static Test256 wide256(const Test& test)
    {
        return {_mm256_set1_epi8(static_cast<char>(test.same)), _mm256_set1_epi8(static_cast<char>(test.low)),
            _mm256_set1_epi8(static_cast<char>(test.width)), test.offset};
    }

    __attribute__((target("avx2"))) static __m256i hold256(const char* at, const Test256& test)
    {
        const __m256i loaded = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at + test.offset));
        const __m256i bytes = _mm256_sub_epi8(_mm256_or_si256(loaded, test.same), test.low);
        return _mm256_cmpeq_epi8(_mm256_min_epu8(bytes, test.width), bytes);
    }

    __attribute__((target("avx2"))) static const char* findAvx2(
        const SequenceSearch& search, const char* begin, const char* end)
    {
        const std::array<Test256, kTests> tests{wide256(search.m_tests[0]), wide256(search.m_tests[1]),
            wide256(search.m_tests[2]), wide256(search.m_tests[3])};
        const char* at = begin;
        auto room = static_cast<std::size_t>(end - begin) - search.size() + 1;
        for (; room >= kStep; room -= kStep, at += kStep) {
            fetch(at);
            for (std::size_t i = 0; i < kStep; i += 32) {
                const __m256i two = _mm256_and_si256(hold256(at + i, tests[0]), hold256(at + i, tests[1]));
                if (_mm256_testz_si256(two, two))
                    continue;
                const __m256i more = _mm256_and_si256(hold256(at + i, tests[2]), hold256(at + i, tests[3]));
                const auto mask = static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_and_si256(two, more)));
                if (const char* const place = firstMatch(search, at + i, mask))
                    return place;
            }
        }
        return search.findPlainly(at, end);
    }
};

SequenceSearch::Find SequenceSearch::fastestFind()
{
    static const Find fastest = [] {
        if (__builtin_cpu_supports("avx512bw"))
            return &Kernels::findAvx512;
        if (__builtin_cpu_supports("avx2"))
            return &Kernels::findAvx2;
        return +[](const SequenceSearch& search, const char* begin, const char* end) {
            return search.findPlainly(begin, end);
        };
    }();
    return fastest;
}

#else

SequenceSearch::Find SequenceSearch::fastestFind()
{
    return
        [](const SequenceSearch& search, const char* begin, const char* end) { return search.findPlainly(begin, end); };
}

#endif

} // namespace eventscope::core
