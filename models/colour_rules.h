// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/event_log.h"
#include "inspect/filter/event_attributes.h"
#include "inspect/filter/filter_expression.h"

#include <QByteArray>
#include <QString>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace eventscope::models {

/// What rows can be coloured with, each with a shade for light and one for dark: see ui's Colours.
enum class RowColour : std::uint8_t { Red, Orange, Yellow, Green, Teal, Blue, Violet, Grey };
inline constexpr std::array kRowColours{RowColour::Red, RowColour::Orange, RowColour::Yellow, RowColour::Green,
    RowColour::Teal, RowColour::Blue, RowColour::Violet, RowColour::Grey};
/// "red", …: as in settings and captures.
QString nameOf(RowColour colour);
QString titleOf(RowColour colour); ///< for people
std::optional<RowColour> rowColourOf(const QString& name);

struct ColourRule {
    QString name;   ///< what its rows are called, so that a colour never stands alone
    QString filter; ///< an expression of the filter language
    RowColour colour = RowColour::Yellow;
    bool on = true;
    bool operator==(const ColourRule&) const = default;
};

/// In order: of those that match a row, the first gives its colour.
using ColourRules = std::vector<ColourRule>;

/// [{"name","filter","colour","on"}].
QByteArray colourRulesToJson(const ColourRules& rules);
ColourRules colourRulesFromJson(const QByteArray& json);

/// The colours of a log's rows, found when a row is looked at and remembered for a while. // GUI thread
class RowColours {
public:
    /// `log` must outlive this.
    explicit RowColours(const core::EventLog& log) : m_attributes(log), m_log(log) { }

    /// Rules whose filter is wrong count for nothing.
    void setRules(const ColourRules& rules);
    /// The first rule that the row matches, as an index among the rules that were set.
    std::optional<std::size_t> ruleOf(core::LogRow row) const;
    const ColourRule& rule(std::size_t index) const { return m_rules[index]; }
    bool isEmpty() const { return m_compiled.empty(); }

private:
    struct Compiled {
        core::FilterExpression expression;
        std::size_t rule;
    };
    struct Known {
        std::uint64_t row = 0; ///< + 1; 0: nothing is known
        std::int32_t rule = -1;
    };
    static constexpr std::size_t kRemembered = 4096;
    /// More than this is not looked into between two frames.
    static constexpr std::size_t kMostBytes = std::size_t{8} << 20;

    ColourRules m_rules;
    std::vector<Compiled> m_compiled;
    mutable core::LogRowAttributes m_attributes;
    const core::EventLog& m_log;
    mutable std::vector<Known> m_known;
};

} // namespace eventscope::models
