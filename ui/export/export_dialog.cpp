// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/export_dialog.h"

#include "event_format.h"
#include "theme/icons.h"
#include "widgets/labels.h"

#include <QComboBox>
#include <QDateTime>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QProgressBar>
#include <QPushButton>
#include <QRadioButton>
#include <QVBoxLayout>
#include <algorithm>
#include <array>
#include <utility>

namespace eventscope::ui {

using core::ExportFormat;

namespace {

constexpr std::array kFormats{
    ExportFormat::Capture, ExportFormat::NdJson, ExportFormat::CloudEvents, ExportFormat::Csv};
constexpr int kProgressSteps = 1000;

QString nameOf(ExportFormat format)
{
    switch (format) {
    case ExportFormat::Capture: return ExportDialog::tr("Capture");
    case ExportFormat::NdJson: return ExportDialog::tr("NDJSON");
    case ExportFormat::CloudEvents: return ExportDialog::tr("CloudEvents");
    case ExportFormat::Csv: return ExportDialog::tr("CSV");
    }
    return {};
}

QString aboutOf(ExportFormat format)
{
    switch (format) {
    case ExportFormat::Capture:
        return ExportDialog::tr("Events with marks, notes, filters and columns in one file, to look at elsewhere as "
                                "here. It is an SQLite database.");
    case ExportFormat::NdJson: return ExportDialog::tr("One JSON object a line, every byte kept; can be imported.");
    case ExportFormat::CloudEvents: return ExportDialog::tr("One CloudEvent 1.0 a line.");
    case ExportFormat::Csv: return ExportDialog::tr("For spreadsheets; nothing in it is taken for a formula.");
    }
    return {};
}

QString suffixOf(ExportFormat format)
{
    switch (format) {
    case ExportFormat::Capture: return QStringLiteral(".eventscope");
    case ExportFormat::NdJson:
    case ExportFormat::CloudEvents: return QStringLiteral(".ndjson");
    case ExportFormat::Csv: return QStringLiteral(".csv");
    }
    return {};
}

} // namespace

ExportDialog::ExportDialog(const core::EventLog& log, Offer offer, QWidget* parent)
    : QDialog(parent), m_log(log), m_offer(std::move(offer))
{
    setWindowTitle(tr("Save or export"));
    setObjectName(QStringLiteral("exportDialog"));
    setMinimumWidth(560);
    m_format = new QComboBox(this);
    m_format->setAccessibleName(tr("Kind of file"));
    for (const ExportFormat format : kFormats) {
        m_format->addItem(nameOf(format), static_cast<int>(format));
    }
    m_about = plainLabel({}, this);
    m_about->setWordWrap(true);
    m_about->setForegroundRole(QPalette::PlaceholderText);
    const std::uint64_t all = m_log.size() - m_log.firstRow();
    m_everything = new QRadioButton(tr("Everything in the log: %1 events").arg(models::formatCount(all)), this);
    m_shown = new QRadioButton(
        tr("What is shown, in this order: %1 events").arg(models::formatCount(m_offer.shownCount)), this);
    m_chosen = new QRadioButton(tr("The chosen rows: %1 events").arg(models::formatCount(m_offer.chosen.size())), this);
    m_shown->setEnabled(m_offer.shown && m_offer.shownCount > 0);
    m_chosen->setEnabled(m_offer.chosen.size() > 1);
    (m_shown->isEnabled() ? m_shown : m_everything)->setChecked(true);
    m_path = new QLineEdit(this);
    m_path->setAccessibleName(tr("File"));
    m_browse = new QPushButton(tr("Browse…"), this);
    m_browse->setAutoDefault(false);
    m_progress = new QProgressBar(this);
    m_progress->setTextVisible(false);
    m_state = plainLabel({}, this);
    m_state->setWordWrap(true);
    m_save = new QPushButton(icon(QLatin1String("document-save"), Role::OnAccent), tr("Save"), this);
    m_save->setProperty("role", QStringLiteral("primary"));
    m_save->setDefault(true);
    m_cancel = new QPushButton(tr("Cancel"), this);

    auto* what = new QVBoxLayout;
    for (QRadioButton* choice : {m_everything, m_shown, m_chosen}) {
        what->addWidget(choice);
    }
    auto* where = new QHBoxLayout;
    where->addWidget(m_path, 1);
    where->addWidget(m_browse);
    auto* form = new QFormLayout;
    form->setSpacing(10);
    form->addRow(plainLabel(tr("Kind of file"), this), m_format);
    form->addRow(QString(), m_about);
    form->addRow(plainLabel(tr("Events"), this), what);
    form->addRow(plainLabel(tr("File"), this), where);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_state, 1);
    buttons->addWidget(m_cancel);
    buttons->addWidget(m_save);
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(12);
    layout->addLayout(form);
    layout->addWidget(m_progress);
    layout->addLayout(buttons);

