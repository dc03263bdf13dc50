// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "payload_edit.h"

#include "event/json.h"
#include "event/utf8.h"

#include <QCoreApplication>

namespace eventscope::models {

namespace {

constexpr std::size_t kMostBytes = 1024 * 1024;

QString tr(const char* text)
{
    return QCoreApplication::translate("PayloadEdit", text);
}

bool isOneLine(std::string_view json)
{
    return core::minifyJson(json) == json;
}

} // namespace

std::optional<QString> editableText(std::string_view payload)
{
    if (payload.size() > kMostBytes || !core::isUtf8(payload)) {
        return std::nullopt;
    }
    if (const core::Result<core::Json> json = core::Json::parse(payload); json && isOneLine(payload)) {
        return QString::fromStdString(json->pretty());
    }
    return QString::fromUtf8(payload.data(), static_cast<qsizetype>(payload.size()));
}

PayloadEdit editPayload(std::string_view original, const QString& text)
{
    PayloadEdit edit;
    edit.payload = text.toStdString();
    const core::Result<core::Json> before = core::Json::parse(original);
    if (!before) {
        edit.isChanged = edit.payload != original;
        return edit;
    }
    const core::Result<core::Json> after = core::Json::parse(edit.payload);
    if (!after) {
        edit.problem
            = tr("The original is JSON, and this is not: %1").arg(QString::fromStdString(after.error().message));
        return edit;
    }
    edit.isJson = true;
    edit.changes = core::diffJson(*before, *after);
    edit.isChanged = !edit.changes.empty();
    if (!edit.isChanged) {
        edit.payload = std::string(original);
    } else if (isOneLine(original)) {
        edit.payload = core::minifyJson(edit.payload);
    }
    return edit;
}

core::Result<std::string> applyToPayload(std::string_view payload, const core::JsonPatch& changes)
{
    core::Result<core::Json> json = core::Json::parse(payload);
    if (!json) {
        return core::fail(core::ErrorCode::Unparsable, tr("Its payload is not JSON.").toStdString());
    }
    if (const core::Status applied = core::applyPatch(*json, changes); !applied) {
        return std::unexpected(applied.error());
    }
    return json->dump();
}

} // namespace eventscope::models
