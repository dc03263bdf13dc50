// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "source_choices_model.h"

#include "plain_text.h"
#include "technology_fields.h"

#include <array>
#include <utility>

namespace eventscope::models {

using core::SourceScheme;

namespace {
constexpr std::array kSchemes{SourceScheme::Postgres, SourceScheme::Kafka, SourceScheme::Amqp, SourceScheme::Sqlite,
    SourceScheme::File, SourceScheme::Demo};
}

SourceChoicesModel::SourceChoicesModel(const ConnectionProfilesModel& profiles, QObject* parent)
    : QAbstractListModel(parent), m_profiles(profiles)
{
    const auto again = [this] {
        beginResetModel();
        rebuild();
        endResetModel();
    };
    connect(&profiles, &QAbstractItemModel::rowsInserted, this, again);
    connect(&profiles, &QAbstractItemModel::rowsRemoved, this, again);
    connect(&profiles, &QAbstractItemModel::dataChanged, this, again);
    connect(&profiles, &QAbstractItemModel::modelReset, this, again);
    rebuild();
}

void SourceChoicesModel::setFound(std::vector<core::FoundSource> found)
{
    beginResetModel();
    m_found = std::move(found);
    rebuild();
    endResetModel();
}

void SourceChoicesModel::rebuild()
{
    m_rows.clear();
    const auto heading = [this](const QString& text) { m_rows.push_back({Kind::Heading, text, {}}); };
    if (!m_profiles.profiles().empty()) {
        heading(tr("Saved"));
    }
    for (const ConnectionProfile& profile : m_profiles.profiles()) {
        m_rows.push_back({Kind::Saved, shownName(profile), QString::fromStdString(profile.url.display()), profile});
    }
    if (!m_found.empty()) {
        heading(tr("Found here"));
    }
    for (const core::FoundSource& found : m_found) {
        ConnectionProfile profile;
        profile.url = found.url;
        const QString name = shownName(profile);
        m_rows.push_back({Kind::Found, name, QString::fromStdString(found.because), std::move(profile)});
    }
    heading(tr("New"));
    for (const SourceScheme scheme : kSchemes) {
        ConnectionProfile profile;
        profile.url = emptyUrl(scheme);
        m_rows.push_back({Kind::New, technologyName(scheme), {}, std::move(profile)});
    }
}

ConnectionProfile SourceChoicesModel::profileAt(const QModelIndex& index) const
{
    return index.isValid() ? m_rows[static_cast<std::size_t>(index.row())].profile : ConnectionProfile{};
}

QModelIndex SourceChoicesModel::savedIndex(const QString& id) const
{
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        if (m_rows[i].kind == Kind::Saved && m_rows[i].profile.id == id) {
            return index(static_cast<int>(i));
        }
    }
    return {};
}

QModelIndex SourceChoicesModel::newIndex(SourceScheme scheme) const
{
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        if (m_rows[i].kind == Kind::New && m_rows[i].profile.url.scheme == scheme) {
            return index(static_cast<int>(i));
        }
    }
    return {};
}

int SourceChoicesModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant SourceChoicesModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || static_cast<std::size_t>(index.row()) >= m_rows.size()) {
        return {};
    }
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole: return visibleText(row.text, 60);
    case Qt::ToolTipRole: return row.detail.isEmpty() ? QVariant() : plainToolTip(row.detail);
    case KindRole: return QVariant::fromValue(row.kind);
    case SchemeRole: return static_cast<int>(row.profile.url.scheme);
    case IdRole: return row.profile.id;
    case ProductionRole: return row.profile.production;
    case ColourRole: return row.profile.colour;
    case DetailRole: return visibleText(row.detail);
    default: return {};
    }
}

Qt::ItemFlags SourceChoicesModel::flags(const QModelIndex& index) const
{
    const bool isHeading = index.data(KindRole).value<Kind>() == Kind::Heading;
    return !index.isValid() || isHeading ? Qt::ItemFlags(Qt::NoItemFlags) : Qt::ItemIsEnabled | Qt::ItemIsSelectable;
}

} // namespace eventscope::models
