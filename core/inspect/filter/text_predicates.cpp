// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/text_predicates.h"

#include "inspect/filter/column_scan.h"
#include "inspect/filter/filter_regex.h"
#include "inspect/filter/record_scan.h"
#include "inspect/log_storage.h"

#include <algorithm>
#include <string_view>
#include <type_traits>
#include <utility>

namespace eventscope::core {

namespace {

constexpr std::size_t kUuidLength = 36;

bool mayBeInUuid(std::string_view text)
{
    return text.size() <= kUuidLength && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == '-';
    });
}

} // namespace

SearchPredicate::SearchPredicate(std::string text, const EventLog& log)
    : LogPredicate(kCost, false)
    , m_log(log)
    , m_search(std::move(text))
    , m_mayBeInUuid(mayBeInUuid(m_search.needle()))
    , m_row(log)
{
}

FilterMatch SearchPredicate::test(LogRow row)
{
    for (const TextId id : {m_log.sourceAt(row), m_log.typeAt(row), m_log.streamAt(row), m_log.correlationAt(row)}) {
        if (m_search.foundIn(m_log.text(id)))
            return FilterMatch::Yes;
    }
    if (m_search.foundIn(m_log.payloadAt(row)))
        return FilterMatch::Yes;
    m_row.setRow(row);
    return matchOf(m_row.containsTextInRest(m_search.needle()));
}

/// Of everything that many rows share, whether the text is in it: once for each.
/// Texts are numbered as they come, so rows need those of their own time and before: the first rows of a large log
/// can be decided about long before all of its texts are known.
std::uint32_t SearchPredicate::textsOf(LogRow from, std::size_t rows) const
{
    const LogStorage& storage = m_log.storage();
    const LogChunk& chunk = storage.chunkOf(from);
    const auto base = static_cast<std::size_t>(from % LogChunk::kRows);
    TextId last = 0;
    for (std::size_t row = base; row < base + rows; ++row)
        last = std::max({last, chunk.stream[row], chunk.correlation[row]});
    const auto takeNames = [&last](const auto& names) {
        using Names = std::remove_cvref_t<decltype(names)>;
        const std::size_t count = names.count();
        for (std::size_t place = 0; place < count; ++place)
            last = std::max(last, names.at(static_cast<typename Names::Place>(place)));
        return count < Names::kElsewhere;
    };
    const bool areAllNamed = takeNames(storage.sources) && takeNames(storage.types) && takeNames(storage.headerNames);
    return areAllNamed ? last + 1 : storage.texts.count();
}

void SearchPredicate::learnTexts(std::uint32_t texts)
{
    const LogStorage& storage = m_log.storage();
    if (texts > m_learntTexts) {
        storage.texts.findContaining(m_search, m_learntTexts, texts, [this, texts](std::uint32_t id) {
            m_texts.resize(texts);
            m_texts[id] = true;
            m_anyText = true;
        });
        m_learntTexts = texts;
    }
    const auto names = storage.headerNames.count();
    for (; m_learntNames < names; ++m_learntNames)
        m_inHeaderName = m_inHeaderName || hasText(storage.headerNames.at(static_cast<std::uint16_t>(m_learntNames)));
    m_inHeaderName = m_inHeaderName || names == decltype(storage.headerNames)::kElsewhere;
    const std::uint32_t sets = storage.headerSetCount.load(std::memory_order_acquire);
    for (; m_learntSets < sets; ++m_learntSets)
        m_inHeaderSet = m_inHeaderSet || m_search.foundIn(storage.texts.text(storage.headerSets[m_learntSets + 1]));
}

void SearchPredicate::takeColumns(LogRow from, RowMask& left, RowMask& found) const
{
    if (!m_anyText)
        return;
    const LogChunk& chunk = m_log.storage().chunkOf(from);
    const auto base = static_cast<std::size_t>(from % LogChunk::kRows);
    const auto take = [&](const auto* column, auto holds) {
        RowMask hits = left;
        keepIf(column, holds, hits);
        found |= hits;
        left.without(hits);
    };
    take(chunk.stream.data() + base, [this](TextId id) { return hasText(id); });
    take(chunk.correlation.data() + base, [this](TextId id) { return hasText(id); });
    left.forEach([&](std::size_t row) {
        if (hasText(m_log.typeAt(from + row)) || hasText(m_log.sourceAt(from + row))) {
            found.add(row);
            left.remove(row);
        }
    });
}

/// Whether rows of the chunk may contain the text without having its bytes in their record.
bool SearchPredicate::mayLieElsewhere(const LogChunk& chunk) const
{
    const unsigned kinds = chunk.kinds.load(std::memory_order_relaxed);
    const auto has = [kinds](unsigned wanted) { return (kinds & wanted) != 0; };
    return has(LogChunk::kEarlierText) || (m_mayBeInUuid && has(LogChunk::kPackedId | LogChunk::kEarlierUuid))
        || (m_inHeaderName && has(LogChunk::kHeaders | LogChunk::kHeaderSet))
        || (m_inHeaderSet && has(LogChunk::kHeaderSet));
}

