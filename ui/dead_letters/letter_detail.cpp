// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dead_letters/letter_detail.h"

#include "dead_letters_model.h"
#include "event/json.h"
#include "plain_text.h"
#include "theme/fonts.h"
#include "widgets/labels.h"
#include "widgets/wrap_layout.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QPlainTextEdit>
#include <QTabWidget>
#include <QTreeView>
#include <QVBoxLayout>
#include <algorithm>
#include <cctype>
#include <string>

namespace eventscope::ui {

namespace {

constexpr std::size_t kPrettyBytes = 256 * 1024; // a longer payload is shown as it is
constexpr qsizetype kShownChars = 64 * 1024;

QPlainTextEdit* textView(const QString& name, QWidget* parent)
{
    auto* view = new QPlainTextEdit(parent);
    view->setReadOnly(true);
    view->setFont(fonts::data());
    view->setFrameShape(QFrame::NoFrame);
    view->setTabChangesFocus(true);
    view->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    view->setAccessibleName(name);
    return view;
}

/// "Correlation-ID", "ce_correlationid" → "correlationid".
std::string bareName(std::string_view name)
{
    if (name.starts_with("ce_") || name.starts_with("ce-"))
        name.remove_prefix(3);
    std::string bare;
    for (const char c : name) {
        if (std::isalnum(static_cast<unsigned char>(c)) != 0)
            bare += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    return bare;
}

} // namespace

QString correlationOf(const core::DeadLetter& letter)
{
    const auto found = std::ranges::find_if(
        letter.original.headers, [](const core::Header& header) { return bareName(header.name) == "correlationid"; });
    return found == letter.original.headers.end() ? QString() : QString::fromStdString(found->value);
}

LetterDetail::LetterDetail(QWidget* parent)
    : QWidget(parent)
    , m_replay(new LinkButton(tr("Replay stream"), this))
    , m_flow(new LinkButton(tr("Show flow"), this))
    , m_newer(new LinkButton({}, this))
    , m_past(new LinkButton(tr("Journal"), this))
    , m_tabs(new QTabWidget(this))
    , m_payload(textView(tr("Payload"), this))
    , m_stack(textView(tr("Stack"), this))
    , m_headers(new models::HeadersModel(this))
{
    auto* facts = new QWidget(this);
    auto* form = new QFormLayout(facts);
    form->setContentsMargins(12, 8, 12, 8);
    form->setVerticalSpacing(5);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_why = addFact(form, tr("Why"));
    m_message = addFact(form, {});
    m_from = addFact(form, tr("Where from"));
    m_event = addFact(form, tr("Event"));
    m_failed = addFact(form, tr("Failed"));
    m_failed->setObjectName(QStringLiteral("failed"));
    m_id = addFact(form, tr("Letter"));
    m_why->setFont(fonts::bold());
    m_why->setRole(Role::Negative);
    auto* links = new WrapLayout(16, 2);
    links->addWidget(m_replay);
    links->addWidget(m_flow);
    links->addWidget(m_newer);
    links->addWidget(m_past);
    form->addRow(QString(), links);

    auto* headers = new QTreeView(this);
    headers->setRootIsDecorated(false);
    headers->setUniformRowHeights(true);
    headers->setModel(m_headers);
    headers->setFrameShape(QFrame::NoFrame);
    headers->setFont(fonts::data());
    headers->setAccessibleName(tr("Headers"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_payload, tr("Payload"));
    m_tabs->addTab(m_stack, tr("Stack"));
    m_tabs->addTab(headers, tr("Headers"));

    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(facts, 1);
    layout->addWidget(new Hairline(Qt::Vertical, this));
    layout->addWidget(m_tabs, 1);
    connect(m_replay, &LinkButton::clicked, this, [this] { Q_EMIT replayWanted(m_stream); });
    m_newer->hide();
    connect(m_past, &LinkButton::clicked, this, [this] { Q_EMIT pastWanted(m_letter); });
    connect(m_newer, &LinkButton::clicked, this, &LetterDetail::newerWanted);
    connect(m_flow, &LinkButton::clicked, this, [this] { Q_EMIT flowWanted(m_correlation); });
}

ElidedLabel* LetterDetail::addFact(QFormLayout* form, const QString& name)
{
    auto* label = new ElidedLabel(this);
    auto* title = plainLabel(name, this);
    title->setForegroundRole(QPalette::PlaceholderText);
    form->addRow(title, label);
    return label;
}

/// Not every broker says when, or after how many attempts.
QString LetterDetail::failureOf(const core::DeadLetter& letter) const
{
    const QString when
        = letter.failedAt == core::Timestamp{} ? tr("it is not said when") : m_format.exact(letter.failedAt);
    if (letter.attempts <= 0)
        return when;
    return letter.attempts == 1 ? tr("%1, after 1 attempt").arg(when)
                                : tr("%1, after %2 attempts").arg(when).arg(letter.attempts);
}

void LetterDetail::setPayload(const core::DeadLetter& letter)
{
    const std::string& bytes = letter.original.data;
    if (bytes.size() <= kPrettyBytes) {
        if (const core::Result<core::Json> json = core::Json::parse(bytes)) {
            m_payload->setPlainText(models::visibleText(json->pretty(), kShownChars, models::Lines::Keep));
            return;
        }
    }
    m_payload->setPlainText(models::visibleText(bytes, kShownChars, models::Lines::Keep));
}

void LetterDetail::setNewer(std::size_t count)
{
    m_newer->setVisible(count > 0);
    m_newer->setText(count == 1 ? tr("1 newer event") : tr("%1 newer events").arg(models::formatCount(count)));
    m_newer->updateGeometry();
}

void LetterDetail::setLetter(const core::DeadLetter* letter)
{
    setEnabled(letter != nullptr);
    const core::DeadLetter none;
    const core::DeadLetter& shown = letter ? *letter : none;
    m_stream = QString::fromStdString(shown.original.stream);
    m_correlation = correlationOf(shown);
    m_letter = QString::fromStdString(shown.id);
    m_past->setVisible(letter != nullptr);
    m_replay->setVisible(!m_stream.isEmpty());
    m_flow->setVisible(!m_correlation.isEmpty());
    m_why->setText(QString::fromStdString(shown.error.type));
    m_message->setText(models::visibleText(shown.error.message, models::kTooltipChars));
    m_from->setText(letter ? models::letterOrigin(shown) : QString());
    m_event->setText(
        models::visibleText(shown.original.type) + QLatin1Char(' ') + models::visibleText(shown.original.id));
    m_failed->setText(letter ? failureOf(shown) : QString());
    m_id->setText(models::visibleText(shown.id));
    setPayload(shown);
    m_stack->setPlainText(shown.error.stack.empty()
            ? (letter ? tr("This letter carries no stack.") : QString())
            : models::visibleText(shown.error.stack, kShownChars, models::Lines::Keep));
    models::HeadersModel::Headers headers;
    for (const core::Header& header : shown.original.headers)
        headers.emplace_back(header.name, header.value);
    m_headers->setHeaders(std::move(headers));
}

} // namespace eventscope::ui
