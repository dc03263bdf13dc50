// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/colours.h"

#include <QWidget>

namespace eventscope::ui {

/// The sentence under a box: what is wrong with its text. Lies over the window below the box. // GUI thread
class FilterHint final : public QWidget {
    Q_OBJECT

public:
    explicit FilterHint(QWidget* box);

    void say(const QString& sentence, Role role);
    void place();
    QString sentence() const { return m_sentence; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QWidget* m_box;
    QString m_sentence;
    Role m_role = Role::Negative;
};

} // namespace eventscope::ui
