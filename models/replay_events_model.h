// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event_format.h"
#include "replay_session.h"

#include <QAbstractListModel>
#include <memory>

namespace eventscope::models {

/// The events of a replayed stream with a tick box each: unticked is "what if it had not happened".
/// Row n is step n + 1.
class ReplayEventsModel final : public QAbstractListModel {
    Q_OBJECT

public:
    enum Roles {
        VersionRole = Qt::UserRole, ///< "v4"
        TimeRole,
        RefusedRole,
        TypeRole,
        BranchRole, ///< "edited" or "inserted" in this branch; empty otherwise
    };

    explicit ReplayEventsModel(QObject* parent = nullptr);

    void setStream(std::shared_ptr<const ReplayStream> stream);
    const ReplayStream* stream() const { return m_stream.get(); }
    void setTimeFormat(const TimeFormat& format);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role = Qt::EditRole) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

Q_SIGNALS:
    void skipWanted(std::size_t step, bool skipped);

private:
    bool continues(const ReplayStream& next) const;

    std::shared_ptr<const ReplayStream> m_stream;
    TimeFormat m_format;
};

} // namespace eventscope::models
