// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/payload_reader.h"

#include "event/json.h"

#include <simdjson.h>

#include <string>
#include <utility>

namespace eventscope::core {

namespace {

using simdjson::ondemand::json_type;

std::string_view withoutSpace(std::string_view text)
{
    constexpr std::string_view kSpace = " \t\r\n";
    const std::size_t begin = text.find_first_not_of(kSpace);
    if (begin == std::string_view::npos)
        return {};
    return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

/// One step down from a document or a value.
template <class Parent>
simdjson::simdjson_result<simdjson::ondemand::value> stepInto(Parent& parent, const PathStep& step)
{
    json_type type{};
    if (const auto error = parent.type().get(type); error != simdjson::SUCCESS)
        return error;
    if (type == json_type::array && step.index)
        return parent.at(*step.index);
    if (type == json_type::object && !step.isElement)
        return parent.find_field_unordered(step.jsonName);
    return simdjson::NO_SUCH_FIELD;
}

template <class Container>
std::optional<FilterValue> rawText(simdjson::simdjson_result<Container> result)
{
    Container container;
    std::string_view raw;
    if (std::move(result).get(container) != simdjson::SUCCESS || container.raw_json().get(raw) != simdjson::SUCCESS)
        return std::nullopt;
    return FilterValue::view(withoutSpace(raw));
}

std::optional<FilterValue> textOf(simdjson::ondemand::value& value)
{
    // What cannot be decoded, such as a lone surrogate, is shown as it is written.
    const std::string_view token = withoutSpace(value.raw_json_token());
    std::string_view text;
    if (value.get_string().get(text) != simdjson::SUCCESS)
        return FilterValue(std::string(token));
    return FilterValue(std::string(text));
}

std::optional<FilterValue> valueOf(simdjson::ondemand::value& value)
{
    json_type type{};
    if (value.type().get(type) != simdjson::SUCCESS)
        return std::nullopt;
    switch (type) {
    case json_type::object: return rawText(value.get_object());
    case json_type::array: return rawText(value.get_array());
    case json_type::string: return textOf(value);
    case json_type::number:
        if (auto number = FilterNumber::parse(withoutSpace(value.raw_json_token())))
            return FilterValue(*std::move(number));
        return std::nullopt;
    case json_type::boolean: {
        bool flag = false;
        if (value.get_bool().get(flag) != simdjson::SUCCESS)
            return std::nullopt;
        return FilterValue(flag);
    }
    default: return std::nullopt;
    }
}

} // namespace

struct PayloadReader::Private {
    enum class State { Unread, Readable, NoJson };

    bool prepare()
    {
        if (state == State::Unread)
            state = iterate() ? State::Readable : State::NoJson;
        return state == State::Readable;
    }

    bool iterate()
    {
        std::string_view padded = payload;
        if (!isPadded) {
            // Grows only: a reader sees millions of payloads.
            if (copy.size() < payload.size() + simdjson::SIMDJSON_PADDING)
                copy.resize(payload.size() + simdjson::SIMDJSON_PADDING);
            payload.copy(copy.data(), payload.size());
            padded = std::string_view(copy).substr(0, payload.size());
        }
        return parser.iterate(padded.data(), padded.size(), padded.size() + simdjson::SIMDJSON_PADDING).get(document)
            == simdjson::SUCCESS;
    }

    std::string_view payload;
    bool isPadded = false;
    State state = State::Unread;
    std::string copy;
    simdjson::ondemand::parser parser;
    simdjson::ondemand::document document;
};

PayloadReader::PayloadReader() : d(std::make_unique<Private>()) { }
PayloadReader::~PayloadReader() = default;
PayloadReader::PayloadReader(PayloadReader&&) noexcept = default;
PayloadReader& PayloadReader::operator=(PayloadReader&&) noexcept = default;

void PayloadReader::setPayload(std::string_view payload)
{
    d->payload = payload;
    d->isPadded = false;
    d->state = Private::State::Unread;
}

void PayloadReader::setPaddedPayload(std::string_view payload)
{
    setPayload(payload);
    d->isPadded = true;
}

std::optional<FilterValue> PayloadReader::field(std::span<const PathStep> steps)
{
    if (steps.empty())
        return valueOfJsonText(d->payload);
    if (!d->prepare())
        return std::nullopt;
    d->document.rewind();
    simdjson::ondemand::value value;
    if (stepInto(d->document, steps.front()).get(value) != simdjson::SUCCESS)
        return std::nullopt;
    for (const PathStep& step : steps.subspan(1)) {
        if (stepInto(value, step).get(value) != simdjson::SUCCESS)
            return std::nullopt;
    }
    return valueOf(value);
}

std::optional<FilterValue> valueOfJsonText(std::string_view json)
{
    const std::string_view text = withoutSpace(json);
    const char first = text.empty() ? '\0' : text.front();
    if (first == '"') {
        if (const auto parsed = Json::parse(text))
            return FilterValue(parsed->asString());
    } else if (first == '-' || (first >= '0' && first <= '9')) {
        if (auto number = FilterNumber::parse(text))
            return FilterValue(*std::move(number));
    } else if (text == "true" || text == "false") {
        return FilterValue(text == "true");
    } else if (text == "null") {
        return std::nullopt;
    }
    return FilterValue::view(json);
}

} // namespace eventscope::core
