// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "secret_keeper.h"

namespace QKeychain {
class Job;
}

namespace eventscope::app {

/// The desktop's key chain (Secret Service or KWallet), and nothing in its place where there is none:
/// no secret ever goes to a file of ours. // GUI thread
class KeychainSecrets final : public models::SecretKeeper {
public:
    void read(const QString& key, QObject* context, Answer answer) override;
    void write(const QString& key, const QString& secret, QObject* context, Done done) override;
    void remove(const QString& key, QObject* context, Done done) override;
};

} // namespace eventscope::app
