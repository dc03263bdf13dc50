// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_detail/payload_text.h"

#include "event/json.h"
#include "event_detail/json_highlighter.h"
#include "event_format.h"
#include "json_beginning.h"
#include "plain_text.h"
#include "theme/fonts.h"
#include "widgets/labels.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QMimeData>
#include <QPushButton>
#include <QScrollBar>
#include <QTextBlock>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

namespace eventscope::ui {

namespace {

constexpr std::size_t kMostHighlighted = std::size_t{1} << 20;

QToolButton* modeButton(const QString& text, const QString& tip)
{
    auto* button = new QToolButton;
    button->setText(text);
    button->setToolTip(tip);
    button->setCheckable(true);
    button->setAutoRaise(true);
    button->setFont(fonts::small());
    return button;
}

} // namespace

LongLineText::LongLineText(QWidget* parent) : QPlainTextEdit(parent)
{
    setReadOnly(true);
    setFrameShape(QFrame::NoFrame);
    setFont(fonts::data());
    setUndoRedoEnabled(false);
    setWordWrapMode(QTextOption::WrapAnywhere);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    document()->setDocumentMargin(10);
}

void LongLineText::setLongText(const QString& text)
{
    m_softBreaks.clear();
    QString pieces;
    pieces.reserve(text.size() + text.size() / kPiece + 1);
    int block = 0;
    for (qsizetype begin = 0; begin <= text.size();) {
        qsizetype end = text.indexOf(QLatin1Char('\n'), begin);
        end = end < 0 ? text.size() : end;
        while (end - begin > kPiece) {
            // A pair of surrogates stays together.
            const qsizetype piece = text[begin + kPiece - 1].isHighSurrogate() ? kPiece - 1 : kPiece;
            pieces += QStringView(text).mid(begin, piece);
            pieces += QLatin1Char('\n');
            m_softBreaks.insert(block++);
            begin += piece;
        }
        pieces += QStringView(text).mid(begin, end - begin);
        if (end < text.size()) {
            pieces += QLatin1Char('\n');
            ++block;
        }
        begin = end + 1;
    }
    setPlainText(pieces);
}

QMimeData* LongLineText::createMimeDataFromSelection() const
{
    const QTextCursor cursor = textCursor();
    QString text;
    for (QTextBlock block = document()->findBlock(cursor.selectionStart());
         block.isValid() && block.position() <= cursor.selectionEnd(); block = block.next()) {
        const int from = std::max(0, cursor.selectionStart() - block.position());
        const int to = std::min(block.length() - 1, cursor.selectionEnd() - block.position());
        text += block.text().mid(from, to - from);
        if (block.position() + block.length() <= cursor.selectionEnd() && !m_softBreaks.contains(block.blockNumber())) {
            text += QLatin1Char('\n');
        }
    }
    auto* mime = new QMimeData;
    mime->setText(text);
    return mime;
}

PayloadText::PayloadText(QWidget* parent) : QWidget(parent)
{
    m_text = new LongLineText(this);
    m_text->setAccessibleName(tr("Payload as text"));
    m_highlighter = new JsonHighlighter(m_text->document());
    m_formatted = modeButton(tr("Formatted"), tr("Laid out to be read; every value as it was written"));
    m_exact = modeButton(tr("Exact"), tr("Character by character as it came"));
    auto* modes = new QButtonGroup(this);
    modes->addButton(m_formatted);
    modes->addButton(m_exact);
    m_formatted->setChecked(true);
    m_note = plainLabel({}, this);
    m_note->setFont(fonts::small());
    m_note->setForegroundRole(QPalette::PlaceholderText);

    auto* top = new QHBoxLayout;
    top->setContentsMargins(12, 4, 8, 0);
    top->setSpacing(2);
    top->addWidget(m_note, 1);
    top->addWidget(m_formatted);
    top->addWidget(m_exact);

    m_bar = new QWidget(this);
    m_shown = plainLabel({}, m_bar);
    m_more = new QPushButton(tr("Show more"), m_bar);
    auto* bar = new QHBoxLayout(m_bar);
    bar->setContentsMargins(12, 6, 12, 6);
    bar->addWidget(m_shown, 1);
    bar->addWidget(m_more);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(top);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_bar);
    connect(modes, &QButtonGroup::buttonClicked, this, &PayloadText::rebuild);
    connect(m_more, &QPushButton::clicked, this, &PayloadText::showMore);
}

void PayloadText::setPayload(std::string_view payload, bool isNull)
{
    m_payload = payload;
    m_isNull = isNull;
    m_limit = kFirst;
    rebuild();
    m_text->verticalScrollBar()->setValue(0);
}

QString PayloadText::shownText() const
{
    return m_text->toPlainText();
}

bool PayloadText::isFormatted() const
{
    return m_formatted->isEnabled() && m_formatted->isChecked();
}

void PayloadText::setFormatted(bool on)
{
    (on ? m_formatted : m_exact)->setChecked(true);
    rebuild();
}

void PayloadText::showMore()
{
    m_limit += kMore;
    const int at = m_text->verticalScrollBar()->value();
    rebuild();
    m_text->verticalScrollBar()->setValue(at);
}

void PayloadText::rebuild()
{
    const std::string_view shown = m_payload.substr(0, m_limit);
    const bool cut = shown.size() < m_payload.size();
    const auto beginning = models::jsonBeginning(m_payload, m_limit);
    const auto json = beginning && !m_payload.empty()
        ? core::Json::parse(beginning->json)
        : core::Result<core::Json>(core::fail(core::ErrorCode::Unparsable, {}));
    m_formatted->setEnabled(json.has_value());
    m_exact->setEnabled(!m_payload.empty());
    m_highlighter->setEnabled(json.has_value() && m_limit <= kMostHighlighted);

    m_note->setText(m_isNull    ? tr("No payload (null)")
            : m_payload.empty() ? tr("An empty payload: 0 bytes")
            : json              ? models::formatBytes(m_payload.size())
                                : tr("%1, no JSON").arg(models::formatBytes(m_payload.size())));
    if (json && m_formatted->isChecked()) {
        m_text->setLongText(models::visibleTextWhole(json->pretty(), models::Lines::Keep));
    } else {
        m_text->setLongText(models::visibleTextWhole(shown, models::Lines::Keep));
    }
    updateBar(cut);
}

void PayloadText::updateBar(bool cut)
{
    m_bar->setVisible(cut);
    if (cut) {
        m_shown->setText(
            tr("The first %1 of %2").arg(models::formatBytes(m_limit), models::formatBytes(m_payload.size())));
    }
}

} // namespace eventscope::ui
