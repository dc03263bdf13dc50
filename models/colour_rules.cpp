// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "colour_rules.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace eventscope::models {

QString nameOf(RowColour colour)
{
    switch (colour) {
    case RowColour::Red: return QStringLiteral("red");
    case RowColour::Orange: return QStringLiteral("orange");
    case RowColour::Yellow: return QStringLiteral("yellow");
    case RowColour::Green: return QStringLiteral("green");
    case RowColour::Teal: return QStringLiteral("teal");
    case RowColour::Blue: return QStringLiteral("blue");
    case RowColour::Violet: return QStringLiteral("violet");
    case RowColour::Grey: return QStringLiteral("grey");
    }
    return {};
}

QString titleOf(RowColour colour)
{
    switch (colour) {
    case RowColour::Red: return QCoreApplication::translate("RowColour", "Red");
    case RowColour::Orange: return QCoreApplication::translate("RowColour", "Orange");
    case RowColour::Yellow: return QCoreApplication::translate("RowColour", "Yellow");
    case RowColour::Green: return QCoreApplication::translate("RowColour", "Green");
    case RowColour::Teal: return QCoreApplication::translate("RowColour", "Teal");
    case RowColour::Blue: return QCoreApplication::translate("RowColour", "Blue");
    case RowColour::Violet: return QCoreApplication::translate("RowColour", "Violet");
    case RowColour::Grey: return QCoreApplication::translate("RowColour", "Grey");
    }
    return {};
}

std::optional<RowColour> rowColourOf(const QString& name)
{
    for (const RowColour colour : kRowColours) {
        if (nameOf(colour) == name) {
            return colour;
        }
    }
    return std::nullopt;
}

QByteArray colourRulesToJson(const ColourRules& rules)
{
    QJsonArray array;
    for (const ColourRule& rule : rules) {
        array.append(QJsonObject{{QStringLiteral("name"), rule.name}, {QStringLiteral("filter"), rule.filter},
            {QStringLiteral("colour"), nameOf(rule.colour)}, {QStringLiteral("on"), rule.on}});
    }
    return QJsonDocument(array).toJson(QJsonDocument::Compact);
}

ColourRules colourRulesFromJson(const QByteArray& json)
{
    ColourRules rules;
    for (const QJsonValue value : QJsonDocument::fromJson(json).array()) {
        const QJsonObject object = value.toObject();
        const auto colour = rowColourOf(object[QStringLiteral("colour")].toString());
        const QString filter = object[QStringLiteral("filter")].toString();
        if (colour && !filter.isEmpty()) {
            rules.push_back({.name = object[QStringLiteral("name")].toString(),
                .filter = filter,
                .colour = *colour,
                .on = object[QStringLiteral("on")].toBool(true)});
        }
    }
    return rules;
}

void RowColours::setRules(const ColourRules& rules)
{
    m_rules = rules;
    m_compiled.clear();
    m_known.clear();
    for (std::size_t i = 0; i < rules.size(); ++i) {
        if (!rules[i].on) {
            continue;
        }
        if (auto expression = core::FilterExpression::parse(rules[i].filter.toStdString())) {
            m_compiled.push_back({*std::move(expression), i});
        }
    }
}

std::optional<std::size_t> RowColours::ruleOf(core::LogRow row) const
{
    if (m_compiled.empty()) {
        return std::nullopt;
    }
    if (m_known.empty()) {
        m_known.resize(kRemembered);
    }
    Known& known = m_known[row % kRemembered];
    if (known.row != row + 1) {
        known = {.row = row + 1, .rule = -1};
        if (m_log.payloadAt(row).size() <= kMostBytes) {
            m_attributes.setRow(row);
            for (const Compiled& compiled : m_compiled) {
                if (compiled.expression.matches(m_attributes)) {
                    known.rule = static_cast<std::int32_t>(compiled.rule);
                    break;
                }
            }
        }
    }
    return known.rule < 0 ? std::nullopt : std::optional(static_cast<std::size_t>(known.rule));
}

} // namespace eventscope::models
