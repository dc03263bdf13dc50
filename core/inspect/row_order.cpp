// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/row_order.h"

#include "inspect/field_order.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <span>
#include <string_view>
#include <utility>

namespace eventscope::core {

namespace {

/// What is compared first: the whole value, or the beginning of one that is longer.
struct Keyed {
    std::uint64_t key = 0;
    std::uint32_t row = 0;
};

constexpr std::size_t kBlock = std::size_t{1} << 15;
constexpr std::uint64_t kNothing = std::numeric_limits<std::uint64_t>::max();

/// Keeps the order of signed numbers, and leaves the last key to what is not there.
std::uint64_t keyOfNumber(std::int64_t number)
{
    const std::uint64_t key = static_cast<std::uint64_t>(number) ^ (std::uint64_t{1} << 63);
    return std::min(key, kNothing - 1);
}

/// The first eight bytes; a text that is all of them and more is compared as a whole later.
std::uint64_t keyOfText(std::string_view text)
{
    std::uint64_t key = 0;
    for (std::size_t i = 0; i < 8; ++i)
        key = key << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0U);
    return std::min(key, kNothing - 1);
}

class Sorter {
public:
    Sorter(const EventLog& log, const RowOrder& order, const std::stop_token& stop, ScanCrew& crew,
        std::atomic<std::uint64_t>* read)
        : m_log(log), m_order(order), m_stop(stop), m_crew(crew)
    {
        if (m_order.by == OrderBy::Field)
            m_field.emplace(log, *m_order.field, read);
    }

    std::optional<std::vector<std::uint32_t>> sort(std::vector<std::uint32_t> rows)
    {
        if (isText() && !rankTexts(rows))
            return std::nullopt;
        std::vector<std::uint64_t> fieldKeys;
        if (m_field && !m_field->makeKeys(rows, fieldKeys, m_crew, m_stop))
            return std::nullopt;
        std::vector<Keyed> keyed(rows.size());
        forEachBlock(rows.size(), [&](std::size_t begin, std::size_t end) {
            const EventLog::Hold hold = m_log.hold();
            for (std::size_t i = begin; i < end; ++i)
                keyed[i] = {m_field ? fieldKeys[i] : keyOf(rows[i]), rows[i]};
        });
        fieldKeys = {};
        const bool isText = m_order.by == OrderBy::Payload || m_order.by == OrderBy::Id;
        const auto isLong = [this, isText](std::uint64_t key) { return m_field ? m_field->mayDiffer(key) : isText; };
        const auto before = [this, isLong, descending = m_order.descending](const Keyed& a, const Keyed& b) {
            if (a.key != b.key) {
                if (a.key == kNothing || b.key == kNothing)
                    return b.key == kNothing;
                return descending ? b.key < a.key : a.key < b.key;
            }
            if (a.key != kNothing && isLong(a.key)) {
                if (const int rest = compareRest(a.row, b.row); rest != 0)
                    return descending ? rest > 0 : rest < 0;
            }
            return a.row < b.row;
        };
        if (!sortKeyed(keyed, before))
            return std::nullopt;
        for (std::size_t i = 0; i < rows.size(); ++i)
            rows[i] = keyed[i].row;
        return rows;
    }

private:
    bool isText() const
    {
        return m_order.by == OrderBy::Source || m_order.by == OrderBy::Stream || m_order.by == OrderBy::Type
            || m_order.by == OrderBy::Correlation;
    }

    TextId textOf(LogRow row) const
    {
        switch (m_order.by) {
        case OrderBy::Source: return m_log.sourceAt(row);
        case OrderBy::Stream: return m_log.streamAt(row);
        case OrderBy::Type: return m_log.typeAt(row);
        default: return m_log.correlationAt(row);
        }
    }

    /// The place of each text that occurs among all of them: compared once, not once a row.
    bool rankTexts(std::span<const std::uint32_t> rows)
    {
        std::vector<bool> occurs;
        std::vector<Keyed> texts;
        for (const std::uint32_t row : rows) {
            const TextId id = textOf(row);
            if (id >= occurs.size())
                occurs.resize(std::max<std::size_t>(id + std::size_t{1}, 2 * occurs.size()));
            if (!occurs[id]) {
                occurs[id] = true;
                texts.push_back({keyOfText(m_log.text(id)), id});
            }
            if (row % kBlock == 0 && m_stop.stop_requested())
                return false;
        }
        const bool sorted = sortKeyed(texts, [this](const Keyed& a, const Keyed& b) {
            return a.key != b.key ? a.key < b.key : m_log.text(a.row) < m_log.text(b.row);
        });
        m_ranks.resize(occurs.size());
        for (std::size_t i = 0; i < texts.size(); ++i)
            m_ranks[texts[i].row] = static_cast<std::uint32_t>(i);
        return sorted;
    }

