// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <string_view>

namespace eventscope::models {

/// How much of a text goes into one place; what is longer ends in "…".
inline constexpr qsizetype kCellChars = 400;
inline constexpr qsizetype kTooltipChars = 1000;

enum class Lines {
    One,  ///< a line end and a tab are made visible like any control character
    Keep, ///< '\n' and '\t' stay what they are
};

/// Text from an event as it may be drawn: control characters, line ends, bidirectional and other
/// invisible characters are replaced by visible signs (␛, ‹202E›), bytes that are not UTF-8 by ‹xFF›.
/// Reads no more of `bytes` than it shows. // any thread
QString visibleText(std::string_view bytes, qsizetype maxChars = kCellChars, Lines lines = Lines::One);
QString visibleText(QStringView text, qsizetype maxChars = kCellChars, Lines lines = Lines::One);

/// The same without a limit, for texts whose length is known to be small.
QString visibleTextWhole(std::string_view bytes, Lines lines = Lines::One);

/// A tool tip of a text: visible, capped, and never taken for rich text.
QString plainToolTip(QStringView text);

} // namespace eventscope::models
