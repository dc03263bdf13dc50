// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/colours.h"

#include <QAbstractButton>
#include <QLabel>
#include <QString>

namespace eventscope::ui {

/// A label that never takes its text for HTML; control characters become visible. Every label that
/// can show a text from outside is made here. // GUI thread
QLabel* plainLabel(const QString& text = {}, QWidget* parent = nullptr);
/// The heading over a part of the window, in small capitals ("SOURCES").
QLabel* sectionLabel(const QString& text, QWidget* parent = nullptr);

/// One line of plain text that ends in "…" where it does not fit, with the whole in its tool tip.
class ElidedLabel : public QWidget {
    Q_OBJECT

public:
    explicit ElidedLabel(QWidget* parent = nullptr);

    void setText(const QString& text);
    const QString& text() const { return m_text; }
    void setRole(Role role);
    void setElideMode(Qt::TextElideMode mode);
    void setAlignment(Qt::Alignment alignment);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_text;
    Role m_role = Role::Text;
    Qt::TextElideMode m_elide = Qt::ElideRight;
    Qt::Alignment m_alignment = Qt::AlignLeft;
};

/// A text in the accent colour that can be clicked, and reached with Tab.
class LinkButton final : public QAbstractButton {
    Q_OBJECT

public:
    explicit LinkButton(const QString& text = {}, QWidget* parent = nullptr);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
};

/// A number in a coloured pill, as on a tab.
class Badge final : public QWidget {
    Q_OBJECT

public:
    explicit Badge(QWidget* parent = nullptr);

    void setText(const QString& text);
    void setRole(Role role);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_text;
    Role m_role = Role::Negative;
};

/// A hairline between two parts.
class Hairline final : public QWidget {
    Q_OBJECT

public:
    explicit Hairline(Qt::Orientation orientation = Qt::Horizontal, QWidget* parent = nullptr);

protected:
    void paintEvent(QPaintEvent* event) override;
};

} // namespace eventscope::ui
