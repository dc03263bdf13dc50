// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "file_bytes.h"
#include "record_splitter.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace eventscope::file {

/// Where a reader stands, to go on there later.
struct FilePlace {
    FileIdentity file;
    std::uint64_t offset = 0; ///< behind the last record, in the unpacked bytes
    std::int64_t number = 0;  ///< of the last record
    FileLayout layout = FileLayout::Unknown;

    std::string text() const;
    static std::optional<FilePlace> parse(std::string_view text);
    bool operator==(const FilePlace&) const = default;
};

/// The records of a file one after another; holds one record and a chunk, whatever the file's size.
/// // one thread at a time
class RecordReader {
public:
    explicit RecordReader(FileBytes bytes) : m_bytes(std::move(bytes)), m_splitter(FileLayout::Unknown) { }
    /// Goes on behind that place. Nothing when the file is another one now, or shorter.
    static core::Result<std::optional<RecordReader>> resume(FileBytes bytes, const FilePlace& place);

    struct Record {
        std::string_view text;   ///< until the next call
        std::int64_t number = 0; ///< of its line in NDJSON, else of the record; from 1
        std::string_view fault;  ///< why it cannot be whole; empty mostly
    };
    enum class Tail {
        Wait, ///< the file may grow: an unfinished last record is left for later
        End,  ///< what is there is all there is
    };
    /// Nothing at the present end. An error when the bytes cannot be read or unpacked.
    core::Result<std::optional<Record>> next(Tail tail);

    FilePlace place() const;
    const FileBytes& bytes() const { return m_bytes; }

private:
    std::string_view pending() const { return std::string_view(m_buffer).substr(m_begin, m_end - m_begin); }
    core::Result<std::size_t> readMore();
    bool findLayout(bool isAll);
    bool skipRestOfLine();
    Record take(const RecordSplitter::Record& found, std::string_view fault);
    std::optional<Record> unfinishedLine();

    FileBytes m_bytes;
    RecordSplitter m_splitter;
    FileLayout m_layout = FileLayout::Unknown;
    std::string m_buffer;
    std::size_t m_begin = 0, m_end = 0; ///< what of the buffer was read and not taken
    std::size_t m_judged = 0;           ///< of an unfinished line: its size when it was last looked at
    std::int64_t m_number = 0;
    std::int64_t m_lines = 1; ///< the line that m_begin is on
    bool m_isSkipping = false;
};

} // namespace eventscope::file
