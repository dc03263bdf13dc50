// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSyntaxHighlighter>

namespace eventscope::ui {

/// Colours JSON text, also where a long text goes on over several blocks.
class JsonHighlighter final : public QSyntaxHighlighter {
    Q_OBJECT

public:
    explicit JsonHighlighter(QTextDocument* document);

    void setEnabled(bool on);

protected:
    void highlightBlock(const QString& text) override;

private:
    bool m_enabled = true;
};

} // namespace eventscope::ui
