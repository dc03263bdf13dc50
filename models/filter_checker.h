// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/filter/filter_expression.h"

#include <QObject>
#include <QString>
#include <QThreadPool>
#include <cstdint>
#include <optional>

namespace eventscope::models {

/// What there is to say about the text of a filter.
struct FilterVerdict {
    enum class Kind { Empty, Valid, Advice, Wrong };

    QString text; ///< what was looked at
    Kind kind = Kind::Empty;
    QString sentence;                                 ///< why it is wrong, or what to know about it
    qsizetype begin = 0, end = 0;                     ///< where it is wrong, in characters of `text`
    std::optional<core::FilterExpression> expression; ///< when it can be applied
};

/// Judges a filter's text. // any thread
FilterVerdict judgeFilter(const QString& text);

/// Judges filters while somebody types, on a thread of its own; only the latest text is answered. // GUI thread
class FilterChecker final : public QObject {
    Q_OBJECT

public:
    explicit FilterChecker(QObject* parent = nullptr);
    ~FilterChecker() override;

    void check(const QString& text);

Q_SIGNALS:
    void checked(const eventscope::models::FilterVerdict& verdict);

private:
    QThreadPool m_pool;
    std::uint64_t m_latest = 0;
};

/// A text that is no expression but words somebody looks for, as the expression that finds them;
/// nothing for what looks like an expression.
std::optional<QString> asTextSearch(const QString& text);

} // namespace eventscope::models
