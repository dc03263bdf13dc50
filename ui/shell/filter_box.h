// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "filter_checker.h"
#include "named_filters.h"

#include <QStringList>
#include <QWidget>

class QHBoxLayout;
class QLineEdit;
class QSettings;
class QToolButton;

namespace eventscope::core {
class EventLog;
}

namespace eventscope::ui {

class FilterCompleter;
class FilterHint;

/// Where a filter is typed: coloured as it is read, green when it can be applied and red, with the
/// sentence of what is wrong, when it cannot. Return applies; a bare word is searched for as text.
/// Chips before the text narrow what is shown further: a stream, a time. // GUI thread
class FilterBox final : public QWidget {
    Q_OBJECT

public:
    /// `log` is where names for completion come from; it must outlive the box.
    explicit FilterBox(const core::EventLog& log, QWidget* parent = nullptr);

    QString text() const;
    /// What is applied now, which may differ from what is being typed.
    QString appliedText() const { return m_applied; }
    /// Takes a text and applies it if it can be.
    void apply(const QString& text);
    void clear() { apply({}); }
    void focusText();

    /// A condition that stands beside the filter, with a cross that takes it away (chipRemoved).
    void setChip(const QString& id, const QString& iconName, const QString& text);
    void removeChip(const QString& id);
    QString chipText(const QString& id) const;

    /// The filters that are kept and those of late, to pick from; to save, rename and delete.
    void showSavedMenu();

    void load(const QSettings& settings);
    void save(QSettings& settings) const;
    models::NamedFilters& named() { return m_named; }
    QStringList history() const { return m_history; }

    QLineEdit* edit() const { return m_edit; }
    const models::FilterVerdict& verdict() const { return m_verdict; }

Q_SIGNALS:
    /// The filter to apply: Empty or one with an expression.
    void applied(const eventscope::models::FilterVerdict& verdict);
    void chipRemoved(const QString& id);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void onTextChanged();
    void onVerdict(const models::FilterVerdict& verdict);
    void applyTyped();
    void take(const models::FilterVerdict& verdict);
    void remember(const QString& text);
    void browseHistory(int step);
    void showVerdict();
    void colourText();
    void askForName();
    void askForOtherName(const QString& name);

    QLineEdit* m_edit;
    QHBoxLayout* m_chips;
    QToolButton* m_clear;
    QToolButton* m_state;
    QToolButton* m_star;
    FilterHint* m_hint;
    FilterCompleter* m_completer;
    models::FilterChecker m_checker;
    models::FilterVerdict m_verdict;
    QString m_applied;
    bool m_applyWhenChecked = false;
    bool m_colouring = false;
    QStringList m_history; ///< the latest first
    models::NamedFilters m_named;
    int m_historyAt = -1;
};

} // namespace eventscope::ui
