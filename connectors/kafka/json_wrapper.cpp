// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "json_wrapper.h"

#include "event/base64.h"
#include "event/raw_json.h"
#include "event/timestamp.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <map>
#include <optional>
#include <string>

namespace eventscope::kafka {

namespace {

using core::RawJsonMember;

constexpr std::array<std::string_view, 6> kOriginal{
    "originalevent", "originalmessage", "originalvalue", "originalpayloadjson", "originalpayload", "rawmessage"};
/// Only with an object in them, or a text that is one: the words mean many things.
constexpr std::array<std::string_view, 4> kPerhapsOriginal{"event", "message", "payload", "data"};
constexpr std::array<std::string_view, 4> kTopic{"originaltopic", "origintopic", "sourcetopic", "topic"};
constexpr std::array<std::string_view, 2> kPartition{"originalpartition", "partition"};
constexpr std::array<std::string_view, 2> kOffset{"originaloffset", "offset"};
constexpr std::array<std::string_view, 2> kKey{"originalkey", "key"};
constexpr std::array<std::string_view, 5> kMessage{"errormessage", "reason", "exception", "cause", "error"};
constexpr std::array<std::string_view, 4> kStack{"errorstack", "errorstacktrace", "stacktrace", "stack"};
constexpr std::array<std::string_view, 2> kType{"errortype", "errorname"};
constexpr std::array<std::string_view, 3> kFailedAt{"failedat", "dlqtimestamp", "timestamp"};
constexpr std::array<std::string_view, 3> kAttempts{"retrycount", "attempts", "retries"};
constexpr std::array<std::string_view, 3> kDeeper{"metadata", "meta", "dlq"};

std::string normalised(std::string_view name)
{
    std::string result;
    for (const char c : name) {
        if (c != '_' && c != '-') {
            result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        }
    }
    return result;
}

/// The members of the wrapper by their normalised names, the outermost first.
class Members {
public:
    explicit Members(std::string_view json) { read(json, true); }

