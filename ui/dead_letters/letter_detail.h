// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event_format.h"
#include "headers_model.h"
#include "inspect/dead_letter.h"

#include <QFormLayout>
#include <QWidget>

class QPlainTextEdit;
class QTabWidget;

namespace eventscope::ui {

class ElidedLabel;
class LinkButton;

/// One dead letter: why, where from, how often, its stack, headers and payload. All plain text.
class LetterDetail final : public QWidget {
    Q_OBJECT

public:
    explicit LetterDetail(QWidget* parent = nullptr);

    void setTimeFormat(const models::TimeFormat& format) { m_format = format; }
    /// Null for none. Keeps a copy of what it shows.
    void setLetter(const core::DeadLetter* letter);
    /// How many events of its key came after it; 0: none, or nobody knows.
    void setNewer(std::size_t count);

Q_SIGNALS:
    void replayWanted(const QString& stream);
    void flowWanted(const QString& correlationId);
    void newerWanted();
    void pastWanted(const QString& letterId);

private:
    ElidedLabel* addFact(QFormLayout* form, const QString& name);
    QString failureOf(const core::DeadLetter& letter) const;
    void setPayload(const core::DeadLetter& letter);

    models::TimeFormat m_format;
    ElidedLabel* m_why;
    ElidedLabel* m_from;
    ElidedLabel* m_message;
    ElidedLabel* m_event;
    ElidedLabel* m_failed;
    ElidedLabel* m_id;
    LinkButton* m_replay;
    LinkButton* m_flow;
    LinkButton* m_newer;
    LinkButton* m_past;
    QTabWidget* m_tabs;
    QPlainTextEdit* m_payload;
    QPlainTextEdit* m_stack;
    models::HeadersModel* m_headers;
    QString m_letter;
    QString m_stream;
    QString m_correlation;
};

/// The correlation id among a letter's headers, however its technology spells it; may be empty.
QString correlationOf(const core::DeadLetter& letter);

} // namespace eventscope::ui
