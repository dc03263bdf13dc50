// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/icons.h"

#include <QBuffer>
#include <QFile>
#include <QGuiApplication>
#include <QIconEngine>
#include <QImageReader>
#include <QPainter>
#include <QPixmapCache>

// Resources of a static library are registered by hand, from outside any namespace.
static void registerResources()
{
    Q_INIT_RESOURCE(resources);
}

namespace eventscope::ui {

namespace {

bool& desktopIcons()
{
    static bool on = false;
    return on;
}

QByteArray svgOf(const QString& name)
{
    static const bool registered = (registerResources(), true);
    Q_UNUSED(registered)
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QImage render(const QString& name, const QColor& colour, QSize size)
{
    QByteArray svg = svgOf(name);
    svg.replace("currentColor", colour.name(QColor::HexRgb).toLatin1());
    QBuffer buffer(&svg);
    buffer.open(QIODevice::ReadOnly);
    QImageReader reader(&buffer, "svg");
    reader.setScaledSize(size);
    return reader.read();
}

/// Draws the SVG in the colour that its role has at the time of drawing.
class TintedIconEngine final : public QIconEngine {
public:
    TintedIconEngine(QString name, Role role) : m_name(std::move(name)), m_role(role) { }

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override
    {
        const double ratio = painter->device() ? painter->device()->devicePixelRatio() : 1.0;
        QPixmap drawn = scaledPixmap(rect.size() * ratio, mode, state, ratio);
        drawn.setDevicePixelRatio(ratio);
        painter->drawPixmap(rect.topLeft(), drawn);
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        return scaledPixmap(size, mode, state, 1.0);
    }

    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State, qreal) override
    {
        const Colours colours(QGuiApplication::palette());
        const QColor colour = mode == QIcon::Disabled ? colours.faint : colours.of(m_role);
        const QString key = QStringLiteral("eventscope-icon/%1/%2/%3x%4")
                                .arg(m_name, colour.name())
                                .arg(size.width())
                                .arg(size.height());
        QPixmap drawn;
        if (!QPixmapCache::find(key, &drawn)) {
            drawn = QPixmap::fromImage(render(m_name, colour, size));
            if (drawn.isNull()) { // no SVG plugin on this machine: an empty picture, the word remains
                drawn = QPixmap(size);
                drawn.fill(Qt::transparent);
            }
            QPixmapCache::insert(key, drawn);
        }
        return drawn;
    }

    QIconEngine* clone() const override { return new TintedIconEngine(*this); }
    QString key() const override { return QStringLiteral("eventscope"); }
    bool isNull() override { return false; }

private:
    QString m_name;
    Role m_role;
};

} // namespace

QIcon icon(QLatin1String name, Role role)
{
    const QIcon bundled(new TintedIconEngine(QString(name), role));
    return desktopIcons() && role == Role::Text ? QIcon::fromTheme(QString(name), bundled) : bundled;
}

void setDesktopIcons(bool on)
{
    desktopIcons() = on;
}

} // namespace eventscope::ui
