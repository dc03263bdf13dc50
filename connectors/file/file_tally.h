// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/source.h"
#include "record_reader.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::file {

/// What was seen of a file from its beginning to a place: its streams and its last position.
class FileTally {
public:
    /// Counts the event when it is the one that follows what was counted so far.
    void take(const core::SourceEvent& event, const FilePlace& before, const FilePlace& after);
    void clear() { *this = {}; }

    const std::optional<FilePlace>& place() const { return m_place; }
    std::vector<core::CatalogEntry> catalog() const;
    std::optional<std::int64_t> lastPosition() const { return m_lastPosition; }

private:
    struct Stream {
        std::int64_t count = 0;
        std::optional<core::Timestamp> first, last;
    };
    std::map<std::string, Stream, std::less<>> m_streams;
    std::optional<FilePlace> m_place;
    std::optional<std::int64_t> m_lastPosition;
};

} // namespace eventscope::file