    template <std::size_t N>
    const RawJsonMember* find(const std::array<std::string_view, N>& names) const
    {
        for (const std::string_view name : names) {
            if (const auto found = m_members.find(std::string(name)); found != m_members.end()) {
                return &found->second;
            }
        }
        return nullptr;
    }
    template <std::size_t N>
    std::string text(const std::array<std::string_view, N>& names) const
    {
        const RawJsonMember* member = find(names);
        return member && !member->isNull() ? member->text() : std::string();
    }
    template <std::size_t N>
    std::optional<std::int64_t> number(const std::array<std::string_view, N>& names) const
    {
        const std::string digits = text(names); // offsets are often strings
        std::int64_t value = 0;
        const auto [rest, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        const bool isWhole = error == std::errc{} && rest == digits.data() + digits.size();
        return isWhole ? std::optional(value) : std::nullopt;
    }

private:
    void read(std::string_view json, bool goDeeper)
    {
        auto members = core::readRawObject(json);
        if (!members) {
            return;
        }
        for (RawJsonMember& member : *members) {
            const std::string name = normalised(member.name);
            if (goDeeper && std::ranges::find(kDeeper, name) != kDeeper.end() && member.value.starts_with('{')) {
                read(member.value, false);
            }
            m_members.try_emplace(name, std::move(member));
        }
    }

    std::map<std::string, RawJsonMember> m_members;
};

bool isJsonObject(std::string_view text)
{
    return text.starts_with('{') && core::readRawObject(text).has_value();
}

/// What a member stands for: an object as it is written, a text as it reads, base64 decoded.
std::optional<std::string> contentOf(const RawJsonMember& member, bool onlyObjects)
{
    if (!member.isString()) {
        return !onlyObjects || member.value.starts_with('{') ? std::optional(std::string(member.value)) : std::nullopt;
    }
    std::string text = member.text();
    if (isJsonObject(text)) {
        return text;
    }
    if (auto decoded = core::decodeBase64(text); decoded && isJsonObject(*decoded)) {
        return decoded;
    }
    return onlyObjects ? std::nullopt : std::optional(std::move(text));
}

std::optional<std::string> originalOf(const Members& members)
{
    if (const RawJsonMember* member = members.find(kOriginal); member && !member->isNull()) {
        return contentOf(*member, false);
    }
    for (const std::string_view name : kPerhapsOriginal) {
        const RawJsonMember* member = members.find(std::array{name});
        if (auto content = member ? contentOf(*member, true) : std::nullopt) {
            return content;
        }
    }
    return std::nullopt;
}

void readError(const Members& members, core::DeadLetter::Failure& failure)
{
    failure.message = members.text(kMessage);
    failure.stack = members.text(kStack);
    failure.type = members.text(kType);
    const RawJsonMember* error = members.find(std::array<std::string_view, 1>{"error"});
    if (!error || !error->value.starts_with('{')) {
        return;
    }
    const Members inner(error->value);
    failure.message = inner.text(std::array<std::string_view, 1>{"message"});
    failure.stack = inner.text(kStack);
    failure.type = inner.text(std::array<std::string_view, 3>{"name", "type", "code"});
}

core::Timestamp timeOf(const std::string& text, core::Timestamp otherwise)
{
    if (const auto time = core::parseTimestamp(text)) {
        return *time;
    }
    std::int64_t milliseconds = 0;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), milliseconds);
    return error == std::errc{} && rest == text.data() + text.size() && milliseconds > 0
        ? core::Timestamp(std::chrono::milliseconds(milliseconds))
        : otherwise;
}

void readHeaders(const Members& members, std::vector<core::Header>& headers)
{
    const RawJsonMember* member = members.find(std::array<std::string_view, 1>{"originalheaders"});
    const auto list = member ? core::readRawObject(member->value) : core::Result<std::vector<RawJsonMember>>();
    for (const RawJsonMember& header : list.value_or(std::vector<RawJsonMember>())) {
        headers.push_back({header.name, header.text()});
    }
}

/// The letter is keyed by the event's id; the original was by its aggregate's, with the headers that
/// go with it.
void restoreClassicRecord(UnderstoodLetter& understood, bool hasKey)
{
    const Members event(understood.letter.original.data);
    const std::string id = event.text(std::array<std::string_view, 2>{"eventid", "id"});
    const std::string type = event.text(std::array<std::string_view, 2>{"eventtype", "type"});
    if (!hasKey && !id.empty() && understood.letter.original.key == id) {
        const std::string aggregate = event.text(std::array<std::string_view, 2>{"orderid", "aggregateid"});
        understood.letter.original.key = aggregate.empty() ? id : aggregate;
    }
    auto& headers = understood.letter.original.headers;
    const bool hasHeaders = std::ranges::find(headers, "eventType", &core::Header::name) != headers.end();
    if (!hasHeaders && !id.empty() && !type.empty()) {
        headers.push_back({"eventType", type});
        headers.push_back({"eventId", id});
        if (const std::string time = event.text(std::array<std::string_view, 1>{"timestamp"}); !time.empty()) {
            headers.push_back({"timestamp", time});
        }
    }
}

} // namespace

bool unwrapJson(std::string_view json, UnderstoodLetter& understood)
{
    if (!json.starts_with('{')) {
        return false;
    }
    const Members members(json);
    auto original = originalOf(members);
    if (!original || !(members.find(kMessage) || members.find(kStack))) {
        return false;
    }
    core::DeadLetter& letter = understood.letter;
    letter.original.data = std::move(*original);
    understood.dataIsNull = false;
    readError(members, letter.error);
    letter.failedAt = timeOf(members.text(kFailedAt), letter.failedAt);
    letter.attempts = static_cast<int>(members.number(kAttempts).value_or(letter.attempts));
    letter.original.stream = members.text(kTopic);
    if (const auto partition = members.number(kPartition)) {
        letter.original.partition = static_cast<std::int32_t>(*partition);
    }
    letter.original.position = members.number(kOffset);
    const RawJsonMember* key = members.find(kKey);
    if (key) {
        understood.keyIsNull = key->isNull();
        letter.original.key = key->isNull() ? std::string() : key->text();
    }
    readHeaders(members, letter.original.headers);
    restoreClassicRecord(understood, key != nullptr);
    return true;
}

} // namespace eventscope::kafka
