// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPalette>

namespace eventscope::ui {

/// The look of the whole program: our own light or dark palette on a quiet Fusion, or the desktop's
/// own style. One per application, made before the first window. // GUI thread
class Theme final : public QObject {
    Q_OBJECT

public:
    enum class Look { Light, Dark, System };
    Q_ENUM(Look)

    /// Remembers the desktop's style and palette, so that System can return to them.
    explicit Theme(QObject* parent = nullptr);
    ~Theme() override;

    Look look() const { return m_look; }
    bool isDark() const;

    static QPalette lightPalette();
    static QPalette darkPalette();
    /// What the desktop prefers, as far as its palette tells.
    static bool desktopIsDark();

public Q_SLOTS:
    void apply(eventscope::ui::Theme::Look look);
    /// From light to dark and back.
    void toggle();

Q_SIGNALS:
    void changed();

private:
    Look m_look = Look::System;
    QPalette m_desktopPalette;
    QString m_desktopStyle;
};

} // namespace eventscope::ui
