// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/payload_reader.h"

#include "event/json.h"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

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
        begin = padded.data();
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

    /// Fills those that are still open; an error ends the walk, as what comes behind it cannot be trusted.
    error_code readMembers(std::span<const PathStep> names, std::span<std::optional<FilterValue>> values)
    {
        document.rewind();
        simdjson::ondemand::object object;
        if (const auto error = document.get_object().get(object); error != SUCCESS)
            return error;
        open.assign(names.size(), 1);
        std::size_t left = names.size();
        std::size_t next = 0; // mostly they come in the order that they are asked for
        for (auto result : object) {
            simdjson::ondemand::field field;
            if (const auto error = std::move(result).get(field); error != SUCCESS)
                return error;
            const std::size_t i = wantedAs(names, field.key(), next);
            if (i == names.size())
                continue;
            if (const auto error = memberValue(field.value(), values[i]); error != SUCCESS)
                return error;
            open[i] = 0;
            next = i + 1;
            if (--left == 0)
                return SUCCESS;
        }
        return SUCCESS;
    }

    /// Which of those still open the key is, looking from `next` on first; names.size(): none.
    std::size_t wantedAs(
        std::span<const PathStep> names, const simdjson::ondemand::raw_json_string& key, std::size_t next) const
    {
        const auto is = [&](std::size_t i) {
            return open[i] != 0 && !names[i].isElement && key.unsafe_is_equal(names[i].jsonName);
        };
        std::size_t i = next;
        while (i < names.size() && !is(i))
            ++i;
        if (i < names.size())
            return i;
        for (i = 0; i < next && !is(i); ++i) { }
        return i < next ? i : names.size();
    }

    error_code memberValue(simdjson::ondemand::value& value, std::optional<FilterValue>& out) const
    {
        const std::string_view token = value.raw_json_token();
        if (token.front() != '"')
            return valueOf(value, out);
        const std::size_t end = token.find_last_of('"');
        const std::string_view text = token.substr(1, end == 0 ? 0 : end - 1);
        if (end == 0 || std::memchr(text.data(), '\\', text.size()) != nullptr)
            return valueOf(value, out);
        const std::size_t offset = static_cast<std::size_t>(text.data() - begin);
        out.emplace(FilterValue::view(payload.substr(offset, text.size())));
        return SUCCESS;
    }

    std::string_view payload;
    const char* begin = nullptr; ///< of the bytes that are parsed: the payload's own, or a copy
    std::vector<char> open;      ///< by name: it has not come yet
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

void PayloadReader::members(std::span<const PathStep> names, std::span<std::optional<FilterValue>> values)
{
    std::fill(values.begin(), values.end(), std::nullopt);
    if (!d->prepare())
        return;
    if (!isHarmless(d->readMembers(names, values)) || !d->document.is_alive())
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
