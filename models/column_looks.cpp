// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "column_looks.h"

#include "inspect/row_field.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <optional>

namespace eventscope::models {

namespace {

constexpr int kWidest = 400;
constexpr std::size_t kMostColumns = 200;

QString nameOf(EventColumn column)
{
    switch (column) {
    case EventColumn::Data: return QStringLiteral("data");
    case EventColumn::Note: return QStringLiteral("note");
    default: return attributeOf(column);
    }
}

std::optional<EventColumn> columnOf(const QString& name)
{
    for (int i = 0; i < kEventColumns; ++i) {
        if (nameOf(static_cast<EventColumn>(i)) == name) {
            return static_cast<EventColumn>(i);
        }
    }
    return std::nullopt;
}

} // namespace

QByteArray columnLooksToJson(const std::vector<ColumnLook>& columns)
{
    QJsonArray array;
    for (const ColumnLook& look : columns) {
        QJsonObject object;
        if (look.field.isEmpty()) {
            object[QStringLiteral("attribute")] = nameOf(look.column);
        } else {
            object[QStringLiteral("path")] = look.field;
        }
        object[QStringLiteral("width")] = look.characters;
        object[QStringLiteral("shown")] = look.shown;
        array.append(object);
    }
    return QJsonDocument(array).toJson(QJsonDocument::Compact);
}

std::vector<ColumnLook> columnLooksFromJson(const QByteArray& json)
{
    std::vector<ColumnLook> columns;
    for (const QJsonValue value : QJsonDocument::fromJson(json).array()) {
        const QJsonObject object = value.toObject();
        ColumnLook look;
        look.characters = std::clamp(object[QStringLiteral("width")].toInt(look.characters), 2, kWidest);
        look.shown = object[QStringLiteral("shown")].toBool(true);
        if (const QString path = object[QStringLiteral("path")].toString(); !path.isEmpty()) {
            const auto field = core::RowField::parse(path.toStdString());
            if (!field) {
                continue;
            }
            look.field = QString::fromStdString(field->text());
        } else if (const auto column = columnOf(object[QStringLiteral("attribute")].toString())) {
            look.column = *column;
        } else {
            continue;
        }
        const auto isSame = [&look](const ColumnLook& other) {
            return look.field == other.field && (!look.field.isEmpty() || look.column == other.column);
        };
        if (columns.size() < kMostColumns && std::ranges::none_of(columns, isSame)) {
            columns.push_back(look);
        }
    }
    if (std::ranges::none_of(columns, &ColumnLook::shown)) {
        return {};
    }
    for (int i = 0; i < kEventColumns; ++i) {
        const auto column = static_cast<EventColumn>(i);
        const auto isIt = [column](const ColumnLook& look) { return look.field.isEmpty() && look.column == column; };
        if (std::ranges::none_of(columns, isIt)) {
            columns.push_back({.column = column, .field = {}, .characters = 14, .shown = false});
        }
    }
    return columns;
}

} // namespace eventscope::models