void SearchPredicate::scanRecords(LogRow from, RowMask& left, RowMask& found)
{
    const RecordScan scan(m_log.storage(), m_search, from);
    scan.scan(left, [&](std::size_t row, const char* begin, const char* end, const char* hit) {
        if (hit >= readRecord(begin, end).payload.data() || test(from + row) == FilterMatch::Yes)
            found.add(row);
        return true;
    });
    left.without(found);
    scan.forEachOutside(left, [&](std::size_t row) {
        if (test(from + row) == FilterMatch::Yes)
            found.add(row);
    });
}

void SearchPredicate::decide(LogRow from, RowMask& rows, RowMask& errors)
{
    learnTexts(textsOf(from, rows.rows()));
    RowMask left = rows;
    RowMask found(rows.rows());
    takeColumns(from, left, found);
    if (m_search.needle().empty()) {
        return; // everywhere
    }
    if (mayLieElsewhere(m_log.storage().chunkOf(from))) {
        decideEach(*this, from, left, errors);
        found |= left;
    } else {
        scanRecords(from, left, found);
    }
    rows = found;
}

PayloadPredicate::PayloadPredicate(bool negated, LogPredicatePtr exact, const EventLog& log)
    : LogPredicate(kCost, true), m_log(log), m_negated(negated), m_exact(std::move(exact))
{
}

void PayloadPredicate::decide(LogRow from, RowMask& rows, RowMask& errors)
{
    // A JSON text counts as what it says, and null is an error: such payloads are looked at one by one.
    const LogChunk& chunk = m_log.storage().chunkOf(from);
    if ((chunk.kinds.load(std::memory_order_relaxed) & LogChunk::kScalarPayload) != 0) {
        m_exact->decide(from, rows, errors);
        return;
    }
    RowMask found(rows.rows());
    find(from, rows, found);
    if (m_negated)
        rows.without(found);
    else
        rows = found;
}

template <class Scan>
void PayloadPredicate::findOutside(const Scan& scan, LogRow from, const RowMask& rows, RowMask& found) const
{
    scan.forEachOutside(rows, [&](std::size_t row) {
        if (matches(m_log.payloadAt(from + row)))
            found.add(row);
    });
}

PayloadTextPredicate::PayloadTextPredicate(std::string text, bool negated, LogPredicatePtr exact, const EventLog& log)
    : PayloadPredicate(negated, std::move(exact), log), m_search(std::move(text))
{
}

void PayloadTextPredicate::find(LogRow from, const RowMask& rows, RowMask& found)
{
    const RecordScan scan(m_log.storage(), m_search, from);
    scan.scan(rows, [&](std::size_t row, const char* begin, const char* end, const char* hit) {
        const bool isInPayload = hit >= readRecord(begin, end).payload.data(); // not in an id or a header
        if (isInPayload)
            found.add(row);
        return isInPayload;
    });
    findOutside(scan, from, rows, found);
}

PayloadRegexPredicate::PayloadRegexPredicate(
    std::shared_ptr<const FilterRegex> regex, bool negated, LogPredicatePtr exact, const EventLog& log)
    : PayloadPredicate(negated, std::move(exact), log), m_regex(std::move(regex))
{
}

bool PayloadRegexPredicate::matches(std::string_view payload) const
{
    return m_regex->foundIn(payload);
}

/// Of the regex's sequences, the one that gives the least work in what is there.
void PayloadRegexPredicate::chooseSequence(LogRow from, std::size_t rows)
{
    constexpr std::size_t kPrefixWork = 1; // the regex is tried where it begins, else over the whole payload
    constexpr std::size_t kOtherWork = 4;
    std::size_t least = 0;
    for (const RegexSequence& sequence : m_regex->sequences()) {
        SequenceSearch search(sequence.bytes);
        const std::string_view sample = RecordScan(m_log.storage(), search, from).sample(rows);
        search.adaptTo(sample);
        std::size_t work = 0;
        const char* const end = sample.data() + sample.size();
        for (const char* at = search.find(sample.data(), end); at != nullptr; at = search.find(at + 1, end))
            work += sequence.isPrefix || sequence.isWhole ? kPrefixWork : kOtherWork;
        if (m_sequence == nullptr || work < least) {
            m_sequence = &sequence;
            m_search = std::move(search);
            least = work;
        }
    }
}

bool PayloadRegexPredicate::matchesAt(std::string_view payload, const char* hit) const
{
    if (m_sequence->isWhole)
        return true;
    return m_sequence->isPrefix ? m_regex->foundAt(payload, static_cast<std::size_t>(hit - payload.data()))
                                : m_regex->foundIn(payload);
}

void PayloadRegexPredicate::find(LogRow from, const RowMask& rows, RowMask& found)
{
    if (m_sequence == nullptr)
        chooseSequence(from, rows.rows());
    if (m_sequence == nullptr) {
        rows.forEach([&](std::size_t row) {
            if (matches(m_log.payloadAt(from + row)))
                found.add(row);
        });
        return;
    }
    const RecordScan scan(m_log.storage(), *m_search, from);
    scan.scan(rows, [&](std::size_t row, const char* begin, const char* end, const char* hit) {
        const std::string_view payload = readRecord(begin, end).payload;
        if (hit < payload.data())
            return false; // an id or a header
        const bool matches = matchesAt(payload, hit);
        if (matches)
            found.add(row);
        return matches || !m_sequence->isPrefix;
    });
    findOutside(scan, from, rows, found);
}

} // namespace eventscope::core
