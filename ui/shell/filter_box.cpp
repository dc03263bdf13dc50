// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/filter_box.h"

#include "filter_text.h"
#include "inspect/filter/filter_names.h"
#include "plain_text.h"
#include "shell/filter_chip.h"
#include "shell/filter_completer.h"
#include "shell/filter_hint.h"
#include "theme/colours.h"
#include "theme/fonts.h"
#include "theme/icons.h"
#include "widgets/ask_text.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QInputMethodEvent>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QSettings>
#include <QTextCharFormat>
#include <QToolButton>
#include <algorithm>

namespace eventscope::ui {

using models::FilterVerdict;

namespace {

constexpr qsizetype kMostHistory = 30;
constexpr qsizetype kMostColoured = 4000;
const QString kHistory = QStringLiteral("filter/history");
const QString kSaved = QStringLiteral("filter/saved"); // before they had names
const QString kNamed = QStringLiteral("filter/named");
constexpr std::size_t kMostShown = 30;

QToolButton* toolButton(QLatin1String iconName, Role role, const QString& tip)
{
    auto* button = new QToolButton;
    button->setIcon(icon(iconName, role));
    button->setIconSize(QSize(14, 14));
    button->setAutoRaise(true);
    button->setToolTip(tip);
    button->setAccessibleName(tip);
    button->setFocusPolicy(Qt::NoFocus);
    return button;
}

struct Token {
    qsizetype begin, length;
    QColor colour;
};

/// The parts of an expression that have a colour of their own. It only colours; what the text means
/// is the parser's to say.
QList<Token> tokensOf(const QString& text, const Colours& colours)
{
    QList<Token> tokens;
    for (qsizetype at = 0; at < text.size();) {
        const QChar c = text[at];
        qsizetype end = at + 1;
        if (c == QLatin1Char('\'') || c == QLatin1Char('"')) {
            while (end < text.size() && text[end] != c) {
                end += text[end] == QLatin1Char('\\') ? 2 : 1;
            }
            end = std::min(end + 1, text.size());
            tokens.append({at, end - at, colours.string});
        } else if (c.isDigit()) {
            while (end < text.size() && (text[end].isDigit() || text[end] == QLatin1Char('.'))) {
                ++end;
            }
            tokens.append({at, end - at, colours.number});
        } else if (c.isLetter() || c == QLatin1Char('_')) {
            while (end < text.size() && (text[end].isLetterOrNumber() || QStringView(u"_.").contains(text[end]))) {
                ++end;
            }
            const QString word = text.mid(at, end - at);
            tokens.append({at, end - at, core::isFilterKeyword(word.toStdString()) ? colours.keyword : colours.key});
        }
        at = end;
    }
    return tokens;
}

} // namespace

FilterBox::FilterBox(const core::EventLog& log, QWidget* parent) : QWidget(parent)
{
    m_edit = new QLineEdit(this);
    m_edit->setFrame(false);
    m_edit->setFont(fonts::data());
    m_edit->setPlaceholderText(tr("Filter, e.g.  type = 'OrderPlaced' AND data.totalAmount > 100"));
    m_edit->setAccessibleName(tr("Filter"));
    m_edit->setMaxLength(100'000);
    m_edit->installEventFilter(this);
    setFocusProxy(m_edit);
    m_clear = toolButton(QLatin1String("edit-clear"), Role::Muted, tr("Clear the filter (Esc)"));
    m_state = toolButton(QLatin1String("object-select"), Role::Positive, tr("This filter can be applied"));
    m_state->setAttribute(Qt::WA_TransparentForMouseEvents);
    m_star = toolButton(QLatin1String("non-starred"), Role::Warning, tr("Saved filters and history"));
    m_hint = new FilterHint(this);
    m_completer = new FilterCompleter(*m_edit, log, this);

    m_chips = new QHBoxLayout;
    m_chips->setSpacing(4);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(5, 1, 4, 1);
    layout->setSpacing(1);
    layout->addLayout(m_chips);
    layout->addWidget(m_edit, 1);
    layout->addWidget(m_clear);
    layout->addWidget(m_state);
    layout->addWidget(m_star);
    setFixedHeight(30);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);

    connect(m_edit, &QLineEdit::textChanged, this, &FilterBox::onTextChanged);
    connect(m_edit, &QLineEdit::textEdited, m_completer, &FilterCompleter::offer);
    connect(m_edit, &QLineEdit::returnPressed, this, &FilterBox::applyTyped);
    connect(m_clear, &QAbstractButton::clicked, this, &FilterBox::clear);
    connect(m_star, &QAbstractButton::clicked, this, &FilterBox::showSavedMenu);
    connect(&m_checker, &models::FilterChecker::checked, this, &FilterBox::onVerdict);
    showVerdict();
}

QString FilterBox::text() const
{
    return m_edit->text();
}

void FilterBox::focusText()
{
    m_edit->setFocus(Qt::ShortcutFocusReason);
    m_edit->selectAll();
}

// Typing and applying.

void FilterBox::onTextChanged()
{
    if (m_colouring) {
        return;
    }
    m_historyAt = -1;
    m_hint->say({}, Role::Negative);
    m_checker.check(m_edit->text());
    colourText();
}

void FilterBox::onVerdict(const FilterVerdict& verdict)
{
    m_verdict = verdict;
    showVerdict();
    colourText();
    if (m_applyWhenChecked) {
        m_applyWhenChecked = false;
        applyTyped();
    }
}

void FilterBox::applyTyped()
{
    if (m_verdict.text != m_edit->text()) {
        m_applyWhenChecked = true; // Return came faster than the verdict
        return;
    }
    // Words alone can be read as an attribute; nobody who types them means that.
    if (const auto search = models::asTextSearch(m_edit->text())) {
        apply(*search);
        return;
    }
    if (m_verdict.kind == FilterVerdict::Kind::Wrong) {
        showVerdict();
        return;
    }
    take(m_verdict);
}

void FilterBox::apply(const QString& text)
{
    m_edit->setText(text);
    m_verdict = models::judgeFilter(text); // a text of ours, short
    showVerdict();
    if (m_verdict.kind != FilterVerdict::Kind::Wrong) {
        take(m_verdict);
    }
}

void FilterBox::take(const FilterVerdict& verdict)
{
    m_applied = verdict.text;
    remember(verdict.text);
    showVerdict();
    Q_EMIT applied(verdict);
}

void FilterBox::showVerdict()
{
    const bool empty = m_edit->text().trimmed().isEmpty();
    m_clear->setVisible(!empty);
    m_state->setVisible(!empty);
    switch (m_verdict.kind) {
    case FilterVerdict::Kind::Wrong:
        m_state->setIcon(icon(QLatin1String("dialog-error"), Role::Negative));
        m_hint->say(m_verdict.sentence, Role::Negative);
        break;
    case FilterVerdict::Kind::Advice:
        m_state->setIcon(icon(QLatin1String("dialog-warning"), Role::Warning));
        m_hint->say(m_verdict.sentence, Role::Warning);
        break;
    default: m_state->setIcon(icon(QLatin1String("object-select"), Role::Positive)); m_hint->say({}, Role::Negative);
    }
    if (m_completer->isOffering()) {
        m_hint->say({}, Role::Negative); // a word half typed is wrong, and help is already there
    }
    m_state->setAccessibleName(m_verdict.sentence);
    m_star->setIcon(icon(QLatin1String(m_named.nameOf(m_edit->text()) ? "starred" : "non-starred"), Role::Warning));
    update();
}

void FilterBox::colourText()
{
    // A line edit has no formats of its own, but those of an input method it draws.
    const QString text = m_edit->text();
    QList<QInputMethodEvent::Attribute> attributes;
    if (text.size() <= kMostColoured) {
        const Colours colours(palette());
        for (const Token& token : tokensOf(text, colours)) {
            QTextCharFormat format;
            format.setForeground(token.colour);
            attributes.append(QInputMethodEvent::Attribute(QInputMethodEvent::TextFormat,
                static_cast<int>(token.begin) - m_edit->cursorPosition(), static_cast<int>(token.length), format));
        }
    }
    // What is wrong is underlined; an error at the end has nothing under it but the last character.
    if (m_verdict.kind == FilterVerdict::Kind::Wrong && m_verdict.text == text && !text.isEmpty()
        && !m_completer->isOffering()) {
        const qsizetype begin = std::clamp<qsizetype>(m_verdict.begin, 0, text.size() - 1);
        const qsizetype end = std::clamp<qsizetype>(m_verdict.end, begin + 1, text.size());
        QTextCharFormat wrong;
        wrong.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        wrong.setUnderlineColor(Colours(palette()).negative);
        attributes.append(QInputMethodEvent::Attribute(QInputMethodEvent::TextFormat,
            static_cast<int>(begin) - m_edit->cursorPosition(), static_cast<int>(end - begin), wrong));
    }
    QInputMethodEvent event(QString(), attributes);
    m_colouring = true;
    QApplication::sendEvent(m_edit, &event);
    m_colouring = false;
}

// Chips.

void FilterBox::setChip(const QString& id, const QString& iconName, const QString& text)
{
    auto* chip = findChild<FilterChip*>(id);
    if (!chip) {
        chip = new FilterChip(this);
        chip->setObjectName(id);
        m_chips->addWidget(chip);
        connect(chip, &QAbstractButton::clicked, this, [this, id] {
            removeChip(id);
            Q_EMIT chipRemoved(id);
        });
    }
    chip->set(iconName, text);
}

void FilterBox::removeChip(const QString& id)
{
    if (auto* chip = findChild<FilterChip*>(id)) {
        chip->setObjectName({});
        chip->hide();
        chip->deleteLater();
    }
}

QString FilterBox::chipText(const QString& id) const
{
    const auto* chip = findChild<FilterChip*>(id);
    return chip ? chip->text() : QString();
}

// History and saved filters.

void FilterBox::remember(const QString& text)
{
    if (text.trimmed().isEmpty()) {
        return;
    }
    m_history.removeAll(text);
    m_history.prepend(text);
    m_history = m_history.mid(0, kMostHistory);
}

void FilterBox::browseHistory(int step)
{
    const int to = m_historyAt + step;
    if (to < 0 || to >= m_history.size()) {
        return;
    }
    m_edit->setText(m_history[to]);
    m_historyAt = to;
}

void FilterBox::showSavedMenu()
{
    auto* menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("savedFilters"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setToolTipsVisible(true);
    const QString now = m_edit->text();
    const auto shown = [](const QString& text) {
        return models::visibleText(text, 90).replace(QLatin1Char('&'), QLatin1String("&&"));
    };
    const auto known = m_named.nameOf(now);
    if (m_verdict.expression && m_verdict.text == now && !known) {
        menu->addAction(
            icon(QLatin1String("starred"), Role::Warning), tr("Save this filter…"), this, &FilterBox::askForName);
    }
    if (known) {
        menu->addAction(tr("Rename “%1”…").arg(shown(*known)), this, [this, name = *known] { askForOtherName(name); });
        menu->addAction(
            icon(QLatin1String("edit-delete")), tr("Delete “%1”").arg(shown(*known)), this, [this, name = *known] {
                m_named.remove(name);
                showVerdict();
            });
    }
    if (!m_named.all().empty()) {
        menu->addSection(tr("Saved"));
        for (const auto& filter : m_named.all()) {
            if (static_cast<std::size_t>(menu->actions().size()) > kMostShown) {
                break;
            }
            QAction* pick = menu->addAction(shown(filter.name), this, [this, text = filter.text] { apply(text); });
            pick->setToolTip(models::plainToolTip(filter.text));
        }
    }
    if (!m_history.isEmpty()) {
        menu->addSection(tr("Lately"));
        for (const QString& text : m_history.mid(0, 12)) {
            menu->addAction(shown(text), this, [this, text] { apply(text); });
        }
    }
    if (menu->isEmpty()) {
        menu->addAction(tr("Filters that you apply are listed here"))->setEnabled(false);
    }
    menu->popup(m_star->mapToGlobal(QPoint(0, m_star->height() + 2)));
}

void FilterBox::askForName()
{
    const QString text = m_edit->text();
    askText(this, {.title = tr("Save the filter"), .label = tr("Its name:"), .text = {}},
        [this, text](const std::optional<QString>& name) {
            if (name) {
                m_named.save(*name, text);
                showVerdict();
            }
        });
}

void FilterBox::askForOtherName(const QString& name)
{
    askText(this, {.title = tr("Rename the filter"), .label = tr("Its name:"), .text = name},
        [this, name](const std::optional<QString>& other) {
            if (other && !m_named.rename(name, *other)) {
                m_hint->say(tr("There is a filter of that name already."), Role::Warning);
            }
        });
}

void FilterBox::load(const QSettings& settings)
{
    m_history = settings.value(kHistory).toStringList().mid(0, kMostHistory);
    m_named = models::NamedFilters::fromJson(settings.value(kNamed).toByteArray());
    for (const QString& text : settings.value(kSaved).toStringList()) {
        if (!m_named.nameOf(text)) {
            m_named.save({}, text);
        }
    }
}

void FilterBox::save(QSettings& settings) const
{
    settings.setValue(kHistory, m_history);
    settings.setValue(kNamed, m_named.toJson());
    settings.remove(kSaved);
}

// Looks.

bool FilterBox::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_edit) {
        if (event->type() == QEvent::FocusIn) {
            m_completer->learn();
        }
        if (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut) {
            update();
        }
        if (event->type() == QEvent::KeyPress && !m_completer->isOffering()) {
            const int key = static_cast<QKeyEvent*>(event)->key();
            if (key == Qt::Key_Up || key == Qt::Key_Down) {
                browseHistory(key == Qt::Key_Up ? 1 : -1);
                return true;
            }
            if (key == Qt::Key_Escape && (!m_edit->text().isEmpty() || !m_applied.isEmpty())) {
                clear();
                return true;
            }
        }
    }
    return QWidget::eventFilter(watched, event);
}

void FilterBox::paintEvent(QPaintEvent*)
{
    const Colours colours(palette());
    QColor border = m_edit->hasFocus() ? colours.accent : colours.line;
    if (!m_edit->text().trimmed().isEmpty()) {
        switch (m_verdict.kind) {
        case FilterVerdict::Kind::Wrong: border = colours.negative; break;
        case FilterVerdict::Kind::Advice: border = colours.warning; break;
        case FilterVerdict::Kind::Valid: border = colours.positive; break;
        case FilterVerdict::Kind::Empty: break;
        }
    }
    const bool tinted = m_verdict.kind != FilterVerdict::Kind::Empty;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(border);
    painter.setBrush(tinted ? blend(colours.base, border, 0.045) : colours.base);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
}

void FilterBox::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_edit) {
        // The frame shows the ground of the box through the edit.
        QPalette clear = palette();
        clear.setColor(QPalette::Base, Qt::transparent);
        m_edit->setPalette(clear);
        colourText();
    }
}

void FilterBox::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    if (m_hint->isVisible()) {
        m_hint->place();
    }
}

} // namespace eventscope::ui
