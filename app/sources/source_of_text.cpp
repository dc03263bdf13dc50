// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/source_of_text.h"

#include "inspect/capture_file.h"

#include <string>

namespace eventscope::app {

core::Result<core::SourceUrl> sourceOfText(std::string_view text)
{
    auto url = core::parseSourceUrl(text);
    if (url) {
        return url;
    }
    const std::string path(text);
    const core::FileKind kind = core::kindOfFile(path);
    if (kind == core::FileKind::Missing) {
        return url;
    }
    core::SourceUrl file;
    file.scheme = kind == core::FileKind::Store ? core::SourceScheme::Sqlite : core::SourceScheme::File;
    file.path = path;
    return file;
}

} // namespace eventscope::app
