// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connection_profiles_model.h"

#include "plain_text.h"

#include <QSettings>
#include <QUuid>
#include <algorithm>

namespace eventscope::models {

namespace {

const QString kArray = QStringLiteral("sources");
const QString kId = QStringLiteral("id"), kName = QStringLiteral("name"), kUrl = QStringLiteral("url"),
              kPassword = QStringLiteral("password"), kSecretOptions = QStringLiteral("secretOptions"),
              kColour = QStringLiteral("colour"), kProduction = QStringLiteral("production"),
              kOpenAtStart = QStringLiteral("openAtStart");

using Password = ConnectionProfile::Password;

QString wordOf(Password password)
{
    switch (password) {
    case Password::Keep: return QStringLiteral("keep");
    case Password::Ask: return QStringLiteral("ask");
    case Password::None: return QStringLiteral("none");
    }
    return {};
}

Password passwordOf(const QString& word)
{
    return word == wordOf(Password::Keep) ? Password::Keep
        : word == wordOf(Password::None)  ? Password::None
                                          : Password::Ask;
}

bool isBefore(const ConnectionProfile& a, const ConnectionProfile& b)
{
    const int order = shownName(a).compare(shownName(b), Qt::CaseInsensitive);
    return order != 0 ? order < 0 : a.id < b.id;
}

} // namespace

std::optional<ConnectionProfile> ConnectionProfilesModel::find(const QString& id) const
{
    const auto found = std::ranges::find(m_profiles, id, &ConnectionProfile::id);
    return found == m_profiles.end() || id.isEmpty() ? std::nullopt : std::optional(*found);
}

std::size_t ConnectionProfilesModel::insertSorted(ConnectionProfile profile)
{
    const auto at = std::ranges::upper_bound(m_profiles, profile, isBefore);
    const auto row = at - m_profiles.begin();
    beginInsertRows({}, static_cast<int>(row), static_cast<int>(row));
    m_profiles.insert(at, std::move(profile));
    endInsertRows();
    return static_cast<std::size_t>(row);
}

QString ConnectionProfilesModel::put(const ConnectionProfile& profile)
{
    ConnectionProfile kept = withoutSecrets(profile);
    if (kept.id.isEmpty()) {
        kept.id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    }
    QString id = kept.id;
    const auto found = std::ranges::find(m_profiles, id, &ConnectionProfile::id);
    if (found != m_profiles.end() && shownName(*found) == shownName(kept)) {
        *found = std::move(kept);
        const QModelIndex at = index(static_cast<int>(found - m_profiles.begin()));
        Q_EMIT dataChanged(at, at);
    } else {
        if (found != m_profiles.end()) {
            const int row = static_cast<int>(found - m_profiles.begin());
            beginRemoveRows({}, row, row);
            m_profiles.erase(found);
            endRemoveRows();
        }
        insertSorted(std::move(kept));
    }
    Q_EMIT edited();
    return id;
}

void ConnectionProfilesModel::remove(const QString& id)
{
    const auto found = std::ranges::find(m_profiles, id, &ConnectionProfile::id);
    if (found == m_profiles.end()) {
        return;
    }
    const int row = static_cast<int>(found - m_profiles.begin());
    beginRemoveRows({}, row, row);
    m_profiles.erase(found);
    endRemoveRows();
    Q_EMIT edited();
}

bool ConnectionProfilesModel::anotherUses(const std::string& account, const QString& id) const
{
    return std::ranges::any_of(
        m_profiles, [&](const ConnectionProfile& p) { return p.id != id && p.url.account() == account; });
}

void ConnectionProfilesModel::load(QSettings& settings)
{
    beginResetModel();
    m_profiles.clear();
    const int count = settings.beginReadArray(kArray);
    for (int i = 0; i < count; ++i) {
        settings.setArrayIndex(i);
        const auto url = core::parseSourceUrl(settings.value(kUrl).toString().toStdString());
        ConnectionProfile profile;
        profile.id = settings.value(kId).toString();
        if (!url || profile.id.isEmpty()) {
            continue; // somebody else's hand, or a newer program's
        }
        profile.url = *url;
        profile.name = settings.value(kName).toString();
        profile.password = passwordOf(settings.value(kPassword).toString());
        profile.secretOptions = settings.value(kSecretOptions).toStringList();
        profile.colour = settings.value(kColour).toString();
        profile.production = settings.value(kProduction).toBool();
        profile.openAtStart = settings.value(kOpenAtStart).toBool();
        m_profiles.push_back(withoutSecrets(profile));
    }
    settings.endArray();
    std::ranges::sort(m_profiles, isBefore);
    endResetModel();
}

void ConnectionProfilesModel::save(QSettings& settings) const
{
    settings.remove(kArray);
    settings.beginWriteArray(kArray, static_cast<int>(m_profiles.size()));
    for (std::size_t i = 0; i < m_profiles.size(); ++i) {
        const ConnectionProfile& profile = m_profiles[i];
        settings.setArrayIndex(static_cast<int>(i));
        settings.setValue(kId, profile.id);
        settings.setValue(kName, profile.name);
        settings.setValue(kUrl, QString::fromStdString(profile.url.withoutSecrets().text()));
        settings.setValue(kPassword, wordOf(profile.password));
        settings.setValue(kSecretOptions, profile.secretOptions);
        settings.setValue(kColour, profile.colour);
        settings.setValue(kProduction, profile.production);
        settings.setValue(kOpenAtStart, profile.openAtStart);
    }
    settings.endArray();
}

int ConnectionProfilesModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_profiles.size());
}

QVariant ConnectionProfilesModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || static_cast<std::size_t>(index.row()) >= m_profiles.size()) {
        return {};
    }
    const ConnectionProfile& profile = m_profiles[static_cast<std::size_t>(index.row())];
    const QString where = QString::fromStdString(profile.url.display());
    switch (role) {
    case Qt::DisplayRole: return visibleText(shownName(profile), 60);
    case Qt::ToolTipRole: return plainToolTip(where);
    case IdRole: return profile.id;
    case WhereRole: return visibleText(where);
    case SchemeRole: return static_cast<int>(profile.url.scheme);
    case ColourRole: return profile.colour;
    case ProductionRole: return profile.production;
    default: return {};
    }
}

} // namespace eventscope::models
