// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "named_filters.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>

namespace eventscope::models {

void NamedFilters::save(const QString& name, const QString& text)
{
    const QString called = name.trimmed().isEmpty() ? text.trimmed() : name.trimmed();
    if (text.trimmed().isEmpty()) {
        return;
    }
    remove(called);
    m_filters.push_back({called, text});
    std::ranges::sort(
        m_filters, [](const Filter& a, const Filter& b) { return a.name.localeAwareCompare(b.name) < 0; });
}

void NamedFilters::remove(const QString& name)
{
    std::erase_if(m_filters, [&name](const Filter& filter) { return filter.name == name; });
}

bool NamedFilters::rename(const QString& from, const QString& to)
{
    const std::optional<QString> text = textOf(from);
    if (!text || to.trimmed().isEmpty() || (to.trimmed() != from && textOf(to.trimmed()))) {
        return false;
    }
    remove(from);
    save(to, *text);
    return true;
}

std::optional<QString> NamedFilters::textOf(const QString& name) const
{
    const auto found = std::ranges::find(m_filters, name, &Filter::name);
    return found == m_filters.end() ? std::nullopt : std::optional(found->text);
}

std::optional<QString> NamedFilters::nameOf(const QString& text) const
{
    const auto found = std::ranges::find(m_filters, text, &Filter::text);
    return found == m_filters.end() ? std::nullopt : std::optional(found->name);
}

int NamedFilters::merge(const NamedFilters& others)
{
    int taken = 0;
    for (const Filter& filter : others.m_filters) {
        if (!textOf(filter.name)) {
            save(filter.name, filter.text);
            ++taken;
        }
    }
    return taken;
}

QByteArray NamedFilters::toJson() const
{
    QJsonArray array;
    for (const Filter& filter : m_filters) {
        array.append(QJsonObject{{QStringLiteral("name"), filter.name}, {QStringLiteral("filter"), filter.text}});
    }
    return QJsonDocument(array).toJson(QJsonDocument::Compact);
}

NamedFilters NamedFilters::fromJson(const QByteArray& json)
{
    NamedFilters filters;
    for (const QJsonValue value : QJsonDocument::fromJson(json).array()) {
        const QJsonObject object = value.toObject();
        filters.save(object[QStringLiteral("name")].toString(), object[QStringLiteral("filter")].toString());
    }
    return filters;
}

} // namespace eventscope::models
