// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/colours.h"

#include <QAbstractButton>

namespace eventscope::ui {

/// A count with what it counts, "17 running", that can be pressed to see only those.
class StatusFigure final : public QAbstractButton {
    Q_OBJECT

public:
    StatusFigure(const QString& word, Role role, QWidget* parent = nullptr);

    void setCount(std::size_t count);
    std::size_t count() const { return m_count; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    const QString m_word;
    const Role m_role;
    std::size_t m_count = 0;
};

} // namespace eventscope::ui
