// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connection_profile.h"
#include "option_rows_model.h"
#include "technology_fields.h"

#include <QWidget>
#include <utility>
#include <vector>

class QCheckBox;
class QComboBox;
class QFormLayout;
class QLineEdit;
class QTableView;

namespace eventscope::ui {

class NoticeLine;

/// What there is to fill in of a connection: its name and marks, the fields of its technology, further
/// options, and its URL, which can be pasted whole. // GUI thread
class ProfileForm final : public QWidget {
    Q_OBJECT

public:
    explicit ProfileForm(QWidget* parent = nullptr);

    void setProfile(const models::ConnectionProfile& profile);
    const models::ConnectionProfile& profile() const { return m_profile; }
    /// What cannot be meant as it is typed now; empty when all can.
    const QString& problem() const { return m_problem; }
    void focusFirst();

    QLineEdit* nameEdit() const { return m_name; }
    QLineEdit* urlEdit() const { return m_url; }
    QTableView* optionRows() const { return m_options; }
    /// The editor of the first field of that kind, or nullptr.
    QWidget* editorOf(models::TechnologyField::Kind kind) const;

Q_SIGNALS:
    void edited();

private:
    QWidget* makeOptions();
    QWidget* makeEditor(const models::TechnologyField& field);
    QWidget* makeFileEditor(QLineEdit* edit);
    void rebuildFields();
    void fillFields();
    void onFieldEdited(const models::TechnologyField& field, const QString& text);
    void onUrlEdited(const QString& text);
    void showUrl();
    void noteEdited(const QString& problem = {});

    models::ConnectionProfile m_profile;
    QString m_problem;
    QLineEdit* m_name;
    QComboBox* m_colour;
    QCheckBox* m_production;
    QCheckBox* m_openAtStart;
    QFormLayout* m_fields;
    QComboBox* m_password = nullptr; ///< of technologies where one signs in
    std::vector<std::pair<models::TechnologyField, QWidget*>> m_editors;
    models::OptionRowsModel m_rows;
    QTableView* m_options = nullptr;
    QLineEdit* m_url;
    NoticeLine* m_notice;
    bool m_filling = false; ///< what changes now is our own doing
};

} // namespace eventscope::ui
