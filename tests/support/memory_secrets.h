// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "secret_keeper.h"

#include <QMetaObject>
#include <map>
#include <utility>

namespace eventscope::test {

/// A key chain in memory that answers later, as the real one does; or none at all.
class MemorySecrets final : public models::SecretKeeper {
public:
    void read(const QString& key, QObject* context, Answer answer) override
    {
        later(context, [this, key, answer = std::move(answer)] {
            if (!there) {
                answer(core::fail(core::ErrorCode::Unsupported, "There is no key chain here."));
            } else if (const auto found = kept.find(key); found != kept.end()) {
                answer(found->second);
            } else {
                answer(core::fail(core::ErrorCode::NotFound, "Nothing is kept."));
            }
        });
    }
    void write(const QString& key, const QString& secret, QObject* context, Done done) override
    {
        later(context, [this, key, secret, done = std::move(done)] {
            if (there) {
                kept[key] = secret;
            }
            done(there ? core::Status() : core::fail(core::ErrorCode::Unsupported, "There is no key chain here."));
        });
    }
    void remove(const QString& key, QObject* context, Done done) override
    {
        later(context, [this, key, done = std::move(done)] {
            kept.erase(key);
            done({});
        });
    }

    std::map<QString, QString> kept;
    bool there = true;

private:
    template <class Act>
    static void later(QObject* context, Act act)
    {
        QMetaObject::invokeMethod(context, std::move(act), Qt::QueuedConnection);
    }
};

} // namespace eventscope::test
