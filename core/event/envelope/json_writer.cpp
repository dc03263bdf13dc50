// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/envelope/json_writer.h"

#include "event/base64.h"
#include "event/json.h"
#include "event/utf8.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

namespace eventscope::core {

namespace {

template <class Real>
void appendRealAs(std::string& out, Real number)
{
    if (std::isnan(number)) {
        out += "\"NaN\"";
    } else if (std::isinf(number)) {
        out += number > 0 ? "\"Infinity\"" : "\"-Infinity\"";
    } else {
        fmt::format_to(std::back_inserter(out), "{}", number);
    }
}

} // namespace

void appendTextOrBytes(std::string& out, std::string_view text)
{
    if (isUtf8(text)) {
        appendJsonString(out, text);
    } else {
        appendBytesAsJson(out, text);
    }
}

void appendBytesAsJson(std::string& out, std::string_view bytes)
{
    out += R"({"$base64":")";
    appendBase64(out, bytes);
    out += "\"}";
}

void appendReal(std::string& out, double number)
{
    appendRealAs(out, number);
}

void appendReal(std::string& out, float number)
{
    appendRealAs(out, number);
}

} // namespace eventscope::core
