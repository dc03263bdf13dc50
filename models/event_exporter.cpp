// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_exporter.h"

#include "event_format.h"
#include "plain_text.h"

#include <QFileInfo>
#include <utility>

namespace eventscope::models {

using namespace std::chrono_literals;

EventExporter::EventExporter(QObject* parent) : QObject(parent)
{
    m_timer.setInterval(100ms);
    connect(&m_timer, &QTimer::timeout, this, &EventExporter::progressed);
}

EventExporter::~EventExporter() = default;

void EventExporter::start(
    const core::EventLog& log, EventRows::Lister rows, const QString& path, core::EventFileOptions options)
{
    m_path = path;
    m_progress = std::make_shared<core::ExportProgress>();
    m_timer.start();
    m_thread = std::jthread([this, &log, rows = std::move(rows), path = path.toStdString(),
                                options = std::move(options), progress = m_progress](const std::stop_token& stop) {
        std::optional<std::vector<std::uint32_t>> listed;
        if (rows) {
            listed = rows();
        }
        auto receipt = core::exportRows(log, listed, path, options, *progress, stop);
        QMetaObject::invokeMethod(
            this, [this, receipt = std::move(receipt)] { take(receipt); }, Qt::QueuedConnection);
    });
}

void EventExporter::cancel()
{
    m_thread.request_stop();
}

std::uint64_t EventExporter::rows() const
{
    return m_progress ? m_progress->rows.load(std::memory_order_relaxed) : 0;
}

std::uint64_t EventExporter::written() const
{
    return m_progress ? m_progress->written.load(std::memory_order_relaxed) : 0;
}

void EventExporter::take(const core::Result<core::ExportReceipt>& receipt)
{
    m_timer.stop();
    m_thread.join(); // it has said its last word
    m_thread = {};
    if (!receipt) {
        const bool isCancelled = receipt.error().code == core::ErrorCode::Cancelled;
        Q_EMIT finished(false, isCancelled ? QString() : visibleText(receipt.error().message, 400));
        return;
    }
    QString sentence = receipt->written == 1
        ? tr("1 event written to %1").arg(QFileInfo(m_path).fileName())
        : tr("%1 events written to %2").arg(formatCount(receipt->written), QFileInfo(m_path).fileName());
    if (receipt->gone > 0) {
        sentence += tr("; %1 more had been dropped from the log meanwhile").arg(formatCount(receipt->gone));
    }
    Q_EMIT finished(true, sentence);
}

} // namespace eventscope::models
