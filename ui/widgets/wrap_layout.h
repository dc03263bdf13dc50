// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLayout>
#include <memory>
#include <vector>

namespace eventscope::ui {

/// Side by side like the words of a line, and on further lines where there is no room: nothing is cut
/// off in a narrow pane. Hidden widgets take no room.
class WrapLayout final : public QLayout {
    Q_OBJECT

public:
    WrapLayout(int across, int down); ///< the gaps, in pixels
    ~WrapLayout() override;

    void addItem(QLayoutItem* item) override;
    int count() const override;
    QLayoutItem* itemAt(int index) const override;
    QLayoutItem* takeAt(int index) override;
    Qt::Orientations expandingDirections() const override { return {}; }
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    void setGeometry(const QRect& rect) override;
    QSize sizeHint() const override;    ///< all in one line
    QSize minimumSize() const override; ///< as wide as the widest

private:
    /// Places the items into `rect`, if asked to; the height that they need.
    int arrange(const QRect& rect, bool place) const;

    const int m_across, m_down;
    std::vector<std::unique_ptr<QLayoutItem>> m_items;
};

} // namespace eventscope::ui
