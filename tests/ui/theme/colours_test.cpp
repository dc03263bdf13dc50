// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/colours.h"
#include "theme/icons.h"
#include "theme/theme.h"

#include <QApplication>
#include <QDir>
#include <QImage>
#include <array>
#include <cmath>
#include <gtest/gtest.h>

using namespace eventscope::ui;

namespace {

void expectLegible(const QPalette& palette)
{
    const Colours colours(palette);
    for (const QColor& ink : {colours.text, colours.muted, colours.accent, colours.positive, colours.warning,
             colours.negative, colours.key, colours.string, colours.number, colours.keyword}) {
        EXPECT_GE(contrast(ink, colours.base), 4.5) << ink.name().toStdString();
        EXPECT_GE(contrast(ink, colours.chrome), 4.0) << ink.name().toStdString();
    }
    EXPECT_GE(contrast(colours.onAccent, colours.accent), 3.0);
    EXPECT_GE(contrast(colours.text, colours.selection), 4.5);
    EXPECT_GE(contrast(colours.text, colours.failureRow), 4.5);
}

/// How different two colours look: their distance in CIELAB.
double difference(const QColor& a, const QColor& b)
{
    const auto lab = [](const QColor& colour) {
        const auto linear = [](double c) { return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
        const auto f = [](double t) { return t > 0.008856 ? std::cbrt(t) : 7.787 * t + 16.0 / 116; };
        const double red = linear(colour.redF()), green = linear(colour.greenF()), blue = linear(colour.blueF());
        const double x = f((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047);
        const double y = f(0.2126 * red + 0.7152 * green + 0.0722 * blue);
        const double z = f((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883);
        return std::array{116 * y - 16, 500 * (x - y), 200 * (y - z)};
    };
    const auto p = lab(a), q = lab(b);
    return std::sqrt(std::pow(p[0] - q[0], 2) + std::pow(p[1] - q[1], 2) + std::pow(p[2] - q[2], 2));
}

void expectRowsToldApart(const QPalette& palette)
{
    const Colours colours(palette);
    for (int colour = 0; colour < 8; ++colour) {
        EXPECT_GE(difference(colours.row(colour), colours.selection), 7.5) << colour;
        EXPECT_GE(difference(colours.row(colour), colours.base), 7.5) << colour;
        EXPECT_GE(contrast(colours.text, colours.row(colour)), 4.5) << colour;
        for (int other = 0; other < colour; ++other) {
            EXPECT_GE(difference(colours.row(colour), colours.row(other)), 6.0) << colour << " and " << other;
        }
    }
}

} // namespace

TEST(Colours, TellRowsOfRulesFromEachOtherAndFromTheSelection)
{
    expectRowsToldApart(Theme::lightPalette());
    expectRowsToldApart(Theme::darkPalette());
}

TEST(Colours, AreLegibleOnTheLightPalette)
{
    expectLegible(Theme::lightPalette());
    EXPECT_FALSE(Colours(Theme::lightPalette()).isDark());
}

TEST(Colours, AreLegibleOnTheDarkPalette)
{
    expectLegible(Theme::darkPalette());
    EXPECT_TRUE(Colours(Theme::darkPalette()).isDark());
}

TEST(Colours, StayLegibleOnADesktopsPalette)
{
    QPalette desktop(QColor(0xef, 0xf0, 0xf1));
    desktop.setColor(QPalette::Base, QColor(0xfc, 0xf5, 0xe0));
    desktop.setColor(QPalette::Highlight, QColor(0x3d, 0xae, 0xe9));
    const Colours colours(desktop);
    EXPECT_GE(contrast(colours.negative, colours.base), 4.5);
    EXPECT_LE(contrast(colours.selection, colours.base), 2.2);
}

TEST(Colours, GiveATypeTheSameColourAlways)
{
    const Colours colours(Theme::lightPalette());
    EXPECT_EQ(colours.stable("OrderPlaced"), colours.stable("OrderPlaced"));
    EXPECT_NE(colours.stable("OrderPlaced"), colours.stable("PaymentConfirmed"));
}

TEST(Theme, SwitchesBetweenLightAndDark)
{
    Theme theme;
    theme.apply(Theme::Look::Light);
    EXPECT_FALSE(theme.isDark());
    theme.toggle();
    EXPECT_TRUE(theme.isDark());
    EXPECT_EQ(QApplication::palette().color(QPalette::Base), Theme::darkPalette().color(QPalette::Base));
    theme.toggle();
    EXPECT_FALSE(theme.isDark());
}

TEST(Icons, AreAllDrawn)
{
    EXPECT_FALSE(icon(QLatin1String("list-add")).isNull());
    const QStringList names = QDir(QStringLiteral(":/icons")).entryList();
    ASSERT_GT(names.size(), 40);
    for (const QString& file : names) {
        const QByteArray name = file.chopped(4).toLatin1();
        const QImage image = icon(QLatin1String(name), Role::Accent).pixmap(16, 16).toImage();
        bool drawn = false;
        for (int y = 0; y < image.height() && !drawn; ++y) {
            for (int x = 0; x < image.width() && !drawn; ++x) {
                drawn = qAlpha(image.pixel(x, y)) > 128;
            }
        }
        EXPECT_TRUE(drawn) << name.toStdString();
    }
}
