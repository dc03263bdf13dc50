// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connection_profile.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace eventscope::models {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("ConnectionProfile", text);
}

bool hasOption(const core::SourceUrl& url, const QString& name)
{
    const auto value = url.option(name.toStdString());
    return value && !value->empty();
}

} // namespace

QString shownName(const ConnectionProfile& profile)
{
    if (!profile.name.trimmed().isEmpty()) {
        return profile.name.trimmed();
    }
    const core::SourceUrl& url = profile.url;
    QString scheme = QString::fromStdString(std::string(core::toString(url.scheme)));
    if (!url.path.empty()) {
        const QString stem = QFileInfo(QString::fromStdString(url.path)).completeBaseName();
        return stem.isEmpty() || url.isStandardInput() ? scheme : stem;
    }
    if (url.hosts.empty()) {
        return scheme;
    }
    const QString what = url.database.empty() ? scheme : QString::fromStdString(url.database);
    return what + QLatin1Char('@') + QString::fromStdString(url.hosts.front().name);
}

QString whatIsMissing(const ConnectionProfile& profile)
{
    const core::SourceUrl& url = profile.url;
    if (url.isServer() && url.hosts.empty()) {
        return tr("Name a server first: host or host:port.");
    }
    const bool isFile = url.scheme == core::SourceScheme::Sqlite || url.scheme == core::SourceScheme::File;
    if (isFile && url.path.empty()) {
        return tr("Choose a file first.");
    }
    return {};
}

ConnectionProfile withoutSecrets(const ConnectionProfile& profile)
{
    ConnectionProfile result = profile;
    for (const auto& [name, value] : profile.url.options) {
        if (core::isSecretOption(name) && !result.secretOptions.contains(QString::fromStdString(name))) {
            result.secretOptions += QString::fromStdString(name);
        }
    }
    result.url = profile.url.withoutSecrets();
    return result;
}

bool lacksSecrets(const ConnectionProfile& profile)
{
    if (profile.password == ConnectionProfile::Password::None || !profile.url.isServer()) {
        return false;
    }
    for (const QString& name : profile.secretOptions) {
        if (!hasOption(profile.url, name)) {
            return true;
        }
    }
    return !profile.url.user.empty() && profile.url.password.empty();
}

} // namespace eventscope::models
