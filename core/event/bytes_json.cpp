// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/bytes_json.h"

#include "event/base64.h"
#include "event/utf8.h"

namespace eventscope::core {

namespace {
constexpr std::string_view kBase64Member = "$base64";
}

Json bytesToJson(std::string_view bytes)
{
    if (isUtf8(bytes))
        return Json(bytes);
    std::string encoded;
    appendBase64(encoded, bytes);
    Json json;
    json.set(kBase64Member, std::move(encoded));
    return json;
}

std::optional<std::string> bytesFromJson(const Json& json)
{
    if (json.isString())
        return json.asString();
    const Json* encoded = json.find(kBase64Member);
    return encoded && encoded->isString() ? decodeBase64(encoded->asString()) : std::nullopt;
}

} // namespace eventscope::core
