// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace eventscope::javascript {

/// The word on the command line that makes the program a worker; nobody types it.
inline constexpr const char* kWorkerWord = "--javascript-worker";

/// Runs one reducer's script for the program that started this process, on the socket at descriptor 0.
///
/// Before a line of the script runs, the process gives up what the script must not have: it can open
/// no file and no connection, has at most 512 MiB more memory, and dies when it takes too long; its
/// engine has no objects but those of the language. What happens in here cannot reach the program.
int runWorker(int argumentCount, char** arguments);

} // namespace eventscope::javascript
