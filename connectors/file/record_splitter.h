// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace eventscope::file {

/// How a file is divided into events.
enum class FileLayout {
    Unknown,
    Lines,  ///< NDJSON: one JSON text a line
    Values, ///< JSON texts one after another, over any number of lines; one array of them, too
};

/// Which layout the text's beginning shows; Unknown while more of it is needed to tell. `isAll`: there
/// is no more.
FileLayout layoutOf(std::string_view beginning, bool isAll);

/// Finds the JSON texts in a stream without parsing them, whatever pieces it comes in. A text that is
/// broken inside is found as well where its brackets and quotes are in order.
class RecordSplitter {
public:
    /// `isInArray`: the text goes on inside an array that may have begun before it.
    explicit RecordSplitter(FileLayout layout, bool isInArray = false) : m_layout(layout), m_isInArray(isInArray) { }

    struct Record {
        std::size_t begin = 0, end = 0; ///< in the text given
        std::size_t next = 0;           ///< where the next one may begin
        std::size_t lines = 0;          ///< line ends before `begin`
        bool isWhole = true;            ///< false: the stream ended inside it
    };
    /// The first record of the text, which begins where the last one's `next` was. Nothing when the text
    /// ends before the record does; call again with more of the same text. `isAll`: there is no more.
    std::optional<Record> next(std::string_view text, bool isAll);

private:
    std::optional<Record> nextLine(std::string_view text, bool isAll);
    std::optional<Record> nextValue(std::string_view text, bool isAll);
    bool skipBetween(std::string_view text);
    bool scanValue(std::string_view text);
    Record finish(std::string_view text, std::size_t end, bool isWhole);

    struct State {
        std::size_t at = 0;    ///< looked at so far
        std::size_t begin = 0; ///< of the record
        std::size_t lines = 0;
        std::size_t depth = 0;
        bool isInside = false; ///< a record has begun
        bool isBare = false;   ///< a number or a word, which ends where something else begins
        bool isInString = false, isEscaped = false;
    };
    FileLayout m_layout;
    bool m_isInArray;
    State m_state;
};

} // namespace eventscope::file
