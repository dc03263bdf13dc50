// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/fonts.h"

#include <QFontDatabase>
#include <QString>
#include <QStringList>
#include <algorithm>
#include <initializer_list>

namespace eventscope::ui::fonts {

namespace {

// A desktop that asks for larger text gets it; a bare display's 9 pt is too small to read for hours.
double interfacePoints()
{
    static const double points
        = std::clamp(QFontDatabase::systemFont(QFontDatabase::GeneralFont).pointSizeF(), 9.75, 24.0);
    return points;
}

QString firstInstalled(std::initializer_list<const char*> families, QFontDatabase::SystemFont otherwise)
{
    const QStringList installed = QFontDatabase::families();
    for (const char* family : families) {
        QString name = QString::fromLatin1(family);
        if (installed.contains(name))
            return name;
    }
    return QFontDatabase::systemFont(otherwise).family();
}

QFont sized(const QString& family, double points)
{
    QFont font(family);
    font.setPointSizeF(points);
    return font;
}

} // namespace

QFont interface()
{
    static const QString family
        = firstInstalled({"Inter", "Inter Variable", "Noto Sans", "DejaVu Sans"}, QFontDatabase::GeneralFont);
    QFont font = sized(family, interfacePoints());
#if QT_VERSION >= QT_VERSION_CHECK(6, 7, 0)
    font.setFeature("tnum", 1); // figures of one width
#endif
    return font;
}

QFont data()
{
    static const QString family
        = firstInstalled({"JetBrains Mono", "DejaVu Sans Mono", "Noto Sans Mono"}, QFontDatabase::FixedFont);
    QFont font = sized(family, interfacePoints() * 0.94);
    font.setStyleHint(QFont::Monospace);
    font.setFixedPitch(true);
    font.setKerning(false);
    // Ligatures would draw "!=" or "->" as something the data does not hold.
    font.setStyleStrategy(QFont::StyleStrategy(QFont::PreferAntialias));
    return font;
}

QFont dataBold()
{
    QFont font = data();
    font.setWeight(QFont::DemiBold);
    return font;
}

QFont section()
{
    QFont font = interface();
    font.setPointSizeF(interfacePoints() * 0.84);
    font.setWeight(QFont::DemiBold);
    font.setLetterSpacing(QFont::PercentageSpacing, 106);
    return font;
}

QFont small()
{
    QFont font = interface();
    font.setPointSizeF(interfacePoints() * 0.88);
    return font;
}

QFont bold()
{
    QFont font = interface();
    font.setWeight(QFont::DemiBold);
    return font;
}

} // namespace eventscope::ui::fonts
