// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_rows.h"

#include "event/ids.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <limits>

#include <endian.h>

namespace eventscope::postgres {

namespace {

// From 1970 to 2000, where PostgreSQL counts from.
constexpr std::chrono::microseconds kEpoch = std::chrono::seconds(946'684'800);

std::string_view jsonbText(std::string_view bytes)
{
    return bytes.empty() ? bytes : bytes.substr(1); // a version number goes before
}

} // namespace

std::int64_t bigEndian(std::string_view bytes)
{
    // Columns of eight and four bytes are nearly all there are.
    if (bytes.size() == sizeof(std::uint64_t)) {
        std::uint64_t wide = 0;
        std::memcpy(&wide, bytes.data(), sizeof wide);
        return static_cast<std::int64_t>(be64toh(wide));
    }
    if (bytes.size() == sizeof(std::uint32_t)) {
        std::uint32_t narrow = 0;
        std::memcpy(&narrow, bytes.data(), sizeof narrow);
        return static_cast<std::int32_t>(be32toh(narrow));
    }
    std::uint64_t value = !bytes.empty() && static_cast<signed char>(bytes.front()) < 0 ? ~std::uint64_t{0} : 0;
    for (const char byte : bytes)
        value = value << 8 | static_cast<unsigned char>(byte);
    return static_cast<std::int64_t>(value);
}

std::optional<core::Timestamp> timestampOf(std::string_view bytes)
{
    const std::int64_t value = bigEndian(bytes);
    if (bytes.size() != 8 || value == std::numeric_limits<std::int64_t>::min()
        || value > std::numeric_limits<std::int64_t>::max() - kEpoch.count())
        return std::nullopt;
    return core::Timestamp(std::chrono::microseconds(value) + kEpoch);
}

core::RecordedEvent recordedFrom(const PgTable& table, std::size_t row)
{
    core::EventView event;
    event.position.value = table.integer(row, 0);
    event.id = table.text(row, 1);
    event.stream = table.text(row, 2);
    event.type = table.text(row, 3);
    event.version.value = table.integer(row, 4);
    event.data = table.text(row, 5);
    event.metadata = table.text(row, 6);
    event.time = core::parseTimestamp(table.text(row, 7)).value_or(core::Timestamp{});
    const auto written = asWrittenOf(event.metadata);
    if (written) {
        event.id = written->id ? std::string_view(*written->id) : event.id;
        event.data = written->data ? std::string_view(*written->data) : event.data;
        event.metadata = written->metadata;
    }
    return event.toRecorded();
}

core::EventView EventRows::at(int row)
{
    core::EventView event;
    event.position.value = bigEndian(m_rows.bytes(row, 0));
    if (const std::string_view id = m_rows.bytes(row, 1); id.size() == core::Uuid().size()) {
        core::Uuid uuid{};
        std::ranges::copy(id, uuid.begin());
        m_id = core::formatUuid(uuid);
    }
    event.stream = m_rows.bytes(row, 2);
    event.type = m_rows.bytes(row, 3);
    event.version.value = bigEndian(m_rows.bytes(row, 4));
    event.data = jsonbText(m_rows.bytes(row, 5));
    event.metadata = m_rows.isNull(row, 6) ? std::string_view() : jsonbText(m_rows.bytes(row, 6));
    event.time = timestampOf(m_rows.bytes(row, 7)).value_or(core::Timestamp{});
    event.id = m_id;
    m_written = asWrittenOf(event.metadata);
    if (m_written) {
        event.id = m_written->id ? std::string_view(*m_written->id) : event.id;
        event.data = m_written->data ? std::string_view(*m_written->data) : event.data;
        event.metadata = m_written->metadata;
    }
    return event;
}

} // namespace eventscope::postgres
