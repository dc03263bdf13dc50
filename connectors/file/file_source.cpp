// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "file_source.h"

#include "file_follower.h"
#include "file_range.h"
#include "inspect/event_batch.h"

#include <fmt/format.h>

#include <utility>

namespace eventscope::file {

using core::ErrorCode;
using core::Result;

Result<std::unique_ptr<FileSource>> FileSource::open(
    std::string name, std::string path, core::Clock& clock, Options options)
{
    Result<FileBytes> bytes = FileBytes::open(path);
    if (!bytes) {
        return std::unexpected(bytes.error());
    }
    return std::unique_ptr<FileSource>(
        new FileSource(std::move(name), std::move(path), clock, options, std::move(*bytes)));
}

FileSource::FileSource(std::string name, std::string path, core::Clock& clock, Options options, FileBytes bytes)
    : m_name(std::move(name))
    , m_path(std::move(path))
    , m_clock(clock)
    , m_options(options)
    , m_isRegular(bytes.isRegular())
    , m_first(std::move(bytes))
{
}

core::Capabilities FileSource::capabilities() const
{
    return {.readRange = m_isRegular, .follow = true, .streams = true, .sagas = true};
}

Result<RecordReader> FileSource::fromBeginning()
{
    if (m_first) {
        RecordReader reader(std::move(*m_first));
        m_first.reset();
        return reader;
    }
    if (!m_isRegular || m_path == "-") {
        return core::fail(
            ErrorCode::Refused, "standard input and pipes can be read only once; save them to a file first.");
    }
    Result<FileBytes> bytes = FileBytes::open(m_path);
    if (!bytes) {
        return std::unexpected(bytes.error());
    }
    return RecordReader(std::move(*bytes));
}

Result<core::ScanReceipt> FileSource::read(const core::ReadRange& range, core::EventSink& sink, std::stop_token stop)
{
    if (range.last) {
        return core::fail(ErrorCode::Unsupported, "a file can be read from its beginning only, not from its end.");
    }
    Result<RecordReader> reader = fromBeginning();
    if (!reader) {
        return std::unexpected(reader.error());
    }
    FileEventReader events(m_name, m_options.sourceName);
    FileRange selection(range, m_options.batch, sink);
    FilePlace before = reader->place();
    while (!selection.isDone() && !selection.stopIf(stop)) {
        const auto record = reader->next(RecordReader::Tail::End);
        if (!record) {
            selection.stopBecause(record.error().message);
            break;
        }
        if (!*record) {
            if (waitForPipe(reader->bytes(), stop)) {
                continue;
            }
            selection.endReached(reader->bytes().isWhole());
            break;
        }
        const core::SourceEvent event = events.read((*record)->text, (*record)->number, (*record)->fault);
        const FilePlace after = reader->place();
        m_tally.take(event, before, after);
        before = after;
        selection.take(event, (*record)->text.size());
    }
    core::ScanReceipt receipt = selection.finish();
    if (!range.stream.empty() && receipt.complete && !selection.hasSeenStream()) {
        return core::fail(ErrorCode::NotFound, fmt::format("there is no stream '{}'.", range.stream));
    }
    return receipt;
}

/// Counts what nobody has read yet.
core::Status FileSource::tallyRest(std::stop_token stop)
{
    if (!m_options.catalogReads || (!m_isRegular && !m_first)) {
        return {};
    }
    std::optional<RecordReader> reader;
    if (m_tally.place()) {
        Result<FileBytes> bytes = FileBytes::open(m_path);
        Result<std::optional<RecordReader>> resumed
            = bytes ? RecordReader::resume(std::move(*bytes), *m_tally.place()) : std::unexpected(bytes.error());
        if (!resumed) {
            return std::unexpected(resumed.error());
        }
        reader = std::move(*resumed);
    }
    if (!reader) {
        m_tally.clear();
        Result<RecordReader> fresh = fromBeginning();
        if (!fresh) {
            return std::unexpected(fresh.error());
        }
        reader.emplace(std::move(*fresh));
    }
    FileEventReader events(m_name, m_options.sourceName);
    FilePlace before = reader->place();
    while (!stop.stop_requested()) {
        const auto record = reader->next(RecordReader::Tail::End);
        if (!record) {
            return std::unexpected(record.error());
        }
        if (!*record) {
            if (waitForPipe(reader->bytes(), stop)) {
                continue;
            }
            break;
        }
        const core::SourceEvent event = events.read((*record)->text, (*record)->number, (*record)->fault);
        const FilePlace after = reader->place();
        m_tally.take(event, before, after);
        before = after;
    }
    return {};
}

Result<std::vector<core::CatalogEntry>> FileSource::catalog(std::stop_token stop)
{
    if (const core::Status status = tallyRest(std::move(stop)); !status) {
        return std::unexpected(status.error());
    }
    return m_tally.catalog();
}

Result<core::Probe> FileSource::probe(std::stop_token stop)
{
    if (const core::Status status = tallyRest(std::move(stop)); !status) {
        return std::unexpected(status.error());
    }
    return core::Probe{.lastPosition = m_tally.lastPosition()};
}

core::Status FileSource::follow(const core::FollowStart& start, core::EventSink& sink, std::stop_token stop)
{
    FileFollower follower({.name = m_name,
                              .path = m_path,
                              .sourceName = m_options.sourceName,
                              .batch = m_options.batch,
                              .poll = m_options.poll},
        m_clock, m_tally, sink, m_cursor);
    return follower.run(
        start, [this] { return fromBeginning(); }, std::move(stop));
}

} // namespace eventscope::file