    m_mayReplace = [this](const QString& path, std::function<void()> yes) {
        auto* box
            = new QMessageBox(QMessageBox::Question, tr("Replace the file?"), QString(), QMessageBox::Cancel, this);
        box->setAttribute(Qt::WA_DeleteOnClose);
        box->setTextFormat(Qt::PlainText);
        box->setText(tr("%1 is there already.").arg(QDir::toNativeSeparators(path)));
        QPushButton* replace = box->addButton(tr("Replace it"), QMessageBox::DestructiveRole);
        connect(replace, &QPushButton::clicked, this, std::move(yes));
        box->open();
    };
    connect(m_format, &QComboBox::currentIndexChanged, this, &ExportDialog::onFormat);
    connect(m_browse, &QPushButton::clicked, this, &ExportDialog::choosePath);
    connect(m_path, &QLineEdit::textChanged, this, &ExportDialog::showState);
    connect(m_save, &QPushButton::clicked, this, &ExportDialog::start);
    connect(m_cancel, &QPushButton::clicked, this, &ExportDialog::reject);
    connect(&m_exporter, &models::EventExporter::progressed, this, &ExportDialog::onProgress);
    connect(&m_exporter, &models::EventExporter::finished, this, &ExportDialog::onFinished);
    setPath(QDir(m_offer.folder.isEmpty() ? QDir::homePath() : m_offer.folder)
                .filePath(QStringLiteral("events-")
                    + QDateTime::currentDateTime().toString(QStringLiteral("yyyy-MM-dd-HHmm"))
                    + suffixOf(kFormats.front())));
    onFormat();
}

ExportDialog::~ExportDialog() = default;

ExportFormat ExportDialog::format() const
{
    return static_cast<ExportFormat>(m_format->currentData().toInt());
}

void ExportDialog::setFormat(ExportFormat format)
{
    m_format->setCurrentIndex(m_format->findData(static_cast<int>(format)));
}

QString ExportDialog::path() const
{
    return m_path->text().trimmed();
}

void ExportDialog::setPath(const QString& path)
{
    m_path->setText(path);
}

void ExportDialog::onFormat()
{
    m_about->setText(aboutOf(format()));
    for (const ExportFormat other : kFormats) {
        if (QString text = path(); text.endsWith(suffixOf(other))) {
            text.chop(suffixOf(other).size());
            setPath(text + suffixOf(format()));
            break;
        }
    }
    showState();
}

void ExportDialog::choosePath()
{
    auto* dialog = new QFileDialog(this, tr("Save or export"), path());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setOption(QFileDialog::DontConfirmOverwrite); // asked once, when it is written
    dialog->selectFile(path());
    connect(dialog, &QFileDialog::fileSelected, this, &ExportDialog::setPath);
    dialog->open();
}

void ExportDialog::start()
{
    if (path().isEmpty() || isRunning()) {
        return;
    }
    if (QFileInfo::exists(path())) {
        m_mayReplace(path(), [this] { write(); });
    } else {
        write();
    }
}

void ExportDialog::write()
{
    models::EventRows::Lister rows;
    if (m_shown->isChecked()) {
        rows = m_offer.shown;
    } else if (m_chosen->isChecked()) {
        rows = [chosen = m_offer.chosen] { return chosen; };
    }
    core::EventFileOptions options{.format = format(), .settings = m_offer.settings, .savedAt = {}};
    options.savedAt = std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
    m_exporter.start(m_log, std::move(rows), path(), std::move(options));
    m_state->setText(tr("Writing…"));
    showState();
}

void ExportDialog::showState()
{
    const bool running = isRunning();
    for (QWidget* part : std::initializer_list<QWidget*>{m_format, m_path, m_browse}) {
        part->setEnabled(!running);
    }
    m_everything->setEnabled(!running);
    m_shown->setEnabled(!running && m_offer.shown && m_offer.shownCount > 0);
    m_chosen->setEnabled(!running && m_offer.chosen.size() > 1);
    m_save->setEnabled(!running && !path().isEmpty());
    m_progress->setVisible(running);
    if (running) {
        onProgress();
    }
}

void ExportDialog::onProgress()
{
    const std::uint64_t rows = m_exporter.rows();
    // Without a count the bar only says that something is going on.
    m_progress->setRange(0, rows > 0 ? kProgressSteps : 0);
    if (rows > 0) {
        m_progress->setValue(static_cast<int>(m_exporter.written() * kProgressSteps / rows));
        m_state->setText(
            tr("%1 of %2 events").arg(models::formatCount(m_exporter.written()), models::formatCount(rows)));
    }
}

void ExportDialog::onFinished(bool well, const QString& sentence)
{
    showState();
    if (well) {
        Q_EMIT said(sentence);
        Q_EMIT written(path());
        QDialog::accept();
        return;
    }
    if (m_closing) {
        Q_EMIT said(tr("Cancelled; nothing was written."));
        QDialog::reject();
        return;
    }
    m_state->setText(sentence.isEmpty() ? tr("Cancelled; nothing was written.") : sentence);
}

void ExportDialog::reject()
{
    if (isRunning()) {
        m_closing = true;
        m_state->setText(tr("Cancelling…"));
        m_exporter.cancel(); // it closes when that has come through
        return;
    }
    QDialog::reject();
}

} // namespace eventscope::ui
