// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture_reader.h"

#include <utility>

namespace eventscope::models {

CaptureReader::CaptureReader(QObject* parent) : QObject(parent)
{
    m_pool.setMaxThreadCount(1);
}

CaptureReader::~CaptureReader()
{
    m_pool.waitForDone();
}

void CaptureReader::read(const QString& name, const QString& path)
{
    m_pool.start([this, name, path = path.toStdString()] {
        auto summary = core::readCaptureSummary(path);
        if (!summary) {
            return; // the connection says what is wrong with the file
        }
        QMetaObject::invokeMethod(
            this, [this, name, summary = *std::move(summary)] { Q_EMIT done(name, summary); }, Qt::QueuedConnection);
    });
}

} // namespace eventscope::models
