// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_detail/json_highlighter.h"

#include "theme/colours.h"

#include <QGuiApplication>

namespace eventscope::ui {

namespace {

constexpr int kInString = 1;

qsizetype endOfString(const QString& text, qsizetype at)
{
    while (at < text.size() && text[at] != QLatin1Char('"')) {
        at += text[at] == QLatin1Char('\\') ? 2 : 1;
    }
    return at;
}

bool isNameBefore(const QString& text, qsizetype at)
{
    while (at < text.size() && text[at].isSpace()) {
        ++at;
    }
    return at < text.size() && text[at] == QLatin1Char(':');
}

} // namespace

JsonHighlighter::JsonHighlighter(QTextDocument* document) : QSyntaxHighlighter(document) { }

void JsonHighlighter::setEnabled(bool on)
{
    m_enabled = on;
}

void JsonHighlighter::highlightBlock(const QString& text)
{
    if (!m_enabled) {
        return;
    }
    const Colours colours(QGuiApplication::palette());
    const auto paint = [this](qsizetype from, qsizetype to, const QColor& colour) {
        setFormat(static_cast<int>(from), static_cast<int>(to - from), colour);
    };
    qsizetype at = 0;
    setCurrentBlockState(0);
    if (previousBlockState() == kInString) {
        const qsizetype end = endOfString(text, 0);
        paint(0, std::min(end + 1, text.size()), colours.string);
        if (end >= text.size()) {
            setCurrentBlockState(kInString);
            return;
        }
        at = end + 1;
    }
    while (at < text.size()) {
        const QChar c = text[at];
        if (c == QLatin1Char('"')) {
            const qsizetype end = endOfString(text, at + 1);
            const bool open = end >= text.size();
            paint(at, std::min(end + 1, text.size()),
                !open && isNameBefore(text, end + 1) ? colours.key : colours.string);
            if (open) {
                setCurrentBlockState(kInString);
                return;
            }
            at = end + 1;
        } else if (c.isDigit() || c == QLatin1Char('-')) {
            qsizetype end = at + 1;
            while (end < text.size() && (text[end].isLetterOrNumber() || QStringView(u".+-").contains(text[end]))) {
                ++end;
            }
            paint(at, end, colours.number);
            at = end;
        } else if (c.isLetter()) {
            qsizetype end = at + 1;
            while (end < text.size() && text[end].isLetter()) {
                ++end;
            }
            paint(at, end, colours.keyword);
            at = end;
        } else {
            ++at;
        }
    }
}

} // namespace eventscope::ui
