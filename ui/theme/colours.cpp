// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/colours.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace eventscope::ui {

namespace {

double luminance(const QColor& colour)
{
    const auto linear = [](double c) { return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

} // namespace

double contrast(const QColor& a, const QColor& b)
{
    const double x = luminance(a), y = luminance(b);
    return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

QColor blend(const QColor& under, const QColor& over, double share)
{
    const auto mix = [share](float a, float b) { return static_cast<float>(a + (b - a) * share); };
    return QColor::fromRgbF(
        mix(under.redF(), over.redF()), mix(under.greenF(), over.greenF()), mix(under.blueF(), over.blueF()));
}

QColor legible(QColor colour, const QColor& background, double ratio)
{
    const bool darker = luminance(background) > 0.18;
    for (int step = 0; step < 40 && contrast(colour, background) < ratio; ++step) {
        const auto hsl = colour.toHsl();
        const double lightness = std::clamp(hsl.lightnessF() + (darker ? -0.02 : 0.02), 0.0, 1.0);
        colour = QColor::fromHslF(std::max(0.0F, hsl.hslHueF()), hsl.hslSaturationF(), static_cast<float>(lightness));
    }
    return colour;
}

namespace {

// Red, orange, yellow, green, teal, blue, violet, grey: as models::RowColour counts them. The blue is one of the sky,
// since that of the sea is the selection's.
constexpr std::array<QRgb, 8> kLightRows{
    0xd0453d, 0xd9822b, 0xd8b21c, 0x4a9e5a, 0x2a9d94, 0x00a0e0, 0x8a5bc4, 0x7d8590};
constexpr std::array<QRgb, 8> kDarkRows{0xe5665e, 0xe39a4e, 0xd9bd4a, 0x63b877, 0x4bb8ae, 0x3ab0f0, 0xab82e0, 0x98a1ad};

} // namespace

QColor Colours::rowEdge(int colour) const
{
    const auto at = static_cast<std::size_t>(std::clamp(colour, 0, 7));
    return QColor(m_dark ? kDarkRows[at] : kLightRows[at]);
}

QColor Colours::row(int colour) const
{
    return blend(base, rowEdge(colour), m_dark ? 0.22 : 0.20);
}

Colours::Colours(const QPalette& palette) : m_dark(luminance(palette.color(QPalette::Base)) < 0.18)
{
    base = palette.color(QPalette::Base);
    alternate = palette.color(QPalette::AlternateBase);
    chrome = palette.color(QPalette::Window);
    text = palette.color(QPalette::Text);
    raised = palette.color(QPalette::Button);
    selection = palette.color(QPalette::Active, QPalette::Highlight);
    // A desktop's own highlight is often strong enough to need its own text colour; rows here keep
    // the colours of their cells, so such a highlight is softened.
    if (contrast(selection, base) > 2.2)
        selection = blend(base, selection, m_dark ? 0.42 : 0.22);
    hover = blend(base, text, m_dark ? 0.06 : 0.045);
    line = blend(base, text, m_dark ? 0.115 : 0.16);
    rowLine = blend(base, text, m_dark ? 0.045 : 0.08);
    muted = legible(blend(base, text, m_dark ? 0.58 : 0.66), base, 4.5);
    faint = blend(base, text, 0.42);

    accent = legible(palette.color(QPalette::Active, QPalette::Link), base, 4.5);
    onAccent = contrast(QColor(Qt::white), accent) >= 3.0 ? QColor(Qt::white) : QColor(0x14, 0x17, 0x1b);
    const auto pick = [this](QRgb light, QRgb dark) { return legible(QColor(m_dark ? dark : light), base, 4.5); };
    positive = pick(0x2b8a4b, 0x5fbf7f);
    warning = pick(0xa8650f, 0xd9a451);
    negative = pick(0xc2362f, 0xf0716a);
    failureRow = blend(base, negative, m_dark ? 0.15 : 0.10);
    added = blend(base, positive, m_dark ? 0.17 : 0.14);
    changed = blend(base, warning, m_dark ? 0.22 : 0.16);
    removed = blend(base, negative, m_dark ? 0.16 : 0.12);
    key = pick(0x1f5aa8, 0x8fb8f5);
    string = pick(0x23803f, 0x7ccf95);
    number = pick(0xb4511a, 0xeb9e6c);
    keyword = pick(0x8a3fb5, 0xc79bec);
    bar = blend(base, accent, m_dark ? 0.52 : 0.36);
    barFailed = blend(base, negative, m_dark ? 0.82 : 0.76);
}

QColor Colours::of(Role role) const
{
    switch (role) {
    case Role::Text: return text;
    case Role::Muted: return muted;
    case Role::Accent: return accent;
    case Role::Positive: return positive;
    case Role::Warning: return warning;
    case Role::Negative: return negative;
    case Role::OnAccent: return onAccent;
    }
    return text;
}

QColor Colours::stable(std::string_view name) const
{
    // Hues that stay apart for most eyes; red is left to failures.
    static constexpr std::array<int, 11> hues{214, 146, 282, 34, 188, 322, 96, 250, 168, 52, 302};
    std::uint32_t hash = 2166136261U;
    for (const char c : name)
        hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    const int hue = hues[hash % hues.size()];
    return legible(QColor::fromHsl(hue, m_dark ? 150 : 170, m_dark ? 165 : 105), base, 3.6);
}

} // namespace eventscope::ui
