// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "javascript_worker.h"

#include "event/json.h"
#include "frames.h"
#include "prelude.h"

#include <QCoreApplication>
#include <QJSEngine>
#include <QString>

#include <cstdio>
#include <string>
#include <sys/resource.h>
#include <unistd.h>

namespace eventscope::javascript {

namespace {

constexpr rlim_t kMemory = rlim_t{512} << 20;
constexpr int kSocket = 0;

/// The address space that this process has mapped.
rlim_t mappedBytes()
{
    long pages = 0;
    std::FILE* const file = std::fopen("/proc/self/statm", "re");
    if (file) {
        if (std::fscanf(file, "%ld", &pages) != 1) {
            pages = 0;
        }
        std::fclose(file);
    }
    return static_cast<rlim_t>(pages) * static_cast<rlim_t>(sysconf(_SC_PAGESIZE));
}

bool limit(__rlimit_resource resource, rlim_t value)
{
    const rlimit wanted{value, value};
    return setrlimit(resource, &wanted) == 0;
}

bool giveUpRights()
{
    return limit(RLIMIT_AS, mappedBytes() + kMemory) && limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0)
        && limit(RLIMIT_NOFILE, 1); // the socket is 0, and poll() counts it: nothing else can be opened
}

std::string errorReply(const QJSValue& error)
{
    core::Json reply;
    reply.set("error", error.property(QStringLiteral("message")).toString().toStdString());
    const QString name = error.property(QStringLiteral("name")).toString();
    if (!name.isEmpty() && name != QStringLiteral("Error")) {
        reply.set("kind", name.toStdString());
    }
    const int line = error.property(QStringLiteral("lineNumber")).toInt();
    if (line > 0) {
        reply.set("line", static_cast<std::int64_t>(line));
    }
    return reply.dump();
}

std::string reply(const QJSValue& value)
{
    return value.isError() ? errorReply(value) : value.toString().toStdString();
}

class Worker {
public:
    std::string begin(const core::Json& script)
    {
        const QJSValue made = m_engine.evaluate(QString::fromUtf8(kPrelude), QStringLiteral("prelude.js"));
        if (made.isError()) {
            return errorReply(made);
        }
        const QString text = QString::fromStdString(std::string(script.stringOr("script")));
        const QJSValue result = m_engine.evaluate(text, QString::fromStdString(std::string(script.stringOr("file"))));
        if (result.isError()) {
            return errorReply(result);
        }
        m_apply = made.property(QStringLiteral("apply"));
        return reply(made.property(QStringLiteral("start")).call({result}));
    }

    std::string apply(const std::string& text) { return reply(m_apply.call({QJSValue(QString::fromStdString(text))})); }

private:
    QJSEngine m_engine;
    QJSValue m_apply;
};

} // namespace

int runWorker(int argumentCount, char** arguments)
{
    QCoreApplication application(argumentCount, arguments);
    const core::Result<std::string> first = readFrame(kSocket, kNoHurry);
    const core::Result<core::Json> script
        = first ? core::Json::parse(*first) : core::Result<core::Json>(std::unexpect, first.error());
    if (!script || !giveUpRights()) {
        return 1;
    }
    Worker worker;
    std::string answer = worker.begin(*script);
    while (writeFrame(kSocket, answer, kNoHurry)) {
        const core::Result<std::string> request = readFrame(kSocket, kNoHurry);
        if (!request) {
            break; // the program is gone, or wants no more
        }
        answer = worker.apply(*request);
    }
    return 0;
}

} // namespace eventscope::javascript
