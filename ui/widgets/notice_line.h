// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/colours.h"

#include <QLatin1String>
#include <QWidget>

class QLabel;

namespace eventscope::ui {

/// One sentence behind an icon that says what kind of sentence it is. Wraps where it is long.
class NoticeLine final : public QWidget {
    Q_OBJECT

public:
    explicit NoticeLine(QWidget* parent = nullptr);

    void setNotice(QLatin1String iconName, Role role, const QString& text);
    QString text() const;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QLatin1String m_iconName;
    Role m_role = Role::Muted;
    QLabel* m_label;
};

/// A part of the window behind which the chrome's colour lies, with a hairline above.
class ChromePanel : public QWidget {
    Q_OBJECT

public:
    using QWidget::QWidget;

protected:
    void paintEvent(QPaintEvent* event) override;
};

} // namespace eventscope::ui
