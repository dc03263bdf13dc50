// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event_cells.h"

#include <QByteArray>
#include <QString>
#include <vector>

namespace eventscope::models {

/// One column as somebody arranged it.
struct ColumnLook {
    EventColumn column = EventColumn::Time; ///< one of the fixed ones; counts only without a field
    QString field;                          ///< "data.totalAmount"; empty: a fixed one
    int characters = 10;                    ///< how wide
    bool shown = true;
    bool operator==(const ColumnLook&) const = default;
};

/// All columns from left to right, as JSON for people's settings and captures:
/// [{"attribute":"time","width":14,"shown":true},{"path":"data.totalAmount","width":12,"shown":true}].
QByteArray columnLooksToJson(const std::vector<ColumnLook>& columns);
/// What it knows of such a text: what is no column is passed over, columns that are not named are added
/// hidden. Empty when nothing that can be shown is in it.
std::vector<ColumnLook> columnLooksFromJson(const QByteArray& json);

} // namespace eventscope::models
