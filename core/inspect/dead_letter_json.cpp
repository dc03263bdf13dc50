// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/dead_letter_json.h"

#include "inspect/event_json.h"
#include "inspect/json_fields.h"

#include <vector>

namespace eventscope::core {

namespace {

void appendOriginal(std::string& out, const DeadLetter::Original& original)
{
    JsonFields fields(out);
    fields.textUnlessEmpty("stream", original.stream);
    if (original.partition) {
        fields.integer("partition", *original.partition);
    }
    if (original.position) {
        fields.integerText("position", *original.position);
    }
    fields.textUnlessEmpty("key", original.key);
    fields.textUnlessEmpty("id", original.id);
    fields.textUnlessEmpty("type", original.type);
    if (original.time != Timestamp{}) {
        fields.time("time", original.time);
    }
    if (!original.headers.empty()) {
        appendHeadersJson(fields.member("headers"), original.headers);
    }
    appendPayloadJson(fields.member("data"), original.data, false);
    fields.end();
}

} // namespace

void appendDeadLetterJson(std::string& out, const DeadLetter& letter)
{
    JsonFields fields(out);
    fields.text("id", letter.id);
    fields.text("queue", letter.queue);
    fields.textUnlessEmpty("convention", letter.convention);
    appendOriginal(fields.member("original"), letter.original);
    JsonFields error(fields.member("error"));
    error.textUnlessEmpty("type", letter.error.type);
    error.textUnlessEmpty("message", letter.error.message);
    error.textUnlessEmpty("stack", letter.error.stack);
    error.end();
    if (letter.failedAt != Timestamp{}) {
        fields.time("failedAt", letter.failedAt);
    }
    fields.integer("attempts", letter.attempts);
    fields.end();
}

} // namespace eventscope::core
