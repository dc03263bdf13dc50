// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "inspect/capture_file.h"

#include <QObject>
#include <QString>
#include <QThreadPool>

namespace eventscope::models {

/// Reads how the events of a capture were looked at, in the background. // GUI thread
class CaptureReader final : public QObject {
    Q_OBJECT

public:
    explicit CaptureReader(QObject* parent = nullptr);
    ~CaptureReader() override;

    /// `name`: of the connection that reads the events.
    void read(const QString& name, const QString& path);

Q_SIGNALS:
    void done(const QString& name, const eventscope::core::CaptureSummary& summary);

private:
    QThreadPool m_pool;
};

} // namespace eventscope::models
