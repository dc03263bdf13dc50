// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/filter/event_attributes.h"
#include "inspect/filter/filter_expression.h"
#include "inspect/source_event.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

using namespace eventscope::core;

/// The input is an expression, and behind a zero byte the payload that it is evaluated over.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const std::size_t end = input.find('\0');
    const auto expression = FilterExpression::compile(input.substr(0, end));
    if (!expression) {
        return expression.error().message.empty() ? -1 : 0;
    }
    static constexpr std::array<HeaderView, 2> kHeaders{HeaderView{"tenant", "acme"}, HeaderView{"n", "7"}};
    const std::string_view payload
        = end == std::string_view::npos ? R"({"items":[{"sku":"a","n":1.50}],"t":true})" : input.substr(end + 1);
    SourceEventAttributes attributes;
    attributes.setEvent({.source = "s",
        .stream = "order-1",
        .position = 7,
        .id = "e",
        .type = "OrderPlaced",
        .headers = kHeaders,
        .payload = payload});
    (void)expression->match(attributes);
    (void)expression->explain(expression->evaluate(attributes));
    return 0;
}
