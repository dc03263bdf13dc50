// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event_exporter.h"
#include "event_rows.h"
#include "inspect/capture_format.h"
#include "inspect/event_export.h"
#include "inspect/event_log.h"

#include <QDialog>
#include <cstdint>
#include <functional>
#include <vector>

class QComboBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QRadioButton;

namespace eventscope::ui {

/// Which events go into which kind of file, where; then how far it is, until it is done or cancelled. Not
/// modal: one can go on looking meanwhile. // GUI thread
class ExportDialog final : public QDialog {
    Q_OBJECT

public:
    struct Offer {
        models::EventRows::Lister shown; ///< what the filter lets through; null: the same as everything
        std::uint64_t shownCount = 0;
        std::vector<std::uint32_t> chosen; ///< rows that are selected
        core::CaptureSettings settings;    ///< that a capture keeps
        QString folder;                    ///< where the last file went
    };
    /// `log` must outlive the dialog.
    ExportDialog(const core::EventLog& log, Offer offer, QWidget* parent = nullptr);
    ~ExportDialog() override;

    void setFormat(core::ExportFormat format);
    void setPath(const QString& path);
    QString path() const;
    bool isRunning() const { return m_exporter.isRunning(); }
    /// Asked before a file is written over; answers by calling back. By default a question on the screen.
    using MayReplace = std::function<void(const QString& path, std::function<void()> yes)>;
    void setMayReplace(MayReplace ask) { m_mayReplace = std::move(ask); }

    void start();
    void reject() override;

Q_SIGNALS:
    void said(const QString& sentence);
    void written(const QString& path);

private:
    core::ExportFormat format() const;
    void onFormat();
    void choosePath();
    void write();
    void showState();
    void onProgress();
    void onFinished(bool well, const QString& sentence);

    const core::EventLog& m_log;
    Offer m_offer;
    MayReplace m_mayReplace;
    QComboBox* m_format;
    QLabel* m_about;
    QRadioButton *m_everything, *m_shown, *m_chosen;
    QLineEdit* m_path;
    QPushButton *m_browse, *m_save, *m_cancel;
    QProgressBar* m_progress;
    QLabel* m_state;
    bool m_closing = false;
    models::EventExporter m_exporter;
};

} // namespace eventscope::ui
