// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>

namespace eventscope::ui {

/// A condition in a pill, which a click takes away.
class FilterChip final : public QAbstractButton {
    Q_OBJECT

public:
    explicit FilterChip(QWidget* parent = nullptr);

    void set(const QString& iconName, const QString& text);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_iconName;
};

} // namespace eventscope::ui
