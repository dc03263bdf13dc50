// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/timestamp.h"
#include "inspect/event_log.h"

#include <QLatin1String>
#include <QString>
#include <QWidget>

namespace eventscope::ui {

/// One view of the window, in a tab of its own: a folder of ui/. It is made with what it looks at
/// (usually the workspace), shows it, and asks the window for what lies beyond it by signals.
/// While it is hidden it does no work that nobody sees. // GUI thread
class Page : public QWidget {
    Q_OBJECT

public:
    using QWidget::QWidget;

    virtual QString title() const = 0;
    /// A freedesktop name or one of resources/icons.
    virtual QLatin1String iconName() const = 0;
    /// A number beside the title that asks for attention; 0 for none.
    virtual int badge() const { return 0; }
    /// Puts the keyboard where work in this view begins.
    virtual void focusStart() { setFocus(); }
    /// What the file name of its screenshot begins with, e.g. "dead-letters".
    virtual QString screenshotName() const = 0;
    /// Picks something worth seeing, so that a screenshot of a running demo shows the view at work.
    virtual void showExample() { }
    /// Whether the window's pane of the chosen event belongs beside it; elsewhere the room is the view's,
    /// unless somebody wants the pane there too.
    virtual bool choosesEvents() const { return false; }
    /// Times in UTC, or as the desktop has them.
    virtual void setUtc(bool /*utc*/) { }

    // What other views ask for. The window tries every page and goes to the one that answers true.
    virtual bool showStream(const QString& /*source*/, const QString& /*stream*/) { return false; }
    virtual bool showFlow(const QString& /*correlationId*/) { return false; }
    virtual bool showSaga(const QString& /*source*/, const QString& /*sagaId*/) { return false; }
    /// Every write to that letter.
    virtual bool showJournal(const QString& /*letterId*/) { return false; }
    virtual bool showDeadLetters(const QString& /*source*/, const QString& /*queue*/) { return false; }

Q_SIGNALS:
    void badgeChanged(int badge);
    void replayWanted(const QString& source, const QString& stream);
    void flowWanted(const QString& correlationId);
    void sagaWanted(const QString& source, const QString& sagaId);
    void journalWanted(const QString& letterId);
    void eventWanted(core::LogRow row); ///< shown in the Events view and in the detail
    void eventChosen(core::LogRow row); ///< shown in the detail, beside this view
    void filterWanted(const QString& expression);
    void timeRangeWanted(core::Timestamp from, core::Timestamp to); ///< Events of this time only
    void said(const QString& sentence);                             ///< for the status line
};

} // namespace eventscope::ui
