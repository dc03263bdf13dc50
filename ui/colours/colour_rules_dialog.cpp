// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "colours/colour_rules_dialog.h"

#include "filter_checker.h"
#include "plain_text.h"
#include "shell/view_settings.h"
#include "theme/colours.h"
#include "theme/fonts.h"
#include "theme/icons.h"
#include "widgets/labels.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QListWidget>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

namespace eventscope::ui {

using models::ColourRule;
using models::RowColour;

namespace {

QIcon swatch(RowColour colour, const QPalette& palette)
{
    QPixmap pixmap(28, 28);
    pixmap.setDevicePixelRatio(2);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(Colours(palette).rowEdge(static_cast<int>(colour)));
    painter.drawRoundedRect(QRectF(1, 1, 12, 12), 3, 3);
    return QIcon(pixmap);
}

QString shownName(const ColourRule& rule)
{
    return models::visibleText(rule.name.isEmpty() ? rule.filter : rule.name, 80);
}

} // namespace

ColourRulesDialog::ColourRulesDialog(ViewSettings& settings, QWidget* parent)
    : QDialog(parent), m_settings(settings), m_rules(settings.colours())
{
    setWindowTitle(tr("Colours of rows"));
    setObjectName(QStringLiteral("colourRules"));
    resize(620, 440);
    m_list = new QListWidget(this);
    m_list->setAccessibleName(tr("Rules, the first that matches counts"));
    m_list->setAlternatingRowColors(true);
    m_name = new QLineEdit(this);
    m_name->setPlaceholderText(tr("What these events are, e.g. large orders"));
    m_name->setAccessibleName(tr("Name"));
    m_filter = new QLineEdit(this);
    m_filter->setFont(fonts::data());
    m_filter->setPlaceholderText(tr("e.g.  data.totalAmount > 100"));
    m_filter->setAccessibleName(tr("Filter"));
    m_verdict = plainLabel({}, this);
    m_verdict->setWordWrap(true);
    m_colour = new QComboBox(this);
    m_colour->setAccessibleName(tr("Colour"));
    for (const RowColour colour : models::kRowColours) {
        m_colour->addItem(swatch(colour, palette()), models::titleOf(colour));
    }
    const auto button = [this](const char* iconName, const QString& text, auto run) {
        auto* made = new QPushButton(text, this);
        if (*iconName != '\0') {
            made->setIcon(icon(QLatin1String(iconName)));
        }
        made->setAutoDefault(false);
        connect(made, &QPushButton::clicked, this, run);
        return made;
    };
    QPushButton* addButton = button("list-add", tr("Add"), [this] { add({}); });
    m_remove = button("edit-delete", tr("Remove"), [this] { remove(); });
    m_up = button("", tr("Up"), [this] { move(-1); });
    m_down = button("", tr("Down"), [this] { move(1); });
    auto* actions = new QHBoxLayout;
    for (QPushButton* action : {addButton, m_remove, m_up, m_down}) {
        actions->addWidget(action);
    }
    actions->addStretch();
    auto* form = new QFormLayout;
    form->addRow(plainLabel(tr("Name"), this), m_name);
    form->addRow(plainLabel(tr("Filter"), this), m_filter);
    form->addRow(QString(), m_verdict);
    form->addRow(plainLabel(tr("Colour"), this), m_colour);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    buttons->button(QDialogButtonBox::Close)->setAutoDefault(false);
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(10);
    layout->addWidget(plainLabel(tr("Of the rules that match an event, the first gives its row the colour."), this));
    layout->addWidget(m_list, 1);
    layout->addLayout(actions);
    layout->addLayout(form);
    layout->addWidget(buttons);

    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_list, &QListWidget::currentRowChanged, this, &ColourRulesDialog::showRule);
    connect(m_list, &QListWidget::itemChanged, this, [this](QListWidgetItem* item) {
        if (!m_filling) {
            m_rules[static_cast<std::size_t>(m_list->row(item))].on = item->checkState() == Qt::Checked;
            apply();
        }
    });
    connect(m_name, &QLineEdit::textEdited, this, &ColourRulesDialog::take);
    connect(m_filter, &QLineEdit::textEdited, this, &ColourRulesDialog::take);
    connect(m_colour, &QComboBox::activated, this, &ColourRulesDialog::take);
    fill(0);
}

