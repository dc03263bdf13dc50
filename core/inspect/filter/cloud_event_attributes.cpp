// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/cloud_event_attributes.h"

#include "event/base64.h"
#include "event/bytes_json.h"
#include "inspect/filter/filter_text.h"

#include <algorithm>
#include <utility>

namespace eventscope::core {

namespace {

/// An attribute's value; nothing for null.
std::optional<FilterValue> attributeValue(const RawJsonMember& member)
{
    if (member.isNull())
        return std::nullopt;
    if (member.isString())
        return FilterValue(member.text());
    auto value = valueOfJsonText(member.value);
    if (value && value->type() == FilterType::Number) {
        const Evaluated integer = castTo(*value, FilterType::Integer);
        if (integer && integer.value.toJson() == member.value)
            return integer.value;
    }
    if (value)
        value->own();
    return value;
}

bool isCounter(KnownAttribute attribute)
{
    return attribute == KnownAttribute::Position || attribute == KnownAttribute::Version
        || attribute == KnownAttribute::Partition;
}

} // namespace

Result<CloudEventAttributes> CloudEventAttributes::parse(std::string_view json)
{
    const auto members = readRawObject(json);
    if (!members)
        return fail(ErrorCode::Unparsable, "The event is no JSON object: " + members.error().message);
    CloudEventAttributes event;
    for (const RawJsonMember& member : *members)
        event.read(member);
    if (!event.m_isCloudEvent)
        event.unwrapPayload();
    return event;
}

void CloudEventAttributes::unwrapPayload()
{
    const auto members = readRawObject(m_payload);
    if (!members || members->size() != 1 || !members->front().isString())
        return;
    const RawJsonMember& only = members->front();
    if (only.name == "$text") {
        m_payload = only.text();
    } else if (only.name == "$base64") {
        if (auto bytes = decodeBase64(only.text()))
            m_payload = *std::move(bytes);
    }
}

void CloudEventAttributes::read(const RawJsonMember& member)
{
    if (member.name == "data") {
        m_payload = member.value;
        m_hasPayload = !member.isNull();
    } else if (member.name == "data_base64" && member.isString()) {
        if (auto bytes = decodeBase64(member.text())) {
            m_payload = *std::move(bytes);
            m_hasPayload = true;
        }
    } else if (member.name == "headers" && member.value.starts_with('[')) {
        readHeaders(member.value);
    } else if (auto value = attributeValue(member)) {
        m_isCloudEvent = m_isCloudEvent || member.name == "specversion";
        m_attributes.push_back({member.name, *std::move(value)});
    }
}

void CloudEventAttributes::readHeaders(std::string_view json)
{
    const auto headers = readRawArray(json);
    for (const std::string_view header : headers ? *headers : std::vector<std::string_view>()) {
        const auto pair = readRawArray(header);
        if (!pair || pair->size() != 2 || !pair->front().starts_with('"') || !pair->back().starts_with('"'))
            continue;
        m_headers.push_back({decodeJsonString(pair->front()), FilterValue(decodeJsonString(pair->back()))});
    }
}

std::optional<FilterValue> CloudEventAttributes::find(const std::vector<Attribute>& where, std::string_view name) const
{
    const auto found
        = std::find_if(where.begin(), where.end(), [name](const Attribute& a) { return sameName(a.name, name); });
    if (found == where.end())
        return std::nullopt;
    const FilterValue& value = found->value;
    return value.type() == FilterType::String ? FilterValue::view(value.asText()) : value;
}

std::optional<FilterValue> CloudEventAttributes::attribute(const AttributeName& name) const
{
    auto value = find(m_attributes, name.name);
    if (!value && name.known == KnownAttribute::Subject)
        value = find(m_attributes, name.name == "subject" ? "stream" : "subject");
    if (!value)
        return find(m_headers, name.name);
    // Our own lines have a position as a text, since JavaScript cannot hold it otherwise.
    if (!m_isCloudEvent && isCounter(name.known) && value->type() == FilterType::String) {
        if (auto number = FilterNumber::parse(value->asText()))
            return FilterValue(*std::move(number));
    }
    return value;
}

std::optional<FilterValue> CloudEventAttributes::field(const FilterPath& path) const
{
    if (path.root == PathRoot::Headers) {
        auto value = find(m_headers, path.headerName());
        return value ? value : find(m_attributes, path.headerName());
    }
    if (path.root != PathRoot::Data || !m_hasPayload)
        return std::nullopt;
    m_reader.setPayload(m_payload);
    return m_reader.field(path.steps);
}

bool CloudEventAttributes::containsText(std::string_view text) const
{
    const auto inValue = [text](const Attribute& a) {
        return containsBytes(castTo(a.value, FilterType::String).value.asText(), text);
    };
    return (m_hasPayload && containsBytes(m_payload, text))
        || std::any_of(m_attributes.begin(), m_attributes.end(), inValue)
        || std::any_of(m_headers.begin(), m_headers.end(),
            [&](const Attribute& a) { return containsBytes(a.name, text) || inValue(a); });
}

} // namespace eventscope::core
