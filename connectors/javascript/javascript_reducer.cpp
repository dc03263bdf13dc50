// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "javascript_reducer.h"

#include "event/event.h"
#include "event/timestamp.h"
#include "event/utf8.h"
#include "frames.h"
#include "javascript_worker.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

extern char** environ; // NOLINT(readability-redundant-declaration): POSIX has it in no header

namespace eventscope::javascript {

using core::ErrorCode;
using core::Json;
using core::Result;

namespace {

constexpr std::chrono::milliseconds kStartLimit{20'000}; // of a process on a busy machine
constexpr int kMostEnds = 3;
constexpr std::ptrdiff_t kExactDigits = 15;
constexpr std::size_t kLargestScript = std::size_t{1} << 20;

/// What a double cannot hold becomes a text, so that no digit is lost.
void keepDigits(Json& value)
{
    if (value.isNumber()) {
        const std::string& text = value.numberText();
        const auto digits = std::ranges::count_if(
            text.substr(0, text.find_first_of("eE")), [](char c) { return c >= '0' && c <= '9'; });
        if (digits > kExactDigits) {
            value = Json(std::string(text));
        }
    } else if (value.isArray()) {
        std::ranges::for_each(value.asArray(), keepDigits);
    } else if (value.isObject()) {
        std::ranges::for_each(value.asObject(), [](Json::Member& member) { keepDigits(member.second); });
    }
}

Json metadataOf(const core::SourceEvent& event)
{
    Json metadata = Json::Object();
    for (const core::HeaderView& header : event.headers) {
        if (core::isUtf8(header.name) && core::isUtf8(header.value)) {
            metadata.set(header.name, header.value);
        }
    }
    return metadata;
}

/// The event as KurrentDB's projections see it, with what else is known of it here.
Json eventJson(const core::ReducerEvent& reduced)
{
    const core::SourceEvent& event = reduced.envelope();
    Json json;
    const Result<Json>& data = reduced.data();
    json.set("isJson", data.has_value());
    Json body = data ? *data : Json();
    keepDigits(body);
    json.set("data", std::move(body));
    json.set("bodyRaw", core::isUtf8(event.payload) ? Json(event.payload) : Json());
    json.set("eventType", event.type);
    json.set("type", event.type);
    json.set("streamId", event.stream);
    json.set("category", core::categoryOf(event.stream));
    json.set("eventId", event.id);
    json.set("id", event.id);
    json.set("sequenceNumber", event.version == core::SourceEvent::kNone ? Json() : Json(event.version));
    json.set("position", event.position == core::SourceEvent::kNone ? Json() : Json(std::to_string(event.position)));
    json.set("created", event.hasTime ? Json(core::formatTimestamp(event.time)) : Json());
    json.set("timestamp", event.hasTime ? Json(core::formatTimestamp(event.time)) : Json());
    json.set("correlationId", event.correlationId);
    json.set("causationId", event.causationId);
    json.set("source", event.source);
    json.set("metadata", metadataOf(event));
    return json;
}

} // namespace

/// The worker: ended with this object, whatever it is doing.
class JavaScriptReducer::Process {
public:
    static Result<std::unique_ptr<Process>> start(const std::string& program)
    {
        std::array<int, 2> ends{};
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
            return core::fail(ErrorCode::Io, "there is no socket left for its process.");
        }
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDIN_FILENO);
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
        std::string name = "eventscope";
        std::string word = kWorkerWord;
        std::array<char*, 3> words{name.data(), word.data(), nullptr};
        pid_t child = -1;
        const int failed = posix_spawn(&child, program.c_str(), &actions, nullptr, words.data(), environ);
        posix_spawn_file_actions_destroy(&actions);
        close(ends[1]);
        if (failed != 0) {
            close(ends[0]);
            return core::fail(ErrorCode::Io, "its process cannot be started.");
        }
        return std::unique_ptr<Process>(new Process(child, ends[0]));
    }

    ~Process()
    {
        close(m_socket);
        kill(m_child, SIGKILL);
        waitpid(m_child, nullptr, 0);
    }
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    Result<std::string> ask(const std::string& request, std::chrono::milliseconds longest)
    {
        if (const core::Status sent = writeFrame(m_socket, request, longest); !sent) {
            return std::unexpected(sent.error());
        }
        return readFrame(m_socket, longest);
    }

private:
    Process(pid_t child, int socket) : m_child(child), m_socket(socket) { }

