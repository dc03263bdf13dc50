// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_rules.h"

#include <algorithm>

namespace eventscope::models {

namespace {

std::string lower(std::string_view text)
{
    std::string out(text);
    std::ranges::transform(
        out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return out;
}

std::vector<std::string> compiled(const QStringList& patterns)
{
    std::vector<std::string> out;
    for (const QString& pattern : patterns)
        if (!pattern.trimmed().isEmpty())
            out.push_back(lower(pattern.trimmed().toStdString()));
    return out;
}

} // namespace

bool matchesLike(std::string_view text, std::string_view pattern)
{
    std::size_t t = 0, p = 0;
    std::size_t afterPercent = std::string_view::npos, restart = 0;
    while (t < text.size()) {
        const bool escaped = p + 1 < pattern.size() && pattern[p] == '\\';
        if (p < pattern.size() && pattern[p] == '%') {
            afterPercent = ++p;
            restart = t;
        } else if (p < pattern.size()
            && (escaped ? pattern[p + 1] == text[t] : pattern[p] == '_' || pattern[p] == text[t])) {
            p += escaped ? 2 : 1;
            ++t;
        } else if (afterPercent != std::string_view::npos) {
            p = afterPercent;
            t = ++restart;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '%')
        ++p;
    return p == pattern.size();
}

EventRules EventRules::usual()
{
    EventRules rules;
    rules.setFailures({QStringLiteral("%failed%"), QStringLiteral("%failure%"), QStringLiteral("%declined%"),
        QStringLiteral("%rejected%"), QStringLiteral("%error%"), QStringLiteral("%timedout%"),
        QStringLiteral("%timeout%"), QStringLiteral("%outofstock%"), QStringLiteral("%stuck%"),
        QStringLiteral("%deadletter%")});
    rules.setWarnings({QStringLiteral("%cancelled%"), QStringLiteral("%canceled%"), QStringLiteral("%compensat%"),
        QStringLiteral("%refunded%"), QStringLiteral("%released%"), QStringLiteral("%expired%")});
    return rules;
}

void EventRules::setFailures(const QStringList& patterns)
{
    m_failureTexts = patterns;
    m_failures = compiled(patterns);
}

void EventRules::setWarnings(const QStringList& patterns)
{
    m_warningTexts = patterns;
    m_warnings = compiled(patterns);
}

EventTone EventRules::toneOf(std::string_view type) const
{
    const std::string name = lower(type);
    const auto matches = [&name](const std::string& pattern) { return matchesLike(name, pattern); };
    if (std::ranges::any_of(m_failures, matches))
        return EventTone::Failure;
    return std::ranges::any_of(m_warnings, matches) ? EventTone::Warning : EventTone::Plain;
}

void EventTones::setRules(EventRules rules)
{
    m_rules = std::move(rules);
    m_known.clear();
}

} // namespace eventscope::models
