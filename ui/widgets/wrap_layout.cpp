// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/wrap_layout.h"

#include <algorithm>
#include <utility>

namespace eventscope::ui {

WrapLayout::WrapLayout(int across, int down) : m_across(across), m_down(down) { }

WrapLayout::~WrapLayout() = default;

void WrapLayout::addItem(QLayoutItem* item)
{
    m_items.emplace_back(item);
}

int WrapLayout::count() const
{
    return static_cast<int>(m_items.size());
}

QLayoutItem* WrapLayout::itemAt(int index) const
{
    return index >= 0 && index < count() ? m_items[static_cast<std::size_t>(index)].get() : nullptr;
}

QLayoutItem* WrapLayout::takeAt(int index)
{
    if (index < 0 || index >= count()) {
        return nullptr;
    }
    const auto at = m_items.begin() + index;
    QLayoutItem* taken = at->release();
    m_items.erase(at);
    return taken;
}

int WrapLayout::heightForWidth(int width) const
{
    return arrange({0, 0, width, 0}, false);
}

void WrapLayout::setGeometry(const QRect& rect)
{
    QLayout::setGeometry(rect);
    arrange(rect, true);
}

QSize WrapLayout::sizeHint() const
{
    QSize size(0, 0);
    for (const auto& item : m_items) {
        if (!item->isEmpty()) {
            const QSize hint = item->sizeHint();
            size = {size.width() + (size.width() > 0 ? m_across : 0) + hint.width(),
                std::max(size.height(), hint.height())};
        }
    }
    return size.grownBy(contentsMargins());
}

QSize WrapLayout::minimumSize() const
{
    QSize size(0, 0);
    for (const auto& item : m_items) {
        if (!item->isEmpty()) {
            size = size.expandedTo(item->minimumSize());
        }
    }
    return size.grownBy(contentsMargins());
}

int WrapLayout::arrange(const QRect& rect, bool place) const
{
    const QRect inner = rect.marginsRemoved(contentsMargins());
    int left = inner.left(), top = inner.top(), line = 0;
    for (const auto& item : m_items) {
        if (item->isEmpty()) {
            continue;
        }
        QSize size = item->sizeHint();
        if (left > inner.left() && left + size.width() > inner.left() + inner.width()) {
            left = inner.left();
            top += line + m_down;
            line = 0;
        }
        size.setWidth(std::min(size.width(), inner.width()));
        if (place) {
            item->setGeometry({{left, top}, size});
        }
        left += size.width() + m_across;
        line = std::max(line, size.height());
    }
    return top + line - rect.top() + contentsMargins().bottom();
}

} // namespace eventscope::ui
