// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fields_seen.h"
#include "inspect/filter/filter_completion.h"

#include <QCompleter>
#include <QObject>
#include <QStringList>

class QLineEdit;
class QStandardItemModel;

namespace eventscope::ui {

/// Offers what may stand at the cursor of a filter: words of the language, and names and values as the
/// latest events have them. // GUI thread
class FilterCompleter final : public QObject {
    Q_OBJECT

public:
    /// Both must outlive this.
    FilterCompleter(QLineEdit& edit, const core::EventLog& log, QObject* parent = nullptr);
    ~FilterCompleter() override;

    /// Looks at the latest events for names and values, in the background.
    void learn();
    void offer();
    bool isOffering() const;
    QStringList offered() const;

Q_SIGNALS:
    void learned();

private:
    void insert(const QString& completion);

    QLineEdit& m_edit;
    models::FieldsSeen m_seen;
    core::FilterCompletion m_completion;
    QStandardItemModel* m_model;
    QCompleter m_completer;
};

} // namespace eventscope::ui