    const pid_t m_child;
    const int m_socket;
};

JavaScriptReducer::JavaScriptReducer(std::string name, std::string script, Options options)
    : m_name(std::move(name)), m_script(std::move(script)), m_options(std::move(options))
{
}

JavaScriptReducer::~JavaScriptReducer() = default;

Result<std::unique_ptr<JavaScriptReducer>> JavaScriptReducer::open(const std::filesystem::path& file, Options options)
{
    std::ifstream in(file, std::ios::binary);
    std::string script(kLargestScript + 1, '\0');
    if (!in || in.read(script.data(), static_cast<std::streamsize>(script.size())).bad()) {
        return core::fail(ErrorCode::NotFound, fmt::format("the reducer '{}' cannot be read.", file.string()));
    }
    script.resize(static_cast<std::size_t>(in.gcount()));
    if (script.empty() || script.size() > kLargestScript) {
        return core::fail(ErrorCode::Unparsable,
            fmt::format("the reducer '{}' is {}.", file.string(), script.empty() ? "empty" : "larger than 1 MiB"));
    }
    std::unique_ptr<JavaScriptReducer> reducer(
        new JavaScriptReducer(file.filename().string(), std::move(script), std::move(options)));
    if (const core::Status started = reducer->start(); !started) {
        return std::unexpected(started.error());
    }
    return reducer;
}

core::Status JavaScriptReducer::start()
{
    auto process = Process::start(m_options.program);
    if (!process) {
        return core::fail(ErrorCode::Io, fmt::format("{} cannot run: {}", m_name, process.error().message));
    }
    m_process = std::move(*process);
    Json request;
    request.set("script", m_script);
    request.set("file", m_name);
    Result<Json> initial = ask(request.dump(), "beginning");
    if (!initial) {
        return std::unexpected(initial.error());
    }
    m_initial = std::move(*initial);
    return {};
}

Result<Json> JavaScriptReducer::ask(const std::string& request, std::string_view doing)
{
    const bool isStart = doing == "beginning";
    const Result<std::string> answer = m_process->ask(request, isStart ? kStartLimit : m_options.timeLimit);
    if (!answer) {
        m_process.reset();
        ++m_ends;
        const bool isSlow = answer.error().code == ErrorCode::Timeout;
        return core::fail(isSlow ? ErrorCode::Timeout : ErrorCode::HandlerFailed,
            fmt::format("{} was ended at {}: {}.", m_name, doing,
                isSlow ? "it took too long" : "it used too much memory, or crashed"));
    }
    Result<Json> reply = Json::parse(*answer);
    if (!reply) {
        return core::fail(ErrorCode::Unparsable, fmt::format("{} gave no JSON at {}.", m_name, doing));
    }
    if (Json* const state = reply->find("state")) {
        return std::move(*state);
    }
    const Json* const line = reply->find("line");
    std::string_view kind = reply->stringOr("kind");
    std::string message = fmt::format("{}{}: {}{}{}", m_name, line ? ":" + line->numberText() : std::string(), kind,
        kind.empty() ? "" : ": ", reply->stringOr("error"));
    if (kind == "SyntaxError" && m_script.find("...") != std::string::npos) {
        message += " (the spread of objects, {...state}, is not understood here: write Object.assign({}, state, {…}))";
    }
    return core::fail(isStart ? ErrorCode::Unparsable : ErrorCode::HandlerFailed, std::move(message));
}

core::Status JavaScriptReducer::apply(Json& state, const core::ReducerEvent& event)
{
    if (!m_process) {
        if (m_ends >= kMostEnds) {
            return core::fail(
                ErrorCode::Refused, fmt::format("{} had to be ended {} times and is not tried again.", m_name, m_ends));
        }
        if (core::Status started = start(); !started) {
            return started;
        }
    }
    Json request;
    request.set("state", state);
    request.set("event", eventJson(event));
    Result<Json> next = ask(request.dump(), event.type());
    if (!next) {
        return std::unexpected(next.error());
    }
    state = std::move(*next);
    return {};
}

} // namespace eventscope::javascript
