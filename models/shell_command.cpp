// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell_command.h"

#include <QRegularExpression>

namespace eventscope::models {

QString shellWord(const QString& text)
{
    static const QRegularExpression plain(QStringLiteral("\\A[A-Za-z0-9_%+=:,./@-]+\\z"));
    // A word that begins with '=' or '~' means something to some shells.
    if (plain.match(text).hasMatch() && !text.startsWith(QLatin1Char('='))) {
        return text;
    }
    QString quoted = text;
    quoted.remove(QChar(0)); // no argument can hold one
    quoted.replace(QLatin1Char('\''), QLatin1String("'\\''"));
    return QLatin1Char('\'') + quoted + QLatin1Char('\'');
}

QString shellCommand(const QStringList& words)
{
    QStringList quoted;
    for (const QString& word : words) {
        quoted += shellWord(word);
    }
    return quoted.join(QLatin1Char(' '));
}

} // namespace eventscope::models
