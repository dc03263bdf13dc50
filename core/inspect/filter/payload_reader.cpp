// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/payload_reader.h"

#include "event/json.h"
#include "event/simdjson_text.h"
#include "inspect/filter/json_head.h"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
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

using simdjson::error_code;
using simdjson::SUCCESS;

template <class Container>
error_code rawText(simdjson::simdjson_result<Container> result, std::optional<FilterValue>& out)
{
    Container container;
    if (const auto error = std::move(result).get(container); error != SUCCESS)
        return error;
    std::string_view raw;
    if (const auto error = container.raw_json().get(raw); error != SUCCESS)
        return error;
    out = FilterValue::view(withoutSpace(raw));
    return SUCCESS;
}

error_code textOf(simdjson::ondemand::value& value, std::optional<FilterValue>& out)
{
    const std::string_view token = withoutSpace(value.raw_json_token());
    std::string_view text;
    const error_code error = value.get_string().get(text);
    // What cannot be decoded, such as a lone surrogate, is shown as it is written.
    out = FilterValue(std::string(error == SUCCESS ? text : token));
    return error;
}

/// Without a value for null, and for what cannot be read (then the error says so).
error_code valueOf(simdjson::ondemand::value& value, std::optional<FilterValue>& out)
{
    json_type type{};
    if (const auto error = value.type().get(type); error != SUCCESS)
        return error;
    switch (type) {
    case json_type::object: return rawText(value.get_object(), out);
    case json_type::array: return rawText(value.get_array(), out);
    case json_type::string: return textOf(value, out);
    case json_type::number:
        if (auto number = FilterNumber::parse(withoutSpace(value.raw_json_token())))
            out = FilterValue(*std::move(number));
        return SUCCESS;
    case json_type::boolean: {
        bool flag = false;
        const error_code error = value.get_bool().get(flag);
        if (error == SUCCESS)
            out = FilterValue(flag);
        return error;
    }
    default: return SUCCESS;
    }
}

/// The document is as it should be, there is only no such field.
bool isHarmless(error_code error)
{
    return error == SUCCESS || error == simdjson::NO_SUCH_FIELD || error == simdjson::INDEX_OUT_OF_BOUNDS;
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

    error_code read(std::span<const PathStep> steps, std::optional<FilterValue>& found)
    {
        document.rewind();
        simdjson::ondemand::value value;
        if (const auto error = stepInto(document, steps.front()).get(value); error != SUCCESS)
            return error;
        for (const PathStep& step : steps.subspan(1)) {
            if (const auto error = stepInto(value, step).get(value); error != SUCCESS)
                return error;
        }
        return valueOf(value, found);
    }

    /// Where the members come in the order that they are asked for: no key is compared twice. NO_SUCH_FIELD
    /// when they do not.
    error_code readInOrder(std::span<const PathStep> names, std::span<std::string_view> texts)
    {
        simdjson::ondemand::object object;
        if (const auto error = document.get_object().get(object); error != SUCCESS)
            return error;
        for (std::size_t i = 0; i < names.size(); ++i) {
            auto found = object.find_field(names[i].jsonName);
            if (found.error() != SUCCESS)
                return found.error();
            if (const auto error = memberText(found.value_unsafe(), texts[i]); error != SUCCESS)
                return error;
        }
        return SUCCESS;
    }

    /// In any order; an error ends the walk, as what comes behind it cannot be trusted.
    error_code readInAnyOrder(std::span<const PathStep> names, std::span<std::string_view> texts)
    {
        document.rewind();
        simdjson::ondemand::object object;
        if (const auto error = document.get_object().get(object); error != SUCCESS)
            return error;
        for (auto result : object) {
            if (result.error() != SUCCESS)
                return result.error();
            simdjson::ondemand::field& field = result.value_unsafe();
            const auto name = std::find_if(names.begin(), names.end(),
                [&](const PathStep& step) { return field.key().unsafe_is_equal(step.jsonName); });
            std::string_view& text = texts[static_cast<std::size_t>(name - names.begin()) % texts.size()];
            if (name == names.end() || text.data() != nullptr)
                continue;
            if (const auto error = memberText(field.value(), text); error != SUCCESS)
                return error;
        }
        return SUCCESS;
    }

    static error_code memberText(simdjson::ondemand::value& value, std::string_view& text)
    {
        const std::string_view token = value.raw_json_token();
        switch (token.front()) {
        case '"': {
            const std::size_t end = token.find_last_of('"');
            text = token.substr(1, end - 1);
            return end > 0 && std::memchr(text.data(), '\\', text.size()) == nullptr ? SUCCESS
                                                                                     : value.get_string().get(text);
        }
        case 'n': return SUCCESS;
        case '{':
        case '[': return readRawText(value, text);
        default: text = withoutSpace(token); return SUCCESS;
        }
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
    std::optional<FilterValue> found;
    // Where something is broken on the way, the document cannot be gone back in.
    if (!isHarmless(d->read(steps, found)) || !d->document.is_alive())
        d->state = Private::State::Unread;
    return found;
}

void PayloadReader::texts(std::span<const PathStep> names, std::span<std::string_view> texts)
{
    if (names.empty() || (d->isPadded && readJsonHead(d->payload, names, texts)))
        return;
    std::fill(texts.begin(), texts.end(), std::string_view());
    if (d->state == Private::State::Readable)
        d->document.rewind();
    else if (!d->prepare())
        return;
    error_code error = d->readInOrder(names, texts);
    if (error == simdjson::NO_SUCH_FIELD) {
        std::fill(texts.begin(), texts.end(), std::string_view());
        error = d->readInAnyOrder(names, texts);
    }
    if (!isHarmless(error) || !d->document.is_alive())
        d->state = Private::State::Unread;
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
