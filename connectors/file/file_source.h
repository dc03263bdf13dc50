// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/clock.h"
#include "file_event.h"
#include "file_tally.h"
#include "inspect/source.h"
#include "record_reader.h"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace eventscope::file {

/// Events in a file: NDJSON as this program writes it, CloudEvents (structured, in a batch), any JSON
/// texts one a line, one after another or in one array; plain, gzip or zstd; a growing file is
/// followed, and what replaces it. Streamed: a file of any size needs little memory.
///
/// An event's position is its own where the file says one, else the number of its line (in an array:
/// of its element). A record that cannot be read is an event with the reason.
///
/// Standard input ("-") and pipes can be read once: whatever looks first has it.
class FileSource final : public core::Source {
public:
    struct Options {
        std::chrono::milliseconds poll{250}; ///< how often a file is looked at for more
        std::size_t batch = 512;             ///< events a delivery
        SourceName sourceName = SourceName::OfFile;
        /// False: catalog() and probe() know what was read so far, and read nothing by themselves.
        bool catalogReads = true;
    };
    /// Unreachable when the file is not there or may not be read. `clock` must outlive the source.
    static core::Result<std::unique_ptr<FileSource>> open(
        std::string name, std::string path, core::Clock& clock, Options options);

    const std::string& name() const override { return m_name; }
    core::Capabilities capabilities() const override;
    core::Result<std::vector<core::CatalogEntry>> catalog(std::stop_token stop) override;
    core::Result<core::ScanReceipt> read(
        const core::ReadRange& range, core::EventSink& sink, std::stop_token stop) override;
    core::Status follow(const core::FollowStart& start, core::EventSink& sink, std::stop_token stop) override;
    std::string cursor() const override { return m_cursor; }
    core::Result<core::Probe> probe(std::stop_token stop) override;

private:
    FileSource(std::string name, std::string path, core::Clock& clock, Options options, FileBytes bytes);

    core::Result<RecordReader> fromBeginning();
    core::Status tallyRest(std::stop_token stop);

    const std::string m_name;
    const std::string m_path;
    core::Clock& m_clock;
    const Options m_options;
    const bool m_isRegular;
    std::optional<FileBytes> m_first; ///< opened, not used yet
    FileTally m_tally;
    std::string m_cursor;
};

} // namespace eventscope::file
