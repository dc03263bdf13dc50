// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/letter_filter.h"

#include "inspect/filter/event_attributes.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <vector>

namespace eventscope::app {

core::FilterMatch matchLetter(const core::FilterExpression& filter, const core::DeadLetter& letter)
{
    const core::DeadLetter::Original& original = letter.original;
    std::vector<core::HeaderView> headers;
    headers.reserve(original.headers.size() + 4);
    for (const core::Header& header : original.headers) {
        headers.push_back({header.name, header.value});
    }
    const std::string attempts = std::to_string(letter.attempts);
    headers.push_back({"queue", letter.queue});
    headers.push_back({"error", letter.error.message});
    headers.push_back({"errortype", letter.error.type});
    headers.push_back({"attempts", attempts});
    const auto header = [&](std::string_view name) {
        const auto found = std::ranges::find(headers, name, &core::HeaderView::name);
        return found == headers.end() ? std::string_view{} : found->value;
    };
    core::SourceEvent event{.source = letter.queue,
        .stream = original.stream,
        .position = original.position.value_or(core::SourceEvent::kNone),
        .partition = original.partition.value_or(-1),
        .id = original.id,
        .type = original.type,
        .time = original.time,
        .hasTime = original.time != core::Timestamp{},
        .correlationId = header("correlationId"),
        .causationId = header("causationId"),
        .headers = headers,
        .payload = original.data};
    if (const std::string_view version = header("version"); !version.empty()) {
        std::from_chars(version.data(), version.data() + version.size(), event.version);
    }
    return filter.match(core::SourceEventAttributes(event));
}

} // namespace eventscope::app
