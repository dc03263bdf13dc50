// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace eventscope::ui {

/// Says that what one sees is a demo, and leads on to one's own system. // GUI thread
class DemoBanner final : public QWidget {
    Q_OBJECT

public:
    explicit DemoBanner(QWidget* parent = nullptr);

Q_SIGNALS:
    void connectClicked();
    void dismissed();

protected:
    void paintEvent(QPaintEvent* event) override;
};

} // namespace eventscope::ui
