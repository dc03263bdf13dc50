// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCompleter>
#include <QStringListModel>
#include <QThreadPool>

class QLineEdit;

namespace eventscope::core {
class EventLog;
}

namespace eventscope::ui {

/// Completes the word before the cursor of a filter: attributes, words of the language, payload
/// fields and types as the latest events have them. // GUI thread
class FilterCompleter final : public QObject {
    Q_OBJECT

public:
    /// Both must outlive this.
    FilterCompleter(QLineEdit& edit, const core::EventLog& log, QObject* parent = nullptr);
    ~FilterCompleter() override;

    /// Looks at the latest events for names, in the background.
    void learn();
    /// Offers what fits the text before the cursor.
    void offer();
    bool isOffering() const;

private:
    void insert(const QString& completion);
    QString wordBeforeCursor(bool& inLiteral) const;

    QLineEdit& m_edit;
    const core::EventLog& m_log;
    QStringList m_names;  ///< attributes, words, payload paths
    QStringList m_values; ///< types
    QStringListModel m_model;
    QCompleter m_completer;
    QThreadPool m_pool;
};

} // namespace eventscope::ui
