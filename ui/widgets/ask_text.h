// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <functional>
#include <optional>

class QWidget;

namespace eventscope::ui {

struct TextQuestion {
    QString title, label;
    QString text{};      ///< to begin with
    bool isLong = false; ///< several lines
    QString extra{};     ///< a button that answers with nothing; empty: none
};

/// Asks for a text in a small dialog of its own and calls `answer` when there is one; cancelling answers
/// nothing at all. Returns at once. // GUI thread
void askText(QWidget* parent, const TextQuestion& question, std::function<void(const std::optional<QString>&)> answer);

} // namespace eventscope::ui
