// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringView>

namespace eventscope::models {

/// A value as an expression of the filter language that is exactly this text: 'it\'s'. See core::filterLiteral.
QString filterLiteral(QStringView value);

/// The condition that an attribute begins with this text.
QString filterBeginsWith(const QString& attribute, QStringView beginning);

/// A number as JSON writes it, as a literal of the filter language; one that no literal can be stays a text.
QString filterNumber(QStringView json);

/// How one more condition joins a filter.
enum class FilterJoin {
    And,     ///< and this too
    AndNot,  ///< but not this
    Or,      ///< or this as well
    Replace, ///< only this
};

/// `attribute = 'value'`; for a value that is absent, that the attribute is.
QString filterEquals(const QString& attribute, QStringView value, bool numeric);

/// `filter` with `term` joined to it; parentheses only where they are needed.
QString joinFilter(const QString& filter, const QString& term, FilterJoin join);

} // namespace eventscope::models
