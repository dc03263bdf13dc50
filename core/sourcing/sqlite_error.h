// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"

#include <string>
#include <string_view>

struct sqlite3;

namespace eventscope::core {

/// The one place where SQLite's result codes become ours. Takes the extended result code, errno of
/// the system call behind it (0: unknown), the file's path and SQLite's own words.
Error translateSqliteError(int code, int systemError, std::string_view path, std::string_view detail);

/// The latest failure of a connection.
Error sqliteError(sqlite3* handle);

/// The same for a COMMIT that failed: InDoubt when the disk may have all of the transaction nevertheless, so
/// that the next opening after a crash would find it.
Error sqliteCommitError(sqlite3* handle);

/// For a failing system call on the file itself.
Error fileError(int systemError, std::string_view path);

} // namespace eventscope::core
