// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sourcing/views/view_event.h"

#include <QObject>

namespace eventscope::bench {

/// The baseline's sender: what the dispatcher does, said with Qt's signals.
class QtViewSender : public QObject {
    Q_OBJECT

Q_SIGNALS:
    void viewed(const eventscope::core::ViewEvent& event);
    void started(const eventscope::core::ViewEvent& event);
    void progressed(const eventscope::core::ViewEvent& event);
    void completed(const eventscope::core::ViewEvent& event);
};

} // namespace eventscope::bench
