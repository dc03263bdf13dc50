// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "story_store.h"

#include "sourcing/sqlite_database.h"
#include "sourcing/sqlite_dead_letter_store.h"
#include "sourcing/sqlite_event_store.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace eventscope::test {

namespace {

struct Line {
    const char* stream;
    const char* type;
    const char* data;
};

constexpr Line kStory[] = {
    {"order-a", "OrderPlaced",
        R"({"orderId":"a","customerId":"customer-1","items":[{"sku":"X","quantity":2,"price":19.00}],"totalAmount":38.00,"currency":"EUR"})"},
    {"order-a", "PaymentConfirmed", R"({"orderId":"a","paymentId":"pay_a","amount":38.00})"},
    {"order-a", "OrderShipped", R"({"orderId":"a","trackingNumber":"T1","shippedAt":"2026-11-23T09:00:02.000000Z"})"},
    {"order-b", "OrderPlaced",
        R"({"orderId":"b","customerId":"customer-2","items":[{"sku":"Y","quantity":1,"price":5.00}],"totalAmount":5.00,"currency":"EUR"})"},
    {"order-b", "OrderCancelled", R"({"orderId":"b","reason":"declined"})"},
    {"saga-order-a", "SagaStarted",
        R"({"sagaId":"order-a","sagaType":"order-saga","steps":[{"name":"create order","compensation":"cancel order","attempts":4,"compensationAttempts":6}],"input":{}})"},
    {"saga-order-a", "SagaStepStarted",
        R"({"step":"create order","attempt":1,"idempotencyKey":"order-a/create order"})"},
    {"saga-order-a", "SagaStepCompleted", R"({"step":"create order","attempt":1,"result":{}})"},
    {"saga-order-a", "SagaCompleted", R"({"sagaId":"order-a","sagaType":"order-saga"})"},
    {"saga-order-b", "SagaStarted",
        R"({"sagaId":"order-b","sagaType":"order-saga","steps":[{"name":"create order","compensation":"cancel order","attempts":4,"compensationAttempts":6}],"input":{}})"},
    {"saga-order-b", "SagaStepStarted",
        R"({"step":"create order","attempt":1,"idempotencyKey":"order-b/create order"})"},
    {"saga-order-b", "SagaStepFailed",
        R"({"step":"create order","attempt":1,"error":{"code":"DomainRule","message":"no such thing"},"effect":"possible","willRetry":false})"},
    {"saga-order-b", "SagaCompensationStarted",
        R"({"step":"create order","compensation":"cancel order","attempt":1,"idempotencyKey":"order-b/cancel order"})"},
    {"odd one", "Noted", R"("just a text")"},
};

template <class T>
T orThrow(core::Result<T> result)
{
    if (!result) {
        throw std::runtime_error(result.error().message);
    }
    return std::move(*result);
}

core::ParkedEvent letter(std::string id, std::string queue, core::RecordedEvent original)
{
    return {.id = std::move(id),
        .queue = std::move(queue),
        .original = std::move(original),
        .error = {core::ErrorCode::NotFound, "no such recipient", "at mail.cpp:12"},
        .failedAt = core::parseTimestamp("2026-11-23T09:01:00Z").value(),
        .attempts = 4};
}

} // namespace

StoryStore::StoryStore()
{
    const auto database = orThrow(core::SqliteDatabase::open(file(), {.access = core::SqliteAccess::Create}));
    const auto store = orThrow(core::SqliteEventStore::open(database));
    core::Timestamp time = core::parseTimestamp("2026-11-23T09:00:00Z").value();
    int number = 0;
    for (const Line& line : kStory) {
        core::NewEvent event{.id = fmt::format("01890000-0000-7000-8000-{:012}", ++number),
            .type = line.type,
            .schemaVersion = std::string_view(line.type) == "OrderPlaced" ? 2 : 1,
            .time = time,
            .metadata
            = {.correlationId = fmt::format("flow-{}", line.stream), .causationId = {}, .userId = {}, .headers = {}},
            .data = line.data};
        orThrow(store->append(line.stream, core::ExpectedVersion::any(), {&event, 1}));
        time += std::chrono::seconds(1);
    }
    const auto letters = orThrow(core::SqliteDeadLetterStore::open(database));
    const auto placed = orThrow(store->readStream("order-a")).front();
    if (!letters->park(letter("letter-1", "mail", placed)) || !letters->park(letter("letter-2", "search", placed))) {
        throw std::runtime_error("the letters cannot be parked");
    }
}

Finished StoryStore::run(std::vector<std::string> words) const
{
    for (std::string& word : words) {
        word = word == "STORE" ? url() : word;
    }
    words.insert(words.begin(), EVENTSCOPE_PROGRAM);
    return runProgram(
        words, {.environment = {"DISPLAY=", "WAYLAND_DISPLAY=", "XDG_STATE_HOME=" + (m_folder / "state").string()}});
}

std::vector<core::Json> jsonLines(std::string_view text)
{
    std::vector<core::Json> lines;
    for (const std::string& line : splitLines(text)) {
        auto json = core::Json::parse(line);
        EXPECT_TRUE(json) << line;
        lines.push_back(json.value_or(core::Json()));
    }
    return lines;
}

std::string at(const core::Json& json, std::string_view pointer)
{
    const core::Json* value = json.at(pointer);
    return value == nullptr ? "absent" : value->dump();
}

} // namespace eventscope::test
