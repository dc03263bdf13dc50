// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "payload_changes_model.h"

#include <QTreeView>

namespace eventscope::ui {

/// The differences between payloads and their originals, as a small table. // GUI thread
class ChangesView final : public QTreeView {
    Q_OBJECT

public:
    explicit ChangesView(QWidget* parent = nullptr);

    models::PayloadChangesModel& changes() { return m_model; }

private:
    models::PayloadChangesModel m_model;
};

} // namespace eventscope::ui
