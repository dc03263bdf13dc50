// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "colour_rules.h"

#include <QDialog>
#include <optional>

class QComboBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;

namespace eventscope::ui {

class ViewSettings;

/// The rules that colour rows: in order, each with a name, a filter and a colour, on or off. What is changed
/// is seen at once. // GUI thread
class ColourRulesDialog final : public QDialog {
    Q_OBJECT

public:
    /// `settings` must outlive the dialog.
    explicit ColourRulesDialog(ViewSettings& settings, QWidget* parent = nullptr);

    /// A new rule for that filter, chosen, to be named and coloured.
    void add(const QString& filter);

private:
    std::optional<std::size_t> current() const;
    void fill(std::size_t select);
    void showRule();
    void take();
    void move(int step);
    void remove();
    void apply();

    ViewSettings& m_settings;
    models::ColourRules m_rules;
    QListWidget* m_list;
    QLineEdit *m_name, *m_filter;
    QComboBox* m_colour;
    QLabel* m_verdict;
    QPushButton *m_remove, *m_up, *m_down;
    bool m_filling = false;
};

} // namespace eventscope::ui