    std::uint64_t keyOf(LogRow row) const
    {
        const auto ofNumber
            = [](std::int64_t number) { return number == SourceEvent::kNone ? kNothing : keyOfNumber(number); };
        switch (m_order.by) {
        case OrderBy::Time: {
            const Timestamp time = m_log.timeAt(row);
            return time == Timestamp{} && !m_log.at(row).hasTime ? kNothing
                                                                 : keyOfNumber(time.time_since_epoch().count());
        }
        case OrderBy::Version: return ofNumber(m_log.at(row).version);
        case OrderBy::Position: return ofNumber(m_log.at(row).position);
        case OrderBy::Partition: {
            const std::int32_t partition = m_log.at(row).partition;
            return partition < 0 ? kNothing : keyOfNumber(partition);
        }
        case OrderBy::Payload: {
            const std::string_view payload = m_log.payloadAt(row);
            return payload.empty() ? kNothing : keyOfText(payload);
        }
        case OrderBy::Id: {
            const IdText id = m_log.idAt(row);
            return id.empty() ? kNothing : keyOfText(id.view());
        }
        default: break;
        }
        const TextId id = textOf(row);
        return id == 0 ? kNothing : m_ranks[id];
    }

    /// < 0, 0, > 0 of what the keys are only the beginning of.
    int compareRest(LogRow a, LogRow b) const
    {
        if (m_field)
            return m_field->compare(a, b);
        if (m_order.by == OrderBy::Payload)
            return m_log.payloadAt(a).compare(m_log.payloadAt(b));
        const IdText x = m_log.idAt(a);
        const IdText y = m_log.idAt(b);
        return x.view().compare(y.view());
    }

    template <class Work>
    void forEachBlock(std::size_t count, const Work& work)
    {
        m_crew.run((count + kBlock - 1) / kBlock, [&](std::size_t block, unsigned) {
            if (!m_stop.stop_requested())
                work(block * kBlock, std::min((block + 1) * kBlock, count));
        });
    }

    /// Blocks first, then these into longer ones until there is one. False: stopped.
    template <class Before>
    bool sortKeyed(std::vector<Keyed>& keyed, const Before& before)
    {
        forEachBlock(keyed.size(), [&](std::size_t begin, std::size_t end) {
            const EventLog::Hold hold = m_log.hold();
            std::sort(keyed.data() + begin, keyed.data() + end, before);
        });
        std::vector<Keyed> other(keyed.size() > kBlock ? keyed.size() : 0);
        for (std::size_t size = kBlock; size < keyed.size() && !m_stop.stop_requested(); size *= 2) {
            const std::size_t pairs = (keyed.size() + 2 * size - 1) / (2 * size);
            m_crew.run(pairs, [&](std::size_t pair, unsigned) {
                const auto at = [&](std::size_t index) { return keyed.data() + std::min(index, keyed.size()); };
                merge(at(2 * pair * size), at((2 * pair + 1) * size), at((2 * pair + 2) * size),
                    other.data() + 2 * pair * size, before);
            });
            keyed.swap(other);
        }
        return !m_stop.stop_requested();
    }

    /// As std::merge of [a, b) and [b, end), but ends soon when it is stopped.
    template <class Before>
    void merge(const Keyed* a, const Keyed* b, const Keyed* end, Keyed* out, const Before& before) const
    {
        const Keyed* const middle = b;
        while (a != middle || b != end) {
            const EventLog::Hold hold = m_log.hold();
            for (std::size_t i = 0; i < kBlock && (a != middle || b != end); ++i)
                *out++ = b == end || (a != middle && !before(*b, *a)) ? *a++ : *b++;
            if (m_stop.stop_requested())
                return;
        }
    }

    const EventLog& m_log;
    const RowOrder m_order;
    const std::stop_token& m_stop;
    ScanCrew& m_crew;
    std::optional<FieldOrder> m_field;
    std::vector<std::uint32_t> m_ranks; ///< by text
};

} // namespace

std::optional<std::vector<std::uint32_t>> orderRows(const EventLog& log, std::vector<std::uint32_t> rows,
    const RowOrder& order, const std::stop_token& stop, ScanCrew& crew, std::atomic<std::uint64_t>* read)
{
    return Sorter(log, order, stop, crew, read).sort(std::move(rows));
}

} // namespace eventscope::core
