// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>
#include <cstdint>

namespace eventscope::ui {

/// The pill over the end of a list that says how much came while somebody was reading further up.
class NewEventsChip final : public QAbstractButton {
    Q_OBJECT

public:
    explicit NewEventsChip(QWidget* parent);

    /// `paused`: it counts what a pause holds back, and resumes when clicked.
    void show(std::uint64_t count, bool paused);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
};

} // namespace eventscope::ui
