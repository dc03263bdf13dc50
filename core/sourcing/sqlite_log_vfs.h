// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace eventscope::core {

/// The name of an SQLite VFS for the writer's connection, nullptr when it cannot be had.
///
/// SQLite appends every changed page to the "-wal" file with two small writes, which for a
/// transaction over many streams is half of what it costs. This one gathers them and hands them on in
/// large pieces, at the latest before the frame that commits: whatever a reader may be told of, or a
/// sync may be asked for, is in the file by then. All else goes straight to the system's VFS, with
/// which locks and shared memory stay the same as for other connections. // any thread
const char* sqliteLogVfs();

} // namespace eventscope::core
