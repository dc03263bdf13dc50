// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/bell.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace eventscope::core {

/// The rows of a log that somebody marked, each with a note or none. Few: they are for people. // any thread
class EventMarks {
public:
    using Row = std::uint64_t; ///< LogRow

    struct Mark {
        Row row = 0;
        std::string note; ///< UTF-8; empty: only a mark
        bool operator==(const Mark&) const = default;
    };

    void set(Row row, std::string note);
    /// False when there was none.
    bool remove(Row row);
    void clear();

    bool has(Row row) const;
    std::optional<std::string> note(Row row) const; ///< nothing: the row has no mark
    std::size_t count() const;
    std::vector<Mark> all() const;                     ///< by row
    std::vector<Mark> between(Row from, Row to) const; ///< of rows from <= row < to
    /// Of rows after (before) this one; `row` itself counts for nothing.
    std::optional<Row> next(Row row) const;
    std::optional<Row> previous(Row row) const;
    /// The first mark at this row or after it.
    std::optional<Row> firstFrom(Row row) const;
    /// Of rows before `row`: they are no more.
    void forgetBefore(Row row);

    /// Goes up with every change.
    std::uint64_t revision() const;
    /// Calls `bell` after changes, on the changing thread; it must only signal. Ends with the handle.
    [[nodiscard]] std::shared_ptr<void> onChanged(std::function<void()> bell) const;

private:
    mutable std::mutex m_mutex;
    std::map<Row, std::string> m_notes;
    std::uint64_t m_revision = 0;
    mutable Bell m_bell;
};

} // namespace eventscope::core
