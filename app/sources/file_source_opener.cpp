// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/file_source_opener.h"

#include "file_source.h"
#include "inspect/capture_file.h"
#include "inspect/capture_source.h"

#include <fmt/format.h>

namespace eventscope::app {

core::Result<std::unique_ptr<core::Source>> openFileSource(
    const core::SourceUrl& url, const std::string& name, FileUse use, core::Clock& clock)
{
    if (!url.options.empty()) {
        return core::fail(core::ErrorCode::InvalidArgument,
            fmt::format(
                "file: has no option '{}'; a '?' in the file's name is written %3F.", url.options.front().first));
    }
    const core::FileKind kind = core::kindOfFile(url.path);
    if (kind == core::FileKind::Store) {
        return core::fail(core::ErrorCode::Unparsable,
            fmt::format("'{}' is an event store, not a file of events; open it as sqlite:{}.", url.path, url.path));
    }
    if (kind == core::FileKind::Capture) {
        auto capture = core::CaptureSource::open(name, url.path);
        if (!capture) {
            return std::unexpected(capture.error());
        }
        return std::unique_ptr<core::Source>(std::move(*capture));
    }
    const bool isWindow = use == FileUse::Window;
    auto source = file::FileSource::open(name, url.path, clock,
        {.sourceName = isWindow ? file::SourceName::OfOwner : file::SourceName::OfFile, .catalogReads = !isWindow});
    if (!source) {
        return std::unexpected(source.error());
    }
    return std::unique_ptr<core::Source>(std::move(*source));
}

} // namespace eventscope::app
