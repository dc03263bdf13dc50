// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "secret_keeper.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace eventscope::models {

namespace {

struct Filling {
    ConnectionProfile profile;
    std::vector<SecretItem> missing;
    SecretKeeper* keeper;
    QObject* context;
    std::function<void(ConnectionProfile, core::Status)> done;
    core::Status first;
};

void fillNext(const std::shared_ptr<Filling>& filling)
{
    if (filling->missing.empty() || !filling->keeper) {
        filling->done(std::move(filling->profile), filling->first);
        return;
    }
    const SecretItem item = filling->missing.back();
    filling->missing.pop_back();
    filling->keeper->read(item.key, filling->context, [filling, item](const core::Result<QString>& secret) {
        if (secret) {
            setSecret(filling->profile, item.option, *secret);
        } else if (filling->first && secret.error().code != core::ErrorCode::NotFound) {
            filling->first = std::unexpected(secret.error());
        }
        fillNext(filling);
    });
}

struct Keeping {
    std::vector<SecretItem> items;
    SecretKeeper* keeper;
    QObject* context;
    SecretKeeper::Done done;
    core::Status first;
};

void keepNext(const std::shared_ptr<Keeping>& keeping)
{
    if (keeping->items.empty()) {
        keeping->done(keeping->first);
        return;
    }
    const SecretItem item = keeping->items.back();
    keeping->items.pop_back();
    keeping->keeper->write(item.key, item.value, keeping->context, [keeping](const core::Status& written) {
        if (!written && keeping->first) {
            keeping->first = written;
        }
        keepNext(keeping);
    });
}

} // namespace

std::vector<SecretItem> secretItems(const ConnectionProfile& profile)
{
    std::vector<SecretItem> items;
    if (profile.password == ConnectionProfile::Password::None || !profile.url.isServer()) {
        return items;
    }
    const QString account = QString::fromStdString(profile.url.account());
    if (!profile.url.user.empty() || !profile.url.password.empty()) {
        items.push_back({{}, account, QString::fromStdString(profile.url.password)});
    }
    for (const QString& option : withoutSecrets(profile).secretOptions) {
        const auto value = profile.url.option(option.toStdString());
        items.push_back({option, account + QLatin1Char('#') + option,
            value ? QString::fromUtf8(value->data(), static_cast<qsizetype>(value->size())) : QString()});
    }
    return items;
}

void setSecret(ConnectionProfile& profile, const QString& option, const QString& value)
{
    if (option.isEmpty()) {
        profile.url.password = value.toStdString();
        return;
    }
    const std::string name = option.toStdString();
    std::erase_if(profile.url.options, [&name](const auto& pair) { return pair.first == name; });
    profile.url.options.emplace_back(name, value.toStdString());
}

void fillSecrets(const ConnectionProfile& profile, SecretKeeper* keeper, QObject* context,
    std::function<void(ConnectionProfile, core::Status)> done)
{
    auto filling = std::make_shared<Filling>(Filling{profile, {}, keeper, context, std::move(done), {}});
    if (profile.password == ConnectionProfile::Password::Keep) {
        for (SecretItem& item : secretItems(profile)) {
            if (item.value.isEmpty()) {
                filling->missing.push_back(std::move(item));
            }
        }
    }
    fillNext(filling);
}

void keepSecrets(const ConnectionProfile& profile, SecretKeeper* keeper, QObject* context, SecretKeeper::Done done)
{
    auto keeping = std::make_shared<Keeping>(Keeping{{}, keeper, context, std::move(done), {}});
    if (profile.password == ConnectionProfile::Password::Keep) {
        for (SecretItem& item : secretItems(profile)) {
            if (!item.value.isEmpty()) {
                keeping->items.push_back(std::move(item));
            }
        }
    }
    if (!keeper && !keeping->items.empty()) {
        keeping->done(core::fail(core::ErrorCode::Unsupported, "There is no key chain here."));
        return;
    }
    keepNext(keeping);
}

} // namespace eventscope::models
