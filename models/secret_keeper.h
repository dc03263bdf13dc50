// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connection_profile.h"
#include "event/error.h"

#include <QObject>
#include <QString>
#include <functional>
#include <vector>

namespace eventscope::models {

/// Keeps passwords where the desktop keeps them. Answers come later, on the GUI thread, and not at all
/// once their context is gone. Unsupported: there is no key chain here, so people are asked each time.
/// // GUI thread
class SecretKeeper {
public:
    using Answer = std::function<void(core::Result<QString>)>;
    using Done = std::function<void(core::Status)>;

    virtual ~SecretKeeper() = default;

    /// NotFound when none is kept under that key.
    virtual void read(const QString& key, QObject* context, Answer answer) = 0;
    virtual void write(const QString& key, const QString& secret, QObject* context, Done done) = 0;
    /// Well done when none is kept, too.
    virtual void remove(const QString& key, QObject* context, Done done) = 0;
};

/// One secret of a profile, and what it is kept under: the account for the password, the account and
/// the option's name for an option.
struct SecretItem {
    QString option; ///< empty: the password
    QString key;
    QString value; ///< empty: not known yet
};

/// All that the profile wants, with what it already has.
std::vector<SecretItem> secretItems(const ConnectionProfile& profile);
/// Puts a secret where it belongs in the profile's URL.
void setSecret(ConnectionProfile& profile, const QString& option, const QString& value);

/// Fills in what is kept of the secrets that the profile lacks, and then answers with it, whether or not
/// something is still lacking, and with the first failure of the keeper itself: that it does not know a
/// secret is none. `keeper` may be nullptr.
void fillSecrets(const ConnectionProfile& profile, SecretKeeper* keeper, QObject* context,
    std::function<void(ConnectionProfile, core::Status)> done);
/// Keeps every secret that the profile has; the first failure, if any, once all were tried.
void keepSecrets(const ConnectionProfile& profile, SecretKeeper* keeper, QObject* context, SecretKeeper::Done done);

} // namespace eventscope::models