std::optional<std::size_t> ColourRulesDialog::current() const
{
    const int row = m_list->currentRow();
    return row < 0 ? std::nullopt : std::optional(static_cast<std::size_t>(row));
}

void ColourRulesDialog::fill(std::size_t select)
{
    m_filling = true;
    m_list->clear();
    for (const ColourRule& rule : m_rules) {
        auto* item = new QListWidgetItem(swatch(rule.colour, palette()), shownName(rule), m_list);
        item->setFlags(item->flags() | Qt::ItemIsUserCheckable);
        item->setCheckState(rule.on ? Qt::Checked : Qt::Unchecked);
        item->setToolTip(models::plainToolTip(rule.filter));
    }
    m_filling = false;
    m_list->setCurrentRow(static_cast<int>(std::min(select, m_rules.size() - (m_rules.empty() ? 0 : 1))));
    showRule();
}

void ColourRulesDialog::showRule()
{
    if (m_filling) {
        return;
    }
    const auto at = current();
    const bool has = at && *at < m_rules.size();
    for (QWidget* part : std::initializer_list<QWidget*>{m_name, m_filter, m_colour, m_remove}) {
        part->setEnabled(has);
    }
    m_up->setEnabled(has && *at > 0);
    m_down->setEnabled(has && *at + 1 < m_rules.size());
    if (!has) {
        m_name->clear();
        m_filter->clear();
        m_verdict->setText(tr("No rules yet: Add makes one."));
        return;
    }
    const ColourRule& rule = m_rules[*at];
    if (m_name->text() != rule.name) {
        m_name->setText(rule.name);
    }
    if (m_filter->text() != rule.filter) {
        m_filter->setText(rule.filter);
    }
    m_colour->setCurrentIndex(static_cast<int>(rule.colour));
    const models::FilterVerdict verdict = models::judgeFilter(rule.filter); // short, typed by a person
    m_verdict->setText(verdict.kind == models::FilterVerdict::Kind::Empty ? tr("A filter says which events it is for.")
                                                                          : verdict.sentence);
}

void ColourRulesDialog::take()
{
    const auto at = current();
    if (!at || *at >= m_rules.size()) {
        return;
    }
    ColourRule& rule = m_rules[*at];
    rule.name = m_name->text();
    rule.filter = m_filter->text();
    rule.colour = static_cast<RowColour>(m_colour->currentIndex());
    m_filling = true;
    m_list->item(static_cast<int>(*at))->setText(shownName(rule));
    m_list->item(static_cast<int>(*at))->setIcon(swatch(rule.colour, palette()));
    m_filling = false;
    showRule();
    apply();
}

void ColourRulesDialog::add(const QString& filter)
{
    // The colour that no rule has yet, or the next one.
    const auto unused = std::ranges::find_if(models::kRowColours,
        [this](RowColour colour) { return std::ranges::find(m_rules, colour, &ColourRule::colour) == m_rules.end(); });
    const RowColour colour = unused == models::kRowColours.end() ? RowColour::Yellow : *unused;
    m_rules.push_back({.name = {}, .filter = filter, .colour = colour, .on = true});
    fill(m_rules.size() - 1);
    apply();
    (filter.isEmpty() ? m_filter : m_name)->setFocus();
}

void ColourRulesDialog::move(int step)
{
    const auto at = current();
    if (!at) {
        return;
    }
    const std::size_t to = *at + static_cast<std::size_t>(step); // wraps to something too large below 0
    if (to < m_rules.size()) {
        std::swap(m_rules[*at], m_rules[to]);
        fill(to);
        apply();
    }
}

void ColourRulesDialog::remove()
{
    if (const auto at = current(); at && *at < m_rules.size()) {
        m_rules.erase(m_rules.begin() + static_cast<std::ptrdiff_t>(*at));
        fill(*at);
        apply();
    }
}

void ColourRulesDialog::apply()
{
    m_settings.setColours(m_rules);
}

} // namespace eventscope::ui
