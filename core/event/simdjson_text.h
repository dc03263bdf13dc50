// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <simdjson.h>

#include <string_view>

namespace eventscope::core {

/// A value's text as written, without white space around it, whatever its type. Only for sources that
/// parse with simdjson; newer releases have value::raw_json() for this, the oldest we build with has not.
inline simdjson::error_code readRawText(simdjson::ondemand::value value, std::string_view& text)
{
    namespace ondemand = simdjson::ondemand;
    ondemand::json_type type{};
    simdjson::error_code error = value.type().get(type);
    if (!error && type == ondemand::json_type::object) {
        ondemand::object object;
        error = value.get_object().get(object);
        if (!error)
            error = object.raw_json().get(text);
    } else if (!error && type == ondemand::json_type::array) {
        ondemand::array array;
        error = value.get_array().get(array);
        if (!error)
            error = array.raw_json().get(text);
    } else if (!error) {
        text = value.raw_json_token();
    }
    while (!error && !text.empty() && static_cast<unsigned char>(text.back()) <= ' ')
        text.remove_suffix(1);
    return error;
}

} // namespace eventscope::core
