// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "journal_model.h"
#include "page.h"

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QTreeView;

namespace eventscope::ui {

class ChromePanel;
class LetterDetail;
class NoticeLine;
class StateOverlay;

/// Every write this program made, when, where, what and how it ended: what is in doubt first. The
/// chosen one with its letter as it was kept and all that was done to it. // GUI thread
class JournalPage final : public Page {
    Q_OBJECT

public:
    explicit JournalPage(models::OpenJournal openJournal, QWidget* parent = nullptr);

    QString title() const override { return tr("Journal"); }
    QLatin1String iconName() const override { return QLatin1String("document-edit"); }
    QString screenshotName() const override { return QStringLiteral("journal"); }
    int badge() const override { return m_badge; }
    void focusStart() override;
    void setUtc(bool utc) override;
    bool showJournal(const QString& letterId) override;

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    QWidget* makeBar();
    QTreeView* makeTable(models::JournalModel& model, const QString& name);
    QWidget* makeDoubtBar();
    QWidget* makeDetail();
    void take();
    void showState();
    void choose();
    const core::JournalEntry* current() const;

    models::JournalFeed m_feed;
    models::JournalModel m_model;
    models::JournalModel m_past; ///< of the chosen letter
    models::TimeFormat m_format;
    int m_badge = 0;
    std::int64_t m_chosen = 0;
    QLineEdit* m_find = nullptr;
    QCheckBox* m_onlyDoubts = nullptr;
    QLabel* m_count = nullptr;
    QTreeView* m_table = nullptr;
    QTreeView* m_pastView = nullptr;
    ChromePanel* m_doubtBar = nullptr;
    NoticeLine* m_problem = nullptr;
    LetterDetail* m_letter = nullptr;
    StateOverlay* m_overlay = nullptr;
    StateOverlay* m_letterOverlay = nullptr;
};

} // namespace eventscope::ui
