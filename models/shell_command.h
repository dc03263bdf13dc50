// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

namespace eventscope::models {

/// A text as one word of a POSIX shell, in quotes only where it needs them; nothing in it is run.
QString shellWord(const QString& text);
/// `words` as a command line.
QString shellCommand(const QStringList& words);

} // namespace eventscope::models
