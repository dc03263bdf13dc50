// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/event_json.h"

#include "event/base64.h"
#include "event/json.h"
#include "event/json_scanner.h"
#include "event/raw_json.h"
#include "event/utf8.h"
#include "inspect/json_fields.h"
#include "inspect/log_events.h"

#include <simdjson.h>

#include <cstddef>
#include <vector>

namespace eventscope::core {

namespace {

constexpr std::string_view kText = "$text";
constexpr std::string_view kBase64 = "$base64";
constexpr std::size_t kFirstCapacity = std::size_t{4} << 10;
constexpr std::size_t kLargestKept = std::size_t{1} << 20;

bool isWrapperName(std::string_view name)
{
    return name == kText || name == kBase64;
}

/// simdjson's parser as a judge. What it accepts is JSON; what it refuses may still be (a number that
/// fits no machine type, a lone surrogate), so a refusal goes to the slower judge that knows all of it.
class FastJudge {
public:
    enum class Verdict { Json, Wrapper, Unsure };

    FastJudge() { reset(); }

    Verdict judge(std::string_view text)
    {
        constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF"; // later versions of simdjson skip it
        if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
            return Verdict::Unsure;
        }
        simdjson::dom::element root;
        if (m_parser.parse(text.data(), text.size(), true).get(root) != simdjson::SUCCESS) {
            return Verdict::Unsure;
        }
        simdjson::dom::object object;
        if (root.get(object) == simdjson::SUCCESS) {
            auto member = object.begin();
            if (member != object.end() && isWrapperName(member.key()) && !(++member != object.end())) {
                return Verdict::Wrapper;
            }
        }
        return Verdict::Json;
    }

    /// Drops what a huge text made it allocate.
    void shrink()
    {
        if (m_parser.capacity() > kLargestKept) {
            m_parser = simdjson::dom::parser();
            reset();
        }
    }

private:
    void reset()
    {
        // Without memory for it every text is Unsure.
        [[maybe_unused]] const auto error = m_parser.allocate(kFirstCapacity, kMaxJsonDepth);
    }

    simdjson::dom::parser m_parser;
};

bool isWrapper(std::string_view json)
{
    const Result<std::vector<RawJsonMember>> members = readRawObject(json);
    return members && members->size() == 1 && isWrapperName(members->front().name);
}

/// Fits one line as it is, and can be told from the text around it.
bool isOneLine(std::string_view json)
{
    constexpr std::string_view kSpace = " \t\r\n";
    return json.find_first_of("\r\n") == std::string_view::npos && kSpace.find(json.front()) == std::string_view::npos
        && kSpace.find(json.back()) == std::string_view::npos;
}

void appendOnOneLine(std::string& out, std::string_view json)
{
    if (isOneLine(json)) {
        out += json;
        return;
    }
    const std::size_t begin = out.size();
    out.resize(begin + json.size());
    std::size_t size = 0;
    if (simdjson::minify(json.data(), json.size(), out.data() + begin, size) == simdjson::SUCCESS) {
        out.resize(begin + size);
        return;
    }
    out.resize(begin);
    out += minifyJson(json);
}

void appendWrapped(std::string& out, std::string_view payload)
{
    if (isUtf8(payload)) {
        out += R"({"$text":)";
        appendJsonString(out, payload);
    } else {
        out += R"({"$base64":")";
        appendBase64(out, payload);
        out.push_back('"');
    }
    out.push_back('}');
}

/// Whether ISO 8601 can say it in the form of the contract.
bool isWritable(Timestamp time)
{
    using namespace std::chrono;
    return time >= sys_days(year(1) / 1 / 1) && time < sys_days(year(10000) / 1 / 1);
}

} // namespace

void appendPayloadJson(std::string& out, std::string_view payload, bool isNull)
{
    if (isNull) {
        out += "null";
        return;
    }
    thread_local FastJudge judge;
    FastJudge::Verdict verdict = judge.judge(payload);
    judge.shrink();
    if (verdict == FastJudge::Verdict::Unsure && isJson(payload)) {
        verdict = isWrapper(payload) ? FastJudge::Verdict::Wrapper : FastJudge::Verdict::Json;
    }
    if (verdict == FastJudge::Verdict::Json) {
        appendOnOneLine(out, payload);
    } else {
        appendWrapped(out, payload);
    }
}

void appendEventJson(std::string& out, const SourceEvent& event)
{
    JsonFields fields(out);
    fields.textUnlessEmpty("source", event.source);
    fields.textUnlessEmpty("stream", event.stream);
    if (event.position != SourceEvent::kNone) {
        fields.integerText("position", event.position);
    }
    if (event.partition >= 0) {
        fields.integer("partition", event.partition);
    }
    if (event.version != SourceEvent::kNone) {
        fields.integer("version", event.version);
    }
    fields.textUnlessEmpty("id", event.id);
    fields.textUnlessEmpty("type", event.type);
    if (event.hasTime && isWritable(event.time)) {
        fields.time("time", event.time);
    }
    fields.textUnlessEmpty("correlationId", event.correlationId);
    fields.textUnlessEmpty("causationId", event.causationId);
    if (!event.headers.empty()) {
        appendHeadersJson(fields.member("headers"), event.headers);
    }
    appendPayloadJson(fields.member("data"), event.payload, event.payloadIsNull);
    if (event.isLate) {
        fields.member("late") += "true";
    }
    fields.textUnlessEmpty("undecodable", event.undecodable);
    fields.end();
}

void appendEventJson(std::string& out, const EventLog& log, LogRow row)
{
    LogEvents events(log);
    appendEventJson(out, events.at(row));
}

} // namespace eventscope::core
