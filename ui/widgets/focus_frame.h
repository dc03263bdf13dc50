// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPointer>

class QWidget;

namespace eventscope::ui {

/// Shows which view has the keyboard: a line around lists, trees, tables and texts, for those who go
/// about by keyboard. Buttons and fields show it themselves. A widget of another kind takes part with
/// the property `kFramed`. // GUI thread
class FocusFrame final : public QObject {
    Q_OBJECT

public:
    static constexpr const char* kFramed = "framedByFocus";

    explicit FocusFrame(QObject* parent);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void follow(QWidget* focused);

    QPointer<QWidget> m_around; ///< the view
    QPointer<QWidget> m_line;   ///< goes with the view that it is in
};

} // namespace eventscope::ui
