// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/keychain_secrets.h"

#include <QCoreApplication>
#include <QTimer>
#include <chrono>
#include <memory>
#include <qt6keychain/keychain.h>
#include <utility>

namespace eventscope::app {

namespace {

const QString kService = QStringLiteral("Eventscope");
/// Long enough for somebody to unlock it; a desktop whose service hangs must not keep a connection away.
constexpr std::chrono::seconds kPatience{60};

QString tr(const char* text)
{
    return QCoreApplication::translate("KeychainSecrets", text);
}

core::Error errorOf(const QKeychain::Job& job)
{
    switch (job.error()) {
    case QKeychain::EntryNotFound:
        return {core::ErrorCode::NotFound, tr("The key chain does not know it.").toStdString()};
    case QKeychain::AccessDenied:
    case QKeychain::AccessDeniedByUser:
        return {core::ErrorCode::Refused, tr("The key chain stays locked.").toStdString()};
    default: return {core::ErrorCode::Unsupported, tr("There is no key chain here.").toStdString()};
    }
}

/// Runs the job and hands over its outcome once: its own, or that nobody answered.
template <class Handle>
void run(QKeychain::Job* job, QObject* context, Handle handle)
{
    const auto heard = std::make_shared<bool>(false);
    const auto once = [heard, handle = std::move(handle)](const core::Status& status, QKeychain::Job* done) {
        if (!std::exchange(*heard, true)) {
            handle(status, done);
        }
    };
    job->setInsecureFallback(false);
    QObject::connect(job, &QKeychain::Job::finished, context, [once](QKeychain::Job* done) {
        once(done->error() == QKeychain::NoError ? core::Status() : std::unexpected(errorOf(*done)), done);
    });
    QTimer::singleShot(kPatience, context, [once] {
        once(core::fail(core::ErrorCode::Unsupported, tr("The key chain does not answer.").toStdString()), nullptr);
    });
    job->start();
}

} // namespace

void KeychainSecrets::read(const QString& key, QObject* context, Answer answer)
{
    auto* job = new QKeychain::ReadPasswordJob(kService);
    job->setKey(key);
    run(job, context, [answer = std::move(answer)](const core::Status& status, QKeychain::Job* done) {
        if (status) {
            answer(static_cast<QKeychain::ReadPasswordJob*>(done)->textData());
        } else {
            answer(std::unexpected(status.error()));
        }
    });
}

void KeychainSecrets::write(const QString& key, const QString& secret, QObject* context, Done done)
{
    auto* job = new QKeychain::WritePasswordJob(kService);
    job->setKey(key);
    job->setTextData(secret);
    run(job, context, [done = std::move(done)](const core::Status& status, QKeychain::Job*) { done(status); });
}

void KeychainSecrets::remove(const QString& key, QObject* context, Done done)
{
    auto* job = new QKeychain::DeletePasswordJob(kService);
    job->setKey(key);
    run(job, context, [done = std::move(done)](const core::Status& status, QKeychain::Job*) {
        done(!status && status.error().code == core::ErrorCode::NotFound ? core::Status() : status);
    });
}

} // namespace eventscope::app
