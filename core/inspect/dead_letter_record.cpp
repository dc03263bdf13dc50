// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/dead_letter_record.h"

#include "event/bytes_json.h"
#include "event/json.h"

#include <charconv>

namespace eventscope::core {

namespace {

Json headersToJson(const std::vector<Header>& headers)
{
    Json::Array pairs;
    for (const Header& header : headers)
        pairs.emplace_back(Json::Array{bytesToJson(header.name), bytesToJson(header.value)});
    return pairs;
}

std::string bytesAt(const Json& json, std::string_view name)
{
    const Json* member = json.find(name);
    return member ? bytesFromJson(*member).value_or(std::string()) : std::string();
}

std::optional<std::int64_t> integerAt(const Json& json, std::string_view name)
{
    const Json* member = json.find(name);
    if (!member || !member->isNumber())
        return std::nullopt;
    const std::string& text = member->numberText();
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

std::vector<Header> headersFromJson(const Json* pairs)
{
    std::vector<Header> headers;
    if (!pairs || !pairs->isArray())
        return headers;
    for (const Json& pair : pairs->asArray()) {
        if (!pair.isArray() || pair.asArray().size() != 2)
            continue;
        headers.push_back(
            {bytesFromJson(pair.asArray()[0]).value_or(""), bytesFromJson(pair.asArray()[1]).value_or("")});
    }
    return headers;
}

Json originalToJson(const DeadLetter::Original& original)
{
    Json json;
    json.set("stream", bytesToJson(original.stream));
    if (original.partition)
        json.set("partition", std::int64_t{*original.partition});
    if (original.position)
        json.set("position", *original.position);
    json.set("key", bytesToJson(original.key));
    json.set("id", bytesToJson(original.id));
    json.set("type", bytesToJson(original.type));
    json.set("timeMicros", static_cast<std::int64_t>(original.time.time_since_epoch().count()));
    json.set("headers", headersToJson(original.headers));
    json.set("data", bytesToJson(original.data));
    return json;
}

DeadLetter::Original originalFromJson(const Json& json)
{
    DeadLetter::Original original;
    original.stream = bytesAt(json, "stream");
    if (const auto partition = integerAt(json, "partition"))
        original.partition = static_cast<std::int32_t>(*partition);
    original.position = integerAt(json, "position");
    original.key = bytesAt(json, "key");
    original.id = bytesAt(json, "id");
    original.type = bytesAt(json, "type");
    original.time = Timestamp(std::chrono::microseconds(integerAt(json, "timeMicros").value_or(0)));
    original.headers = headersFromJson(json.find("headers"));
    original.data = bytesAt(json, "data");
    return original;
}

} // namespace

std::string deadLetterToRecord(const DeadLetter& letter)
{
    Json json;
    json.set("id", bytesToJson(letter.id));
    json.set("queue", bytesToJson(letter.queue));
    json.set("convention", letter.convention);
    json.set("original", originalToJson(letter.original));
    json.set("errorType", bytesToJson(letter.error.type));
    json.set("errorMessage", bytesToJson(letter.error.message));
    json.set("errorStack", bytesToJson(letter.error.stack));
    json.set("failedAtMicros", static_cast<std::int64_t>(letter.failedAt.time_since_epoch().count()));
    json.set("attempts", letter.attempts);
    if (!letter.keepsake.empty())
        json.set("keepsake", bytesToJson(letter.keepsake));
    return json.dump();
}

Result<DeadLetter> deadLetterFromRecord(std::string_view record)
{
    const Result<Json> json = Json::parse(record);
    if (!json)
        return std::unexpected(json.error());
    const Json* original = json->find("original");
    if (!original)
        return fail(
            ErrorCode::Unparsable, "The journal's record of this dead letter is damaged: it has no \"original\".");
    DeadLetter letter;
    letter.id = bytesAt(*json, "id");
    letter.queue = bytesAt(*json, "queue");
    letter.convention = bytesAt(*json, "convention");
    letter.original = originalFromJson(*original);
    letter.error = {bytesAt(*json, "errorType"), bytesAt(*json, "errorMessage"), bytesAt(*json, "errorStack")};
    letter.failedAt = Timestamp(std::chrono::microseconds(integerAt(*json, "failedAtMicros").value_or(0)));
    letter.attempts = static_cast<int>(integerAt(*json, "attempts").value_or(0));
    letter.keepsake = bytesAt(*json, "keepsake");
    return letter;
}

} // namespace eventscope::core
