// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter_text.h"

#include "inspect/filter/filter_expression.h"
#include "inspect/filter/filter_lexer.h"
#include "inspect/filter/filter_node.h"
#include "inspect/filter/filter_number.h"
#include "inspect/filter/filter_printer.h"

#include <QList>
#include <algorithm>
#include <string>

namespace eventscope::models {

namespace {

/// AND, OR and XOR bind alike and from the left, so a chain of them next to another needs parentheses.
bool needsParentheses(const QString& expression, bool beforeOr = false)
{
    bool inString = false;
    const auto tokens = core::tokenizeFilterSoFar(expression.toStdString(), inString);
    return std::ranges::any_of(tokens, [beforeOr](const core::FilterToken& token) {
        return token.kind == core::FilterTokenKind::Keyword
            && (token.text == "OR" || token.text == "XOR" || (beforeOr && token.text == "AND"));
    });
}

/// `a = b` turned round into `a != b`; empty when the term is anything else.
QString turnedRound(const QString& term)
{
    const std::string text = term.toStdString();
    const auto expression = core::FilterExpression::parse(text);
    if (!expression)
        return {};
    const auto* comparison = std::get_if<core::CompareNode>(&expression->root().form);
    if (comparison == nullptr || comparison->op != core::CompareOperator::Equal
        || !(std::holds_alternative<core::AttributeNode>(comparison->left->form)
            || std::holds_alternative<core::PathNode>(comparison->left->form)))
        return {};
    const std::size_t left = comparison->left->end, right = comparison->right->begin;
    const std::size_t sign = text.find('=', left);
    if (sign == std::string::npos || sign >= right)
        return {};
    return QString::fromStdString(text.substr(0, sign) + '!' + text.substr(sign));
}

} // namespace

QString filterLiteral(QStringView value)
{
    return QString::fromStdString(core::filterLiteral(value.toString().toStdString()));
}

QString filterBeginsWith(const QString& attribute, QStringView beginning)
{
    // A backslash before a wildcard makes it a plain character; LIKE has no way to write the backslash itself there,
    // and it takes only one quoted text.
    if (!beginning.contains(QLatin1Char('\\'))) {
        QString pattern = beginning.toString();
        for (const char* wildcard : {"%", "_"})
            pattern.replace(QLatin1String(wildcard), QLatin1Char('\\') + QLatin1String(wildcard));
        return QStringLiteral("%1 LIKE %2").arg(attribute, filterLiteral(pattern + QLatin1Char('%')));
    }
    return QStringLiteral("LEFT(%1, %2) = %3")
        .arg(attribute, QString::number(beginning.toString().toUcs4().size()), filterLiteral(beginning));
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
        if (const QString opposite = turnedRound(term); !opposite.isEmpty())
            added = opposite;
        else if (term.startsWith(QLatin1String("NOT EXISTS ")))
            added = term.mid(4);
        else
            added = QStringLiteral("NOT (%1)").arg(term);
    }
    const QString before = filter.trimmed();
    if (join == FilterJoin::Replace || before.isEmpty())
        return join == FilterJoin::Replace ? term : added;
    if (join == FilterJoin::Or)
        return QStringLiteral("%1 OR %2")
            .arg(before, needsParentheses(term, true) ? QStringLiteral("(%1)").arg(term) : term);
    return QStringLiteral("%1 AND %2")
        .arg(needsParentheses(before) ? QStringLiteral("(%1)").arg(before) : before, added);
}

} // namespace eventscope::models
