// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/idempotent_handler.h"

#include <atomic>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

namespace eventscope::core {

namespace {

void appendEncoded(std::string& key, std::string_view name)
{
    for (const char c : name) {
        if (c == '%')
            key += "%25";
        else if (c == ':')
            key += "%3A";
        else
            key += c;
    }
}

void count(std::atomic<std::uint64_t>& counter)
{
    counter.fetch_add(1, std::memory_order_relaxed);
}

} // namespace

std::string processedKey(std::string_view eventId, std::string_view handler)
{
    std::string key = "processed:";
    if (!handler.empty()) {
        appendEncoded(key, handler);
        key += ':';
    }
    key += eventId;
    return key;
}

struct IdempotentHandler::Private {
    Status handle(const std::string& key, const std::string& token, const RecordedEvent& event);
    Status record(const std::string& key, const std::string& token, const RecordedEvent& event);

    std::optional<std::string> takeUnrecorded(const std::string& key)
    {
        const std::scoped_lock lock(mutex);
        auto node = unrecorded.extract(key);
        return node ? std::optional(std::move(node.mapped())) : std::nullopt;
    }

    IdempotencyStore& store;
    const EventHandler handler;
    const IdempotentHandlerOptions options;

    std::atomic<std::uint64_t> handled{0}, skipped{0}, held{0}, failed{0}, leasesLost{0}, missed{0};
    std::mutex mutex;
    std::unordered_map<std::string, std::string> unrecorded; // key → token: handled, but not yet known to the store
};

Status IdempotentHandler::Private::handle(const std::string& key, const std::string& token, const RecordedEvent& event)
{
    Status outcome;
    try {
        outcome = handler(event);
    } catch (...) {
        outcome = std::unexpected(errorOfCurrentException());
    }
    if (!outcome) {
        count(failed);
        // Best effort: when the store does not answer, the lease ends the claim.
        static_cast<void>(store.release(key, token));
        return outcome;
    }
    count(handled);
    return record(key, token, event);
}

Status IdempotentHandler::Private::record(const std::string& key, const std::string& token, const RecordedEvent& event)
{
    const Status completed = store.complete(key, token, options.retention);
    if (completed)
        return {};
    if (completed.error().code == ErrorCode::Refused) {
        count(leasesLost);
        return {}; // it was handled: bringing it again would only handle it once more
    }
    count(missed);
    const std::scoped_lock lock(mutex);
    unrecorded.insert_or_assign(key, token);
    return fail(ErrorCode::HeldByOther,
        fmt::format("{} {} was handled, but this could not be recorded yet: {}", event.type, event.id,
            completed.error().message));
}

IdempotentHandler::IdempotentHandler(IdempotencyStore& store, EventHandler handler, IdempotentHandlerOptions options)
    : d(new Private{.store = store, .handler = std::move(handler), .options = std::move(options)})
{
}

Status IdempotentHandler::operator()(const RecordedEvent& event) const
{
    if (event.id.empty())
        return fail(ErrorCode::InvalidArgument,
            fmt::format("an event {} without an id cannot be told from its repetition", event.type));
    const std::string key = processedKey(event.id, d->options.handler);
    if (const std::optional<std::string> token = d->takeUnrecorded(key))
        return d->record(key, *token, event);
    const Result<Claim> claim = d->store.claim(key, d->options.lease);
    if (!claim)
        return std::unexpected(claim.error());
    switch (claim->state) {
    case Claim::State::Acquired: return d->handle(key, claim->token, event);
    case Claim::State::AlreadyDone: count(d->skipped); return {};
    case Claim::State::HeldByOther: break;
    }
    count(d->held);
    return fail(ErrorCode::HeldByOther,
        fmt::format("{} {} is being handled by somebody else until {} at the latest", event.type, event.id,
            formatTimestamp(claim->leaseUntil)));
}

IdempotentHandlerStatistics IdempotentHandler::statistics() const
{
    return {.handled = d->handled,
        .skipped = d->skipped,
        .held = d->held,
        .failed = d->failed,
        .leasesLost = d->leasesLost,
        .unrecorded = d->missed};
}

} // namespace eventscope::core
