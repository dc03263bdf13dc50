// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connect/profile_form.h"

#include "theme/fonts.h"
#include "theme/icons.h"
#include "widgets/labels.h"
#include "widgets/notice_line.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QPixmap>
#include <QScopedValueRollback>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <array>

namespace eventscope::ui {

using Field = models::TechnologyField;
using Kind = models::TechnologyField::Kind;
using Password = models::ConnectionProfile::Password;

namespace {

constexpr int kOptionRows = 3;

struct Colour {
    const char* value;
    const char* name;
};
constexpr std::array<Colour, 6> kColours{{{"", QT_TRANSLATE_NOOP("ProfileForm", "No colour")},
    {"#c0392b", QT_TRANSLATE_NOOP("ProfileForm", "Red")}, {"#b7791f", QT_TRANSLATE_NOOP("ProfileForm", "Amber")},
    {"#2e8b57", QT_TRANSLATE_NOOP("ProfileForm", "Green")}, {"#2f6fdd", QT_TRANSLATE_NOOP("ProfileForm", "Blue")},
    {"#8050b0", QT_TRANSLATE_NOOP("ProfileForm", "Violet")}}};

QIcon swatch(const QColor& colour)
{
    QPixmap pixmap(14, 14);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawRoundedRect(1, 1, 12, 12, 3, 3);
    return pixmap;
}

/// The same width in every part of the form, so that the fields line up.
QWidget* rowLabel(const QString& text, QWidget* parent)
{
    QLabel* label = plainLabel(text, parent);
    label->setMinimumWidth(label->fontMetrics().averageCharWidth() * 20);
    return label;
}

QLineEdit* lineEdit(const QString& name, QWidget* parent)
{
    auto* edit = new QLineEdit(parent);
    edit->setAccessibleName(name);
    edit->setTextMargins(4, 0, 4, 0);
    return edit;
}

QFormLayout* makeFormLayout()
{
    auto* layout = new QFormLayout;
    layout->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    layout->setLabelAlignment(Qt::AlignLeft);
    layout->setHorizontalSpacing(14);
    layout->setVerticalSpacing(7);
    return layout;
}

void setText(QWidget* editor, const QString& text)
{
    if (auto* edit = qobject_cast<QLineEdit*>(editor)) {
        if (edit->text() != text) {
            edit->setText(text);
        }
    } else if (auto* box = qobject_cast<QComboBox*>(editor)) {
        const int row = box->findData(text);
        if (row < 0) {
            box->addItem(text, text); // somebody's own value stays
        }
        box->setCurrentIndex(box->findData(text));
    } else if (auto* check = qobject_cast<QCheckBox*>(editor)) {
        check->setChecked(!text.isEmpty());
    }
}

} // namespace

ProfileForm::ProfileForm(QWidget* parent) : QWidget(parent)
{
    m_name = lineEdit(tr("Name"), this);
    m_colour = new QComboBox(this);
    m_colour->setAccessibleName(tr("Colour"));
    for (const Colour& colour : kColours) {
        m_colour->addItem(*colour.value == '\0' ? QIcon() : swatch(QColor(QLatin1String(colour.value))),
            tr(colour.name), QLatin1String(colour.value));
    }
    m_production = new QCheckBox(tr("Production"), this);
    m_production->setToolTip(tr("Says so in the title, so that nobody mistakes it"));
    m_openAtStart = new QCheckBox(tr("Open when the program starts"), this);
    m_url = lineEdit(tr("URL"), this);
    m_url->setFont(fonts::data());
    m_url->setPlaceholderText(tr("or paste a whole URL here"));
    m_notice = new NoticeLine(this);

    auto* named = new QHBoxLayout;
    named->setSpacing(10);
    named->addWidget(m_name, 1);
    named->addWidget(m_colour);
    named->addWidget(m_production);
    auto* top = makeFormLayout();
    top->addRow(rowLabel(tr("Name"), this), named);
    m_fields = makeFormLayout();
    auto* bottom = makeFormLayout();
    bottom->addRow(rowLabel(tr("URL"), this), m_url);
    bottom->addRow(rowLabel({}, this), m_openAtStart);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(9);
    layout->addLayout(top);
    layout->addLayout(m_fields);
    layout->addWidget(sectionLabel(tr("Further options"), this));
    layout->addWidget(makeOptions());
    layout->addLayout(bottom);
    layout->addWidget(m_notice);
    layout->addStretch();

    connect(m_name, &QLineEdit::textEdited, this, [this](const QString& text) {
        m_profile.name = text;
        noteEdited();
    });
    connect(m_colour, &QComboBox::activated, this, [this] {
        m_profile.colour = m_colour->currentData().toString();
        noteEdited();
    });
    connect(m_production, &QCheckBox::toggled, this, [this](bool on) {
        m_profile.production = on;
        noteEdited();
    });
    connect(m_openAtStart, &QCheckBox::toggled, this, [this](bool on) {
        m_profile.openAtStart = on;
        noteEdited();
    });
    connect(m_url, &QLineEdit::textEdited, this, &ProfileForm::onUrlEdited);
    connect(&m_rows, &models::OptionRowsModel::edited, this, [this] {
        models::setFurtherOptions(m_profile.url, m_rows.options());
        showUrl();
        noteEdited();
    });
    setProfile({});
}

QWidget* ProfileForm::makeOptions()
{
    m_options = new QTableView(this);
    m_options->setModel(&m_rows);
    m_options->setAccessibleName(tr("Further options"));
    m_options->setFont(fonts::data());
    m_options->verticalHeader()->hide();
    m_options->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
    m_options->horizontalHeader()->setStretchLastSection(true);
    m_options->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_options->setColumnWidth(models::OptionRowsModel::NameColumn, 220);
    m_options->setTabKeyNavigation(false);
    m_options->setEditTriggers(QAbstractItemView::AllEditTriggers);
    m_options->setFixedHeight((fontMetrics().height() + 8) * (kOptionRows + 1) + 8);
    auto* remove = new QAction(tr("Remove option"), m_options);
    remove->setShortcut(QKeySequence::Delete);
    remove->setShortcutContext(Qt::WidgetShortcut);
    connect(remove, &QAction::triggered, this, [this] { m_rows.removeRows(m_options->currentIndex().row(), 1); });
    m_options->addAction(remove);
    m_options->setContextMenuPolicy(Qt::ActionsContextMenu);
    return m_options;
}

void ProfileForm::setProfile(const models::ConnectionProfile& profile)
{
    const bool otherFields = m_editors.empty() || profile.url.scheme != m_profile.url.scheme;
    m_profile = profile;
    const QScopedValueRollback filling(m_filling, true);
    if (otherFields) {
        rebuildFields();
    }
    m_name->setText(profile.name);
    setText(m_colour, profile.colour);
    m_production->setChecked(profile.production);
    m_openAtStart->setChecked(profile.openAtStart);
    fillFields();
    showUrl();
    m_problem.clear();
    m_notice->hide();
}

void ProfileForm::rebuildFields()
{
    while (m_fields->rowCount() > 0) {
        m_fields->removeRow(0);
    }
    m_editors.clear();
    m_password = nullptr;
    for (const Field& field : models::fieldsOf(m_profile.url.scheme)) {
        QWidget* editor = makeEditor(field);
        m_editors.emplace_back(field, editor);
        auto* edit = qobject_cast<QLineEdit*>(editor);
        const bool isFile = field.kind == Kind::Path || field.kind == Kind::File;
        m_fields->addRow(
            rowLabel(field.kind == Kind::Tls ? QString() : field.label, this), isFile ? makeFileEditor(edit) : editor);
        if (field.kind == Kind::Password) {
            m_password = new QComboBox(this);
            m_password->setAccessibleName(tr("What becomes of the password"));
            m_password->addItem(tr("Kept in the key chain"), static_cast<int>(Password::Keep));
            m_password->addItem(tr("Asked for each time"), static_cast<int>(Password::Ask));
            m_password->addItem(tr("There is none"), static_cast<int>(Password::None));
            connect(m_password, &QComboBox::activated, this, [this, edit] {
                m_profile.password = static_cast<Password>(m_password->currentData().toInt());
                edit->setEnabled(m_profile.password != Password::None);
                noteEdited();
            });
            m_fields->addRow(rowLabel({}, this), m_password);
        }
    }
}

QWidget* ProfileForm::makeEditor(const Field& field)
{
    if (field.kind == Kind::Tls) {
        auto* check = new QCheckBox(field.label, this);
        connect(check, &QCheckBox::toggled, this,
            [this, field](bool on) { onFieldEdited(field, on ? QStringLiteral("1") : QString()); });
        return check;
    }
    if (field.kind == Kind::Choice) {
        auto* box = new QComboBox(this);
        for (const auto& [value, words] : field.choices) {
            box->addItem(words, QString::fromStdString(value));
        }
        box->setAccessibleName(field.label);
        connect(box, &QComboBox::activated, this,
            [this, field, box] { onFieldEdited(field, box->currentData().toString()); });
        return box;
    }
    QLineEdit* edit = lineEdit(field.label, this);
    edit->setPlaceholderText(field.placeholder);
    if (field.kind == Kind::Password) {
        edit->setEchoMode(QLineEdit::Password);
    }
    connect(edit, &QLineEdit::textChanged, this, [this, field](const QString& text) { onFieldEdited(field, text); });
    return edit;
}

QWidget* ProfileForm::makeFileEditor(QLineEdit* edit)
{
    auto* row = new QWidget(this);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    auto* browse = new QToolButton(row);
    browse->setIcon(icon(QLatin1String("document-open")));
    browse->setAccessibleName(tr("Choose a file"));
    browse->setToolTip(tr("Choose a file"));
    layout->addWidget(edit, 1);
    layout->addWidget(browse);
    connect(browse, &QToolButton::clicked, this, [this, edit] {
        const QString path = QFileDialog::getOpenFileName(this, tr("Choose a file"), edit->text());
        if (!path.isEmpty()) {
            edit->setText(path);
        }
    });
    return row;
}

void ProfileForm::fillFields()
{
    for (const auto& [field, editor] : m_editors) {
        setText(editor, models::fieldText(m_profile.url, field));
        if (field.kind == Kind::Password) {
            auto* edit = qobject_cast<QLineEdit*>(editor);
            const bool kept = m_profile.password == Password::Keep && !m_profile.id.isEmpty();
            edit->setPlaceholderText(kept ? tr("as it is kept in the key chain") : QString());
            edit->setEnabled(m_profile.password != Password::None);
            m_password->setCurrentIndex(m_password->findData(static_cast<int>(m_profile.password)));
        }
    }
    m_rows.setOptions(models::furtherOptions(m_profile.url));
}

void ProfileForm::onFieldEdited(const Field& field, const QString& text)
{
    if (m_filling) {
        return;
    }
    const core::Status set = models::setFieldText(m_profile.url, field, text);
    if (set && field.kind == Kind::Tls) {
        const QScopedValueRollback filling(m_filling, true);
        fillFields(); // the usual port is another one
    }
    showUrl();
    noteEdited(set ? QString() : QString::fromStdString(set.error().message));
}

void ProfileForm::onUrlEdited(const QString& text)
{
    if (text.trimmed().isEmpty()) {
        noteEdited();
        return;
    }
    auto url = core::parseSourceUrl(text.trimmed().toStdString());
    if (!url) {
        noteEdited(QString::fromStdString(url.error().message));
        return;
    }
    const bool otherFields = url->scheme != m_profile.url.scheme;
    if (url->password.empty() && url->account() == m_profile.url.account()) {
        url->password = m_profile.url.password;
    }
    m_profile.url = std::move(*url);
    {
        const QScopedValueRollback filling(m_filling, true);
        if (otherFields) {
            rebuildFields();
        }
        fillFields();
    }
    noteEdited();
}

void ProfileForm::showUrl()
{
    const bool nothing = !models::whatIsMissing(m_profile).isEmpty();
    m_url->setText(nothing ? QString() : QString::fromStdString(m_profile.url.withoutSecrets().text()));
    m_url->setCursorPosition(0);
    models::ConnectionProfile unnamed = m_profile;
    unnamed.name.clear();
    m_name->setPlaceholderText(models::shownName(unnamed));
}

void ProfileForm::noteEdited(const QString& problem)
{
    if (m_filling) {
        return;
    }
    m_problem = problem;
    m_notice->setVisible(!problem.isEmpty());
    m_notice->setNotice(QLatin1String("dialog-error"), Role::Negative, problem);
    Q_EMIT edited();
}

QWidget* ProfileForm::editorOf(Kind kind) const
{
    const auto found = std::ranges::find(m_editors, kind, [](const auto& pair) { return pair.first.kind; });
    return found == m_editors.end() ? nullptr : found->second;
}

void ProfileForm::focusFirst()
{
    QWidget* first = m_editors.empty() ? m_name : m_editors.front().second;
    first->setFocus();
}

} // namespace eventscope::ui
