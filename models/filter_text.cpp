// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter_text.h"

#include "inspect/filter/filter_number.h"

#include <QRegularExpression>

namespace eventscope::models {

namespace {

bool needsParentheses(const QString& expression)
{
    static const QRegularExpression looser(QStringLiteral("\\b(OR|XOR)\\b"), QRegularExpression::CaseInsensitiveOption);
    return looser.match(expression).hasMatch();
}

/// A single comparison `a = 'b'`, which can be turned round into `a != 'b'`.
bool isPlainEquality(const QString& term)
{
    static const QRegularExpression equality(QStringLiteral("^[A-Za-z0-9_.]+ = ('(?:[^'\\\\]|\\\\.)*'|-?[0-9]+)$"));
    return equality.match(term).hasMatch();
}

} // namespace

QString filterLiteral(QStringView value)
{
    QString literal(QLatin1Char('\''));
    for (const QChar c : value) {
        if (c == QLatin1Char('\'') || c == QLatin1Char('\\'))
            literal += QLatin1Char('\\');
        literal += c;
    }
    return literal + QLatin1Char('\'');
}

QString filterNumber(QStringView json)
{
    const auto number = core::FilterNumber::parse(json.toString().toStdString());
    if (!number)
        return filterLiteral(json);
    QString text = QString::fromStdString(number->toString());
    bool isShort = false;
    text.toInt(&isShort);
    // Integers of the language have 32 bits; with a fraction it is an exact number of any size.
    return isShort || text.contains(QLatin1Char('.')) ? text : text + QLatin1String(".0");
}

QString filterEquals(const QString& attribute, QStringView value, bool numeric)
{
    if (value.isEmpty())
        return QStringLiteral("NOT EXISTS %1").arg(attribute);
    return QStringLiteral("%1 = %2").arg(attribute, numeric ? filterNumber(value) : filterLiteral(value));
}

QString joinFilter(const QString& filter, const QString& term, FilterJoin join)
{
    QString added = needsParentheses(term) ? QStringLiteral("(%1)").arg(term) : term;
    if (join == FilterJoin::AndNot) {
        if (isPlainEquality(term))
            added.replace(added.indexOf(QLatin1String(" = ")), 3, QStringLiteral(" != "));
        else if (term.startsWith(QLatin1String("NOT EXISTS ")))
            added = term.mid(4);
        else
            added = QStringLiteral("NOT (%1)").arg(term);
    }
    const QString before = filter.trimmed();
    if (join == FilterJoin::Replace || before.isEmpty())
        return join == FilterJoin::Replace ? term : added;
    if (join == FilterJoin::Or)
        return QStringLiteral("%1 OR %2").arg(before, term);
    return QStringLiteral("%1 AND %2")
        .arg(needsParentheses(before) ? QStringLiteral("(%1)").arg(before) : before, added);
}

} // namespace eventscope::models
