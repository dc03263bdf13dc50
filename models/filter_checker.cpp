// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "filter_checker.h"

#include "filter_text.h"

#include <QRegularExpression>
#include <string>

namespace eventscope::models {

namespace {

/// The character that a byte of the text's UTF-8 belongs to.
qsizetype characterAt(const std::string& utf8, std::size_t byte)
{
    const std::size_t end = std::min(byte, utf8.size());
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(end)).size();
}

} // namespace

FilterVerdict judgeFilter(const QString& text)
{
    FilterVerdict verdict;
    verdict.text = text;
    if (text.trimmed().isEmpty()) {
        return verdict;
    }
    const std::string utf8 = text.toStdString();
    auto parsed = core::FilterExpression::parse(utf8);
    if (!parsed) {
        verdict.kind = FilterVerdict::Kind::Wrong;
        verdict.sentence = QString::fromStdString(parsed.error().message);
        verdict.begin = characterAt(utf8, parsed.error().begin);
        verdict.end = characterAt(utf8, parsed.error().end);
        return verdict;
    }
    const std::string advice = parsed->warning();
    verdict.kind = advice.empty() ? FilterVerdict::Kind::Valid : FilterVerdict::Kind::Advice;
    verdict.sentence = QString::fromStdString(advice);
    verdict.expression = *std::move(parsed);
    return verdict;
}

FilterChecker::FilterChecker(QObject* parent) : QObject(parent)
{
    m_pool.setMaxThreadCount(1);
}

FilterChecker::~FilterChecker()
{
    m_pool.waitForDone();
}

void FilterChecker::check(const QString& text)
{
    const std::uint64_t request = ++m_latest;
    m_pool.clear(); // what waits is out of date
    m_pool.start([this, text, request] {
        const FilterVerdict verdict = judgeFilter(text);
        QMetaObject::invokeMethod(
            this,
            [this, verdict, request] {
                if (request == m_latest) {
                    Q_EMIT checked(verdict);
                }
            },
            Qt::QueuedConnection);
    });
}

std::optional<QString> asTextSearch(const QString& text)
{
    // Words, ids, numbers with units: no quotes, no brackets, no comparison.
    static const QRegularExpression plain(QStringLiteral("^[\\p{L}\\p{N}_.:@#/ -]+$"));
    static const QRegularExpression keyword(
        QStringLiteral("\\b(AND|OR|XOR|NOT|LIKE|IN|EXISTS|MATCHES|CONTAINS|TRUE|FALSE)\\b"),
        QRegularExpression::CaseInsensitiveOption);
    const QString words = text.trimmed();
    if (words.isEmpty() || !plain.match(words).hasMatch() || keyword.match(words).hasMatch()) {
        return std::nullopt;
    }
    return filterLiteral(words);
}

} // namespace eventscope::models
