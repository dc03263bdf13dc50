// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "record_reader.h"

#include "event/envelope/payload_content.h"

#include <fmt/format.h>

#include <charconv>
#include <utility>

namespace eventscope::file {

using core::Result;

namespace {

constexpr std::size_t kChunk = std::size_t{256} << 10;
constexpr std::size_t kLargestRecord = std::size_t{256} << 20;
constexpr std::size_t kShownOfTooLarge = std::size_t{64} << 10;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kTooLarge = "the record is larger than 256 MiB; only its beginning is shown";
constexpr std::string_view kUnfinished = "the file ends before the record does";

} // namespace

std::string FilePlace::text() const
{
    return fmt::format("{}:{}:{}:{}:{}", file.device, file.inode, offset, number, static_cast<int>(layout));
}

std::optional<FilePlace> FilePlace::parse(std::string_view text)
{
    FilePlace place;
    int layout = 0;
    const char* at = text.data();
    const char* const end = at + text.size();
    const auto read = [&](auto& field, bool isLast) {
        const auto [rest, error] = std::from_chars(at, end, field);
        const bool isGood = error == std::errc{} && (isLast ? rest == end : rest != end && *rest == ':');
        at = isGood && !isLast ? rest + 1 : rest;
        return isGood;
    };
    const bool isRead = read(place.file.device, false) && read(place.file.inode, false) && read(place.offset, false)
        && read(place.number, false) && read(layout, true);
    if (!isRead || layout < 0 || layout > static_cast<int>(FileLayout::Values)) {
        return std::nullopt;
    }
    place.layout = static_cast<FileLayout>(layout);
    return place;
}

Result<std::optional<RecordReader>> RecordReader::resume(FileBytes bytes, const FilePlace& place)
{
    if (bytes.identity() != place.file) {
        return std::nullopt;
    }
    const Result<bool> isThere = bytes.skipTo(place.offset);
    if (!isThere) {
        return std::unexpected(isThere.error());
    }
    if (!*isThere) {
        return std::nullopt;
    }
    RecordReader reader(std::move(bytes));
    reader.m_layout = place.layout;
    reader.m_splitter = RecordSplitter(place.layout, place.offset > 0);
    reader.m_number = place.number;
    reader.m_lines = std::max<std::int64_t>(place.number, 1);
    return reader;
}

FilePlace RecordReader::place() const
{
    return {m_bytes.identity(), m_bytes.offset() - (m_end - m_begin), m_number, m_layout};
}

Result<std::size_t> RecordReader::readMore()
{
    if (m_begin > 0 && m_begin >= m_end / 2) {
        m_buffer.erase(0, m_begin);
        m_end -= m_begin;
        m_begin = 0;
    }
    m_buffer.resize(std::max(m_buffer.size(), m_end + kChunk));
    const Result<std::size_t> got = m_bytes.read(std::span(m_buffer).subspan(m_end));
    m_end += got.value_or(0);
    return got;
}

bool RecordReader::findLayout(bool isAll)
{
    if (m_layout != FileLayout::Unknown) {
        return true;
    }
    if (pending().starts_with(kByteOrderMark)) {
        m_begin += kByteOrderMark.size();
    } else if (!isAll && kByteOrderMark.starts_with(pending())) {
        return false;
    }
    m_layout = layoutOf(pending(), isAll);
    m_splitter = RecordSplitter(m_layout);
    return m_layout != FileLayout::Unknown;
}

/// Of a record that was too large. True when its end was found.
bool RecordReader::skipRestOfLine()
{
    const std::size_t end = pending().find('\n');
    m_begin = end == std::string_view::npos ? m_end : m_begin + end;
    m_isSkipping = end == std::string_view::npos;
    return !m_isSkipping;
}

RecordReader::Record RecordReader::take(const RecordSplitter::Record& found, std::string_view fault)
{
    m_lines += static_cast<std::int64_t>(found.lines);
    m_number = m_layout == FileLayout::Lines ? m_lines : m_number + 1;
    const Record record{pending().substr(found.begin, found.end - found.begin), m_number, fault};
    m_begin += found.next;
    m_judged = 0;
    return record;
}

/// A last line without its end is taken when it is a whole object: more of it cannot come.
std::optional<RecordReader::Record> RecordReader::unfinishedLine()
{
    const std::string_view rest = pending();
    const std::size_t first = rest.find_first_not_of(" \t\r\n");
    const std::size_t last = rest.find_last_not_of(" \t\r\n");
    const bool mayBeWhole = m_layout == FileLayout::Lines && first != std::string_view::npos && rest[first] == '{'
        && rest[last] == '}' && m_judged != rest.size();
    m_judged = rest.size();
    if (!mayBeWhole || !core::checkJson(rest)) {
        return std::nullopt;
    }
    const auto found = m_splitter.next(rest, true);
    return found ? std::optional(take(*found, {})) : std::nullopt;
}

Result<std::optional<RecordReader::Record>> RecordReader::next(Tail tail)
{
    bool isAll = false;
    while (true) {
        const bool isReady = findLayout(isAll) && (!m_isSkipping || skipRestOfLine());
        if (isReady) {
            if (const auto found = m_splitter.next(pending(), isAll)) {
                return take(*found, found->isWhole ? std::string_view() : kUnfinished);
            }
            if (pending().size() > kLargestRecord) {
                Record record = take({.begin = 0, .end = kShownOfTooLarge, .next = m_end - m_begin}, kTooLarge);
                m_splitter = RecordSplitter(m_layout = FileLayout::Lines);
                m_isSkipping = true;
                return record;
            }
        }
        if (isAll) {
            m_begin = m_end; // white space, or the rest of what was too large
            return std::nullopt;
        }
        const Result<std::size_t> got = readMore();
        if (!got) {
            return std::unexpected(got.error());
        }
        if (*got > 0) {
            continue;
        }
        if (tail == Tail::Wait) {
            return isReady ? unfinishedLine() : std::nullopt;
        }
        isAll = true;
    }
}

} // namespace eventscope::file
