// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/clock.h"
#include "file_event.h"
#include "file_tally.h"
#include "inspect/event_batch.h"
#include "inspect/source.h"
#include "record_reader.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace eventscope::file {

/// Delivers a file's events as it grows, and goes on with the file that replaces it, or from its
/// beginning when it was cut short. // one thread
class FileFollower {
public:
    struct Options {
        const std::string& name;
        const std::string& path;
        SourceName sourceName;
        std::size_t batch;
        std::chrono::milliseconds poll;
    };
    /// `cursor` says after every delivery how far it got.
    FileFollower(Options options, core::Clock& clock, FileTally& tally, core::EventSink& sink, std::string& cursor)
        : m_options(options)
        , m_clock(clock)
        , m_tally(tally)
        , m_sink(sink)
        , m_cursor(cursor)
        , m_events(options.name, options.sourceName)
    {
    }

    using Open = std::function<core::Result<RecordReader>()>;
    core::Status run(const core::FollowStart& start, const Open& open, std::stop_token stop);

private:
    enum class Outcome { GoOn, Stop };

    core::Status begin(const core::FollowStart& start, const Open& open, const std::stop_token& stop);
    core::Status skipAll(const std::stop_token& stop);
    core::Result<Outcome> readAll(RecordReader::Tail wanted, const std::stop_token& stop);
    core::Status openAgain(std::string_view because);
    core::Result<bool> reopenIfReplaced(const std::stop_token& stop);
    bool isWanted(const core::SourceEvent& event) const;
    bool flush();
    bool waitForMore(const std::stop_token& stop);

    const Options m_options;
    core::Clock& m_clock;
    FileTally& m_tally;
    core::EventSink& m_sink;
    std::string& m_cursor;
    FileEventReader m_events;
    core::EventBatch m_batch;
    std::optional<RecordReader> m_reader;
    core::FollowStart m_start;
    bool m_isPastStart = false; ///< everything is wanted: the file is not the one that `start` spoke of
};

} // namespace eventscope::file
