// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event_form.h"
#include "inspect/source_event.h"
#include "metadata_keys.h"
#include "pg_rows.h"
#include "store_layout.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::postgres {

/// One row's fields as they arrived, in the order of StoreLayout's columns; nullopt is NULL.
using WireRow = std::array<std::optional<std::string_view>, kEventFields>;

/// Cuts a message of COPY … (FORMAT binary) into fields. False for its header alone and its end.
bool cutCopyRow(std::string_view message, std::size_t columns, WireRow& row);

/// Turns rows of a layout into source events. What the store's metadata say of correlation and causation
/// becomes columns, the rest headers. Views end with the row, and with the next call.
/// // one thread at a time
class LayoutReader {
public:
    LayoutReader(const StoreLayout& layout, std::string source);

    std::size_t columns() const { return m_columns; }
    const core::SourceEvent& read(const WireRow& row);
    const core::SourceEvent& read(const PgRows& rows, int row);

private:
    std::string_view textOf(EventField field, std::string_view bytes, std::string& scratch) const;
    void readTime(std::string_view bytes);
    void readMetadata(std::string_view json);
    void readOurs(std::string_view json);
    void complain(std::string_view what);

    const StoreLayout& m_layout;
    const std::string m_source;
    std::size_t m_columns = 0;
    std::array<std::size_t, kEventFields> m_place{}; // of a field among the columns
    MetadataKeys m_keys;
    core::SourceEvent m_event;
    std::vector<core::HeaderView> m_headers;
    std::string m_id, m_stream, m_correlation, m_causation, m_problem;
    std::vector<std::string> m_texts; // of metadata that had to be unescaped
    std::optional<AsWritten> m_written;
    core::Metadata m_ours;
};

} // namespace eventscope::postgres
