// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_message.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <vector>

namespace eventscope::rabbitmq {

using core::ErrorCode;

namespace {

constexpr std::uint8_t kPersistent = 2;

bool isUpper(char c)
{
    return c >= 'A' && c <= 'Z';
}

bool isWordChar(char c)
{
    return isUpper(c) || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}

char toLower(char c)
{
    return isUpper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}

// "OrderPlaced", "order_placed" and "HTTPRequestSent" in words.
std::vector<std::string> wordsOf(std::string_view type)
{
    std::vector<std::string> words;
    bool begins = true;
    for (std::size_t i = 0; i < type.size(); ++i) {
        const char c = type[i];
        if (!isWordChar(c)) {
            begins = true;
            continue;
        }
        const bool afterLower = i > 0 && isWordChar(type[i - 1]) && !isUpper(type[i - 1]);
        const bool beforeLower = i + 1 < type.size() && isWordChar(type[i + 1]) && !isUpper(type[i + 1]);
        if (begins || (isUpper(c) && i > 0 && (afterLower || (isUpper(type[i - 1]) && beforeLower))))
            words.emplace_back();
        words.back() += toLower(c);
        begins = false;
    }
    return words;
}

core::Timestamp fromSeconds(std::uint64_t seconds)
{
    constexpr std::uint64_t kYear9999 = 253'402'300'799;
    return core::Timestamp(std::chrono::seconds(static_cast<std::int64_t>(std::min(seconds, kYear9999))));
}

} // namespace

std::string routingKeyOf(std::string_view type, std::string_view stream)
{
    std::string key;
    if (type.find('.') != std::string_view::npos) {
        std::ranges::transform(type, std::back_inserter(key), toLower);
        return key;
    }
    const std::vector<std::string> words = wordsOf(type);
    if (words.size() < 2)
        return fmt::format("{}.{}", core::categoryOf(stream), words.empty() ? std::string("event") : words.front());
    key = words[0];
    for (std::size_t i = 1; i < words.size(); ++i) {
        key += i == 1 ? '.' : '-';
        key += words[i];
    }
    return key;
}

OutgoingMessage messageOf(const core::RecordedEvent& event, std::string_view exchange)
{
    OutgoingMessage message;
    message.exchange = exchange;
    message.routingKey = routingKeyOf(event.type, event.stream);
    message.body = core::eventToClassicJson(event);
    MessageProperties& properties = message.properties;
    properties.contentType = "application/json";
    properties.deliveryMode = kPersistent;
    properties.messageId = event.id;
    properties.type = event.type;
    if (!event.metadata.correlationId.empty())
        properties.correlationId = event.metadata.correlationId;
    const auto seconds = std::chrono::floor<std::chrono::seconds>(event.time.time_since_epoch()).count();
    properties.timestamp = static_cast<std::uint64_t>(std::max<std::int64_t>(seconds, 0));
    properties.headers = {{std::string(kEventType), AmqpValue(event.type)}};
    return message;
}

core::Result<core::RecordedEvent> eventOf(const MessageProperties& properties, std::string_view body)
{
    auto classic = core::eventFromClassicJson(body);
    if (classic)
        return classic;
    const AmqpValue* type = find(properties.headers, kEventType);
    if (!core::isJson(body) || !properties.messageId || (!type && !properties.type))
        return fail(ErrorCode::Unparsable, "The message is no event: " + classic.error().message);
    core::RecordedEvent event;
    event.id = *properties.messageId;
    event.type = type ? type->display() : *properties.type;
    event.data = body;
    event.metadata.correlationId = properties.correlationId.value_or(std::string());
    if (properties.timestamp)
        event.time = fromSeconds(*properties.timestamp);
    for (const auto& [name, value] : properties.headers) {
        if (name != kEventType && !isDeathHeader(name))
            event.metadata.headers.push_back({name, value.display()});
    }
    return event;
}

int retryCountOf(const AmqpTable& headers)
{
    const AmqpValue* value = find(headers, kRetryCount);
    if (value == nullptr)
        return 0;
    std::int64_t count = value->integer().value_or(0);
    const std::string_view text = value->text();
    if (!text.empty())
        std::from_chars(text.data(), text.data() + text.size(), count);
    return static_cast<int>(std::clamp<std::int64_t>(count, 0, 1'000'000));
}

bool isDeathHeader(std::string_view name)
{
    return name == "x-death" || name.starts_with("x-first-death-") || name.starts_with("x-last-death-")
        || name == "x-delivery-count" || name == "x-acquired-count" || name == "x-stream-offset";
}

} // namespace eventscope::rabbitmq
