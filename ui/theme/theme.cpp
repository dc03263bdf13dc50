// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/theme.h"

#include "theme/colours.h"
#include "theme/fonts.h"
#include "theme/icons.h"
#include "theme/quiet_style.h"

#include <QApplication>
#include <QStyle>
#include <QStyleFactory>
#include <QToolTip>

namespace eventscope::ui {

namespace {

struct Shades {
    QRgb window, base, alternate, button, text, muted, highlight, link, visited;
    QRgb light, midlight, mid, dark, shadow;
};

QPalette paletteOf(const Shades& shades)
{
    QPalette palette;
    const auto set = [&palette](QPalette::ColorRole role, QRgb colour) { palette.setColor(role, QColor(colour)); };
    set(QPalette::Window, shades.window);
    set(QPalette::WindowText, shades.text);
    set(QPalette::Base, shades.base);
    set(QPalette::AlternateBase, shades.alternate);
    set(QPalette::Text, shades.text);
    set(QPalette::PlaceholderText, shades.muted);
    set(QPalette::Button, shades.button);
    set(QPalette::ButtonText, shades.text);
    set(QPalette::BrightText, shades.text);
    set(QPalette::Highlight, shades.highlight);
    set(QPalette::HighlightedText, shades.text);
    set(QPalette::Link, shades.link);
    set(QPalette::LinkVisited, shades.visited);
    set(QPalette::ToolTipBase, shades.base);
    set(QPalette::ToolTipText, shades.text);
    set(QPalette::Light, shades.light);
    set(QPalette::Midlight, shades.midlight);
    set(QPalette::Mid, shades.mid);
    set(QPalette::Dark, shades.dark);
    set(QPalette::Shadow, shades.shadow);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText})
        palette.setColor(QPalette::Disabled, role, blend(QColor(shades.base), QColor(shades.text), 0.42));
    return palette;
}

} // namespace

QPalette Theme::lightPalette()
{
    return paletteOf({.window = 0xf7f7f5,
        .base = 0xffffff,
        .alternate = 0xfafaf8,
        .button = 0xffffff,
        .text = 0x23262b,
        .muted = 0x727780,
        .highlight = 0xd6e4fb,
        .link = 0x2f6fdb,
        .visited = 0x7a4fb5,
        .light = 0xffffff,
        .midlight = 0xededeb,
        .mid = 0xdcdcd9,
        .dark = 0xc7c7c3,
        .shadow = 0x8e9299});
}

QPalette Theme::darkPalette()
{
    return paletteOf({.window = 0x1d2024,
        .base = 0x24282d,
        .alternate = 0x272b31,
        .button = 0x282c32,
        .text = 0xdfe3e8,
        .muted = 0x8c939d,
        .highlight = 0x2f466b,
        .link = 0x6ea0f7,
        .visited = 0xb49af0,
        .light = 0x3a4048,
        .midlight = 0x2c3136,
        .mid = 0x373c43,
        .dark = 0x17191c,
        .shadow = 0x0e1012});
}

Theme::Theme(QObject* parent)
    : QObject(parent)
    , m_desktopPalette(QApplication::palette())
    , m_desktopStyle(QApplication::style() ? QApplication::style()->name() : QString())
{
}

Theme::~Theme() = default;

bool Theme::desktopIsDark()
{
    const QPalette palette = QApplication::palette();
    return palette.color(QPalette::WindowText).lightness() > palette.color(QPalette::Window).lightness();
}

bool Theme::isDark() const
{
    return Colours(QApplication::palette()).isDark();
}

void Theme::apply(Look look)
{
    m_look = look;
    const bool ours = look != Look::System;
    setDesktopIcons(!ours);
    if (ours)
        QApplication::setStyle(new QuietStyle);
    else if (QStyle* desktop = QStyleFactory::create(m_desktopStyle))
        QApplication::setStyle(desktop);
    QApplication::setPalette(look == Look::Light ? lightPalette()
            : look == Look::Dark                 ? darkPalette()
                                                 : m_desktopPalette);
    QToolTip::setPalette(QApplication::palette());
    QApplication::setFont(fonts::interface());
    Q_EMIT changed();
}

void Theme::toggle()
{
    apply(isDark() ? Look::Light : Look::Dark);
}

} // namespace eventscope::ui
