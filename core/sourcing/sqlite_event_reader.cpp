// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/sqlite_event_reader.h"

#include <cstddef>
#include <cstdint>

#include <fmt/format.h>

namespace eventscope::core {

namespace {

constexpr std::array<std::array<char, 2>, 256> hexPairs()
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::array<std::array<char, 2>, 256> pairs{};
    for (std::size_t byte = 0; byte < pairs.size(); ++byte)
        pairs[byte] = {kDigits[byte >> 4], kDigits[byte & 0x0f]};
    return pairs;
}

constexpr auto kHexPairs = hexPairs();
// Where each of the 16 bytes stands in the text.
constexpr std::array<std::uint8_t, 16> kPlaces{0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34};

} // namespace

Result<const std::string*> SqliteEventReader::name(NameTable& table, std::int64_t id, std::string_view sql)
{
    if (const std::string* known = table.find(id); known != nullptr)
        return known;
    const auto select = m_connection.prepared(sql);
    if (!select)
        return std::unexpected(select.error());
    const auto row = (*select)->bind(1, id).step();
    if (!row)
        return std::unexpected(row.error());
    const std::string* const found = *row ? table.put(id, (*select)->text(0)) : nullptr;
    (*select)->reset();
    if (found == nullptr)
        return fail(ErrorCode::Corrupt,
            fmt::format("The store is damaged: an event refers to name {}, which is not there; restore it from a "
                        "backup.",
                id));
    return found;
}

std::string_view SqliteEventReader::idOf(const SqliteStatement& row)
{
    const std::string_view bytes = row.text(3);
    if (!row.isBlob(3) || bytes.size() != kPlaces.size())
        return bytes;
    m_uuid[8] = m_uuid[13] = m_uuid[18] = m_uuid[23] = '-';
    for (std::size_t i = 0; i < kPlaces.size(); ++i) {
        const auto& pair = kHexPairs[static_cast<std::uint8_t>(bytes[i])];
        m_uuid[kPlaces[i]] = pair[0];
        m_uuid[kPlaces[i] + std::size_t{1}] = pair[1];
    }
    return {m_uuid.data(), m_uuid.size()};
}

Result<const std::string*> SqliteEventReader::streamOf(const SqliteStatement& row)
{
    return name(m_streams, row.integer(1), "SELECT name FROM streams WHERE id = ?1");
}

Result<EventView> SqliteEventReader::eventOf(const SqliteStatement& row, const std::string& stream)
{
    const auto type = name(m_types, row.integer(4), "SELECT name FROM event_types WHERE id = ?1");
    if (!type)
        return std::unexpected(type.error());
    return EventView{.stream = stream,
        .version = {row.integer(2)},
        .position = {row.integer(0)},
        .id = idOf(row),
        .type = **type,
        .time = sqliteTime(row.integer(5)),
        .data = row.text(7),
        .metadata = row.text(6)};
}

Result<RecordedEvent> SqliteEventReader::recordedOf(const SqliteStatement& row)
{
    const auto stream = streamOf(row);
    if (!stream)
        return std::unexpected(stream.error());
    const auto event = eventOf(row, **stream);
    if (!event)
        return std::unexpected(event.error());
    return event->toRecorded();
}

} // namespace eventscope::core
