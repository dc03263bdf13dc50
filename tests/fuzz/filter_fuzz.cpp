// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/event_log.h"
#include "inspect/filter/event_attributes.h"
#include "inspect/filter/filter_completion.h"
#include "inspect/filter/filter_expression.h"
#include "inspect/filter/log_filter.h"
#include "inspect/source_event.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

using namespace eventscope::core;

/// The input is an expression, and behind a zero byte the payload that it is evaluated over.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const std::size_t end = input.find('\0');
    const std::string_view text = input.substr(0, end);
    const FilterCompletion completion
        = completeFilter(text, text.size() / 2, {.headers = {"tenant"}, .payloadFields = {"a[0].b"}});
    if (completion.begin > completion.end || completion.end > text.size()) {
        std::abort();
    }
    const auto expression = FilterExpression::compile(text);
    if (!expression) {
        return expression.error().message.empty() ? -1 : 0;
    }
    static constexpr std::array<HeaderView, 2> kHeaders{HeaderView{"tenant", "acme"}, HeaderView{"n", "7"}};
    const std::string_view payload
        = end == std::string_view::npos ? R"({"items":[{"sku":"a","n":1.50}],"t":true})" : input.substr(end + 1);
    SourceEventAttributes attributes;
    const SourceEvent event{.source = "s",
        .stream = "order-1",
        .position = 7,
        .id = "e",
        .type = "OrderPlaced",
        .headers = kHeaders,
        .payload = payload};
    attributes.setEvent(event);
    const FilterMatch match = expression->match(attributes);
    (void)expression->explain(expression->evaluate(attributes));

    // A scan of the log decides in other ways, and must decide the same.
    EventLog log;
    log.append({&event, 1});
    std::vector<LogRow> rows;
    const LogScanReceipt receipt = scanLog(*expression, log, 0, 1, {}, rows, 1);
    if (receipt.matched != (match == FilterMatch::Yes ? 1U : 0U)
        || receipt.errors != (match == FilterMatch::Error ? 1U : 0U)) {
        std::abort();
    }
    return 0;
}
