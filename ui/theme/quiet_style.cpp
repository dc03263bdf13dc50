// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/quiet_style.h"

#include "theme/colours.h"
#include "theme/fonts.h"
#include "theme/icons.h"
#include "theme/quiet_parts.h"

#include <QPainter>
#include <QPushButton>
#include <QStyleOption>
#include <QTabBar>
#include <QVariant>
#include <algorithm>

namespace eventscope::ui {

namespace {

void drawTab(const QStyleOptionTab* tab, QPainter* painter, const QWidget* widget)
{
    const Colours colours(tab->palette);
    const bool selected = tab->state & QStyle::State_Selected;
    const bool hover = tab->state & QStyle::State_MouseOver;
    if (selected)
        painter->fillRect(tab->rect, colours.base);
    else if (hover)
        painter->fillRect(tab->rect, blend(colours.chrome, colours.text, 0.04));
    if (selected) {
        const QRect line(tab->rect.left(), tab->rect.bottom() - 1, tab->rect.width(), 2);
        painter->fillRect(line, colours.accent);
    }
    if (tab->state & QStyle::State_HasFocus && tab->state & QStyle::State_KeyboardFocusChange && widget
        && widget->hasFocus())
        fillRounded(painter, tab->rect.adjusted(3, 4, -3, -5), Qt::transparent, colours.accent);
}

void drawTabLabel(const QStyle* style, const QStyleOptionTab* tab, QPainter* painter, const QWidget* widget)
{
    const Colours colours(tab->palette);
    const bool selected = tab->state & QStyle::State_Selected;
    const QRect area = style->subElementRect(QStyle::SE_TabBarTabText, tab, widget);
    painter->save();
    QFont font = painter->font();
    font.setWeight(selected ? QFont::DemiBold : QFont::Normal);
    painter->setFont(font);
    painter->setPen(selected ? colours.text : tab->state & QStyle::State_Enabled ? colours.muted : colours.faint);
    painter->drawText(area, Qt::AlignCenter | Qt::TextShowMnemonic | Qt::TextHideMnemonic, tab->text);
    painter->restore();
}

void drawHeaderSection(const QStyleOption* option, QPainter* painter)
{
    const Colours colours(option->palette);
    const QRect& r = option->rect;
    const bool hover = option->state & QStyle::State_MouseOver && option->state & QStyle::State_Enabled;
    painter->fillRect(r, hover ? colours.hover : colours.base);
    painter->fillRect(QRect(r.left(), r.bottom(), r.width(), 1), colours.line);
    painter->fillRect(QRect(r.right(), r.top() + 6, 1, r.height() - 12), colours.rowLine);
}

void drawBranch(const QStyleOption* option, QPainter* painter)
{
    if (!(option->state & QStyle::State_Children))
        return;
    const Colours colours(option->palette);
    const QPointF centre = QRectF(option->rect).center() + QPointF(0.5, 0.5);
    const double s = 3.0;
    QPolygonF arrow;
    if (option->state & QStyle::State_Open)
        arrow << centre + QPointF(-s - 0.5, -s / 2) << centre + QPointF(s + 0.5, -s / 2)
              << centre + QPointF(0, s / 2 + 1.2);
    else
        arrow << centre + QPointF(-s / 2, -s - 0.5) << centre + QPointF(s / 2 + 1.2, 0)
              << centre + QPointF(-s / 2, s + 0.5);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(colours.muted);
    painter->drawPolygon(arrow);
    painter->restore();
}

void drawDockTitle(const QStyleOptionDockWidget* dock, QPainter* painter)
{
    const Colours colours(dock->palette);
    painter->fillRect(dock->rect, colours.base);
    painter->save();
    painter->setFont(fonts::section());
    painter->setPen(colours.muted);
    const QRect area = dock->rect.adjusted(12, 0, -44, 0);
    // "SOURCES", and "ORDERPLACED · version 1": what follows the heading itself stays small.
    const qsizetype heading = dock->title.indexOf(QStringLiteral(" · "));
    const QString title
        = heading < 0 ? dock->title.toUpper() : dock->title.left(heading).toUpper() + dock->title.mid(heading);
    const QString text = painter->fontMetrics().elidedText(title, Qt::ElideRight, area.width());
    painter->drawText(area, Qt::AlignVCenter | Qt::AlignLeft, text);
    painter->restore();
}

void drawScrollBar(const QStyleOptionSlider* bar, const QRect& handle, QPainter* painter)
{
    const Colours colours(bar->palette);
    painter->fillRect(bar->rect, colours.base);
    if (bar->maximum <= bar->minimum)
        return;
    const bool busy = bar->state & QStyle::State_MouseOver || bar->activeSubControls & QStyle::SC_ScrollBarSlider;
    const bool pressed = bar->state & QStyle::State_Sunken && bar->activeSubControls & QStyle::SC_ScrollBarSlider;
    const QColor fill = blend(colours.base, colours.text, pressed ? 0.42 : busy ? 0.32 : 0.20);
    const QRectF inner = QRectF(handle).adjusted(2.5, 2.5, -2.5, -2.5);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(fill);
    const double radius = std::min(inner.width(), inner.height()) / 2;
    painter->drawRoundedRect(inner, radius, radius);
    painter->restore();
}

QRect scrollBarPart(const QStyleOptionSlider* bar, QStyle::SubControl sub)
{
    const bool vertical = bar->orientation == Qt::Vertical;
    const int length = vertical ? bar->rect.height() : bar->rect.width();
    const qint64 range = qint64(bar->maximum) - bar->minimum;
    int handle = length;
    if (range > 0)
        handle = static_cast<int>(
            std::clamp<qint64>(qint64(length) * bar->pageStep / (range + bar->pageStep), std::min(28, length), length));
    const int start = QStyle::sliderPositionFromValue(
        bar->minimum, bar->maximum, bar->sliderPosition, length - handle, bar->upsideDown);
    const auto along = [&](int from, int size) {
        return vertical ? QRect(bar->rect.left(), bar->rect.top() + from, bar->rect.width(), size)
                        : QRect(bar->rect.left() + from, bar->rect.top(), size, bar->rect.height());
    };
    switch (sub) {
    case QStyle::SC_ScrollBarSlider: return along(start, handle);
    case QStyle::SC_ScrollBarSubPage: return along(0, start);
    case QStyle::SC_ScrollBarAddPage: return along(start + handle, length - start - handle);
    case QStyle::SC_ScrollBarGroove: return along(0, length);
    default: return {};
    }
}

} // namespace

QuietStyle::QuietStyle() : QProxyStyle(QStringLiteral("fusion")) { }

int QuietStyle::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const
{
    switch (metric) {
    case PM_DockWidgetSeparatorExtent: return 3;
    case PM_SplitterWidth: return 1;
    case PM_DockWidgetFrameWidth: return 0;
    case PM_DockWidgetTitleMargin: return 7;
    case PM_DockWidgetTitleBarButtonMargin: return 2;
    case PM_ScrollBarExtent: return 11;
    case PM_ScrollBarSliderMin: return 28;
    case PM_ToolBarFrameWidth: return 0;
    case PM_ToolBarItemMargin: return 0;
    case PM_ToolBarItemSpacing: return 8;
    case PM_TabBarTabHSpace: return 28;
    case PM_TabBarTabVSpace: return 15;
    case PM_TabBarTabShiftVertical:
    case PM_TabBarTabShiftHorizontal: return 0;
    case PM_TabBarBaseHeight:
    case PM_TabBarTabOverlap: return 0;
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical: return 0;
    case PM_HeaderMargin: return 8;
    case PM_FocusFrameHMargin: return 7; // an item's text stands under its header's
    case PM_TreeViewIndentation: return 15;
    case PM_SmallIconSize:
    case PM_ButtonIconSize:
    case PM_ToolBarIconSize: return 16;
    case PM_ToolTipLabelFrameWidth: return 5;
    default: return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int QuietStyle::styleHint(
    StyleHint hint, const QStyleOption* option, const QWidget* widget, QStyleHintReturn* returnData) const
{
    switch (hint) {
    case SH_TabBar_Alignment: return Qt::AlignLeft;
    case SH_Slider_AbsoluteSetButtons: return Qt::LeftButton;
    case SH_ScrollView_FrameOnlyAroundContents: return 0;
    case SH_ComboBox_Popup: return 0;
    case SH_TitleBar_NoBorder: return 1;
    case SH_DialogButtonBox_ButtonsHaveIcons: return 0;
    case SH_ItemView_ShowDecorationSelected: return 1;
    default: return QProxyStyle::styleHint(hint, option, widget, returnData);
    }
}

QSize QuietStyle::sizeFromContents(
    ContentsType type, const QStyleOption* option, const QSize& size, const QWidget* widget) const
{
    QSize result = QProxyStyle::sizeFromContents(type, option, size, widget);
    if (type == CT_PushButton)
        result = QSize(std::max(result.width() + 4, 28), std::max(size.height() + 10, 28));
    else if (type == CT_ToolButton)
        result = QSize(std::max(result.width(), 24), std::max(result.height(), 24));
    else if (type == CT_LineEdit || type == CT_ComboBox || type == CT_SpinBox)
        result.setHeight(std::max(result.height(), 28));
    return result;
}

QRect QuietStyle::subElementRect(SubElement element, const QStyleOption* option, const QWidget* widget) const
{
    const QRect rect = QProxyStyle::subElementRect(element, option, widget);
    const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option);
    return element == SE_LineEditContents && frame && frame->lineWidth > 0 ? rect.adjusted(4, 0, -4, 0) : rect;
}

QRect QuietStyle::subControlRect(
    ComplexControl control, const QStyleOptionComplex* option, SubControl sub, const QWidget* widget) const
{
    if (control == CC_ScrollBar)
        if (const auto* bar = qstyleoption_cast<const QStyleOptionSlider*>(option))
            return scrollBarPart(bar, sub);
    return QProxyStyle::subControlRect(control, option, sub, widget);
}

QIcon QuietStyle::standardIcon(StandardPixmap standard, const QStyleOption* option, const QWidget* widget) const
{
    switch (standard) {
    case SP_TitleBarCloseButton:
    case SP_DockWidgetCloseButton: return icon(QLatin1String("window-close"), Role::Muted);
    case SP_TitleBarNormalButton: return icon(QLatin1String("window-restore"), Role::Muted);
    case SP_LineEditClearButton: return icon(QLatin1String("edit-clear"), Role::Muted);
    case SP_ToolBarHorizontalExtensionButton: return icon(QLatin1String("go-next"), Role::Muted);
    case SP_MessageBoxWarning: return icon(QLatin1String("dialog-warning"), Role::Warning);
    case SP_MessageBoxCritical: return icon(QLatin1String("dialog-error"), Role::Negative);
    case SP_MessageBoxInformation:
    case SP_MessageBoxQuestion: return icon(QLatin1String("dialog-information"), Role::Accent);
    default: return QProxyStyle::standardIcon(standard, option, widget);
    }
}

void QuietStyle::drawPrimitive(
    PrimitiveElement element, const QStyleOption* option, QPainter* painter, const QWidget* widget) const
{
    const Colours colours(option->palette);
    switch (element) {
    case PE_PanelButtonCommand: drawButton(option, painter, widget); return;
    case PE_FrameDefaultButton: return;
    case PE_FrameFocusRect:
        if (option->state & State_KeyboardFocusChange)
            fillRounded(painter, option->rect, Qt::transparent, colours.accent);
        return;
    case PE_PanelButtonTool: {
        if (widget && widget->property("outlined").toBool()) {
            drawButton(option, painter, widget);
            return;
        }
        const bool on = option->state & (State_On | State_Sunken);
        const bool hover = option->state & State_Enabled && option->state & State_MouseOver;
        if (on || hover)
            fillRounded(painter, option->rect, on ? colours.selection : colours.hover, {});
        return;
    }
    case PE_PanelLineEdit: {
        const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option);
        if (frame && frame->lineWidth > 0) {
            const bool focus = option->state & State_HasFocus;
            fillRounded(painter, option->rect, colours.base, focus ? colours.accent : colours.line);
        }
        return;
    }
    case PE_FrameLineEdit: return;
    case PE_Frame:
    case PE_FrameGroupBox:
        painter->setPen(colours.line);
        painter->setBrush(Qt::NoBrush);
        painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
        return;
    case PE_PanelScrollAreaCorner: painter->fillRect(option->rect, colours.base); return;
    case PE_FrameTabWidget:
    case PE_FrameStatusBarItem:
    case PE_FrameDockWidget:
    case PE_PanelStatusBar: return;
    case PE_FrameTabBarBase: {
        const QRect& r = option->rect;
        painter->fillRect(QRect(r.left(), r.bottom(), r.width(), 1), colours.line);
        return;
    }
    case PE_IndicatorCheckBox:
    case PE_IndicatorItemViewItemCheck: drawCheckMark(option, painter); return;
    case PE_IndicatorBranch: drawBranch(option, painter); return;
    case PE_IndicatorDockWidgetResizeHandle: {
        painter->fillRect(option->rect, colours.base);
        const QRect& r = option->rect;
        const bool vertical = r.height() > r.width();
        painter->fillRect(
            vertical ? QRect(r.center().x(), r.top(), 1, r.height()) : QRect(r.left(), r.center().y(), r.width(), 1),
            option->state & State_MouseOver ? colours.accent : colours.line);
        return;
    }
    case PE_IndicatorToolBarSeparator:
        painter->fillRect(
            QRect(option->rect.center().x(), option->rect.top() + 5, 1, option->rect.height() - 10), colours.line);
        return;
    case PE_PanelTipLabel:
        painter->fillRect(option->rect, colours.base);
        painter->setPen(colours.line);
        painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
        return;
    default: QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

void QuietStyle::drawControl(
    ControlElement element, const QStyleOption* option, QPainter* painter, const QWidget* widget) const
{
    switch (element) {
    case CE_PushButtonLabel: {
        const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option);
        const Colours colours(option->palette);
        const QColor role = roleColour(widget, colours);
        if (button && role.isValid() && option->state & State_Enabled) {
            QStyleOptionButton tinted(*button);
            const bool outlined = widget->property("role").toString() == QLatin1String("warning");
            tinted.palette.setColor(QPalette::ButtonText, outlined ? role : colours.onAccent);
            QProxyStyle::drawControl(element, &tinted, painter, widget);
            return;
        }
        break;
    }
    case CE_TabBarTabShape:
        if (const auto* tab = qstyleoption_cast<const QStyleOptionTab*>(option)) {
            drawTab(tab, painter, widget);
            return;
        }
        break;
    case CE_TabBarTabLabel:
        if (const auto* tab = qstyleoption_cast<const QStyleOptionTab*>(option)) {
            drawTabLabel(proxy(), tab, painter, widget);
            return;
        }
        break;
    case CE_HeaderSection:
    case CE_HeaderEmptyArea: drawHeaderSection(option, painter); return;
    case CE_HeaderLabel:
        if (const auto* header = qstyleoption_cast<const QStyleOptionHeader*>(option)) {
            QStyleOptionHeader quiet(*header);
            const Colours colours(option->palette);
            quiet.palette.setColor(QPalette::ButtonText, colours.muted);
            quiet.palette.setColor(QPalette::WindowText, colours.muted);
            // A view that keeps a gutter before its first column's text keeps it in the header too.
            const bool leftmost = header->position == QStyleOptionHeader::Beginning
                || header->position == QStyleOptionHeader::OnlyOneSection;
            if (widget && leftmost && option->direction == Qt::LeftToRight)
                quiet.rect.adjust(widget->property("gutter").toInt(), 0, 0, 0);
            QProxyStyle::drawControl(element, &quiet, painter, widget);
            return;
        }
        break;
    case CE_Splitter: painter->fillRect(option->rect, Colours(option->palette).line); return;
    case CE_ProgressBar:
        if (const auto* bar = qstyleoption_cast<const QStyleOptionProgressBar*>(option); bar && !bar->textVisible) {
            QStyleOptionProgressBar thin(*bar);
            thin.rect = thinBar(bar);
            QProxyStyle::drawControl(element, &thin, painter, widget);
            return;
        }
        break;
    case CE_ToolBar: {
        const Colours colours(option->palette);
        painter->fillRect(option->rect, colours.base);
        painter->fillRect(QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1), colours.line);
        return;
    }
    case CE_DockWidgetTitle:
        if (const auto* dock = qstyleoption_cast<const QStyleOptionDockWidget*>(option)) {
            drawDockTitle(dock, painter);
            return;
        }
        break;
    default: break;
    }
    QProxyStyle::drawControl(element, option, painter, widget);
}

void QuietStyle::drawComplexControl(
    ComplexControl control, const QStyleOptionComplex* option, QPainter* painter, const QWidget* widget) const
{
    if (control == CC_ScrollBar) {
        if (const auto* bar = qstyleoption_cast<const QStyleOptionSlider*>(option)) {
            drawScrollBar(bar, scrollBarPart(bar, SC_ScrollBarSlider), painter);
            return;
        }
    }
    if (control == CC_SpinBox) {
        if (const auto* box = qstyleoption_cast<const QStyleOptionSpinBox*>(option)) {
            drawSpinBox(proxy(), box, painter, widget);
            return;
        }
    }
    if (control == CC_ComboBox) {
        const auto* box = qstyleoption_cast<const QStyleOptionComboBox*>(option);
        if (box && !box->editable) {
            drawComboBox(box, painter, widget);
            return;
        }
    }
    QProxyStyle::drawComplexControl(control, option, painter, widget);
}

} // namespace eventscope::ui
