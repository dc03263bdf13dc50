// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event_store_contract.h"

namespace eventscope::test {

/// What every EventStore answers to an append: see EventStoreContract.
template <class Fixture>
class EventStoreAppendContract : public EventStoreContract<Fixture> {
protected:
    core::Result<core::AppendResult> append(
        std::string_view stream, core::ExpectedVersion expected, const std::vector<core::NewEvent>& events)
    {
        return this->store().append(stream, expected, events);
    }

    /// order-1 holds a, b, c, x at its versions 1 to 4; other-1 holds o and, at last, a later event.
    void fill()
    {
        using core::ExpectedVersion;
        ASSERT_TRUE(append("other-1", ExpectedVersion::noStream(), {newEvent("o")}));
        ASSERT_TRUE(append("order-1", ExpectedVersion::noStream(), {newEvent("a"), newEvent("b"), newEvent("c")}));
        ASSERT_TRUE(append("order-1", ExpectedVersion::exactly({3}), {newEvent("x")}));
        ASSERT_TRUE(append("other-1", ExpectedVersion::exactly({1}), {newEvent("last")}));
    }
    std::int64_t positionOf(std::string_view id)
    {
        const auto event = this->store().findById(id);
        return event && *event ? (*event)->position.value : 0;
    }
    void expectUnchanged()
    {
        EXPECT_EQ(this->idsOf(this->all()), "o a b c x last");
        EXPECT_EQ(this->store().streamVersion("order-1"), core::StreamVersion{4});
        EXPECT_EQ(this->store().streamVersion("order-9"), core::StreamVersion{0});
    }
};
TYPED_TEST_SUITE_P(EventStoreAppendContract);

enum class Answer { Stored, Repeated, Wrong, Conflict };

struct AppendCase {
    std::string what;
    std::string stream;
    core::ExpectedVersion expected;
    std::vector<std::string> ids;
    Answer answer;
    std::int64_t lastVersion = 0; ///< of a success
};

/// Every kind of expectation against every kind of id, on the store that fill() makes.
inline std::vector<AppendCase> appendCases()
{
    using E = core::ExpectedVersion;
    using enum Answer;
    return {
        {"the stream's very version", "order-1", E::exactly({4}), {"n"}, Stored, 5},
        {"several at once", "order-1", E::exactly({4}), {"n", "m"}, Stored, 6},
        {"no stream, and there is none", "order-9", E::noStream(), {"n"}, Stored, 1},
        {"version 0 is no stream", "order-9", E::exactly({0}), {"n"}, Stored, 1},
        {"any, of a stream", "order-1", E::any(), {"n"}, Stored, 5},
        {"any, of no stream", "order-9", E::any(), {"n"}, Stored, 1},
        {"stream exists, and it does", "order-1", E::streamExists(), {"n"}, Stored, 5},

        {"a version yet to come", "order-1", E::exactly({5}), {"n"}, Wrong},
        {"a version of a stream that is not there", "order-9", E::exactly({1}), {"n"}, Wrong},
        {"an older version, new ids", "order-1", E::exactly({3}), {"n"}, Wrong},
        {"no stream, but there is one", "order-1", E::noStream(), {"n"}, Wrong},
        {"stream exists, but it does not", "order-9", E::streamExists(), {"n"}, Wrong},
        {"a repetition with another older version", "order-1", E::exactly({1}), {"a"}, Wrong},
        {"a repetition with a version yet to come", "order-1", E::exactly({7}), {"x"}, Wrong},

        {"the last append again", "order-1", E::exactly({3}), {"x"}, Repeated, 4},
        {"the first append again", "order-1", E::noStream(), {"a", "b", "c"}, Repeated, 3},
        {"the head of an append again", "order-1", E::noStream(), {"a", "b"}, Repeated, 2},
        {"the middle of an append again", "order-1", E::exactly({1}), {"b", "c"}, Repeated, 3},
        {"two appends again as one", "order-1", E::exactly({2}), {"c", "x"}, Repeated, 4},
        {"any, again", "order-1", E::any(), {"a", "b", "c"}, Repeated, 3},
        {"any, one of the middle again", "order-1", E::any(), {"b"}, Repeated, 2},
        {"stream exists, again", "order-1", E::streamExists(), {"c", "x"}, Repeated, 4},
        {"any, those between left out", "order-1", E::any(), {"a", "x"}, Repeated, 4},

        {"the right version, but an id of this stream", "order-1", E::exactly({4}), {"x"}, Conflict},
        {"the right version, an id of this stream among new ones", "order-1", E::exactly({4}), {"n", "b"}, Conflict},
        {"the right version, an id of another stream", "order-1", E::exactly({4}), {"o"}, Conflict},
        {"a new stream, an id of another one", "order-9", E::noStream(), {"a"}, Conflict},
        {"any, an id of another stream", "order-9", E::any(), {"n", "a"}, Conflict},
        {"stream exists, an id of another stream", "order-1", E::streamExists(), {"o"}, Conflict},
        {"an older version, the first there, the next new", "order-1", E::exactly({2}), {"c", "n"}, Conflict},
        {"an older version, running past the end", "order-1", E::exactly({3}), {"x", "n"}, Conflict},
        {"an older version, the first new, the next there", "order-1", E::exactly({1}), {"n", "c"}, Conflict},
        {"any, the first there, the next new", "order-1", E::any(), {"a", "n"}, Conflict},
        {"any, the first new, the next there", "order-1", E::any(), {"n", "a"}, Conflict},
        {"any, in another order", "order-1", E::any(), {"b", "a"}, Conflict},

        {"none, as expected", "order-1", E::exactly({4}), {}, Stored, 4},
        {"none, any", "order-1", E::any(), {}, Stored, 4},
        {"none, stream exists", "order-1", E::streamExists(), {}, Stored, 4},
        {"none, any, of no stream", "order-9", E::any(), {}, Stored, 0},
        {"none, no stream", "order-9", E::noStream(), {}, Stored, 0},
        {"none, an older version", "order-1", E::exactly({3}), {}, Wrong},
        {"none, a version yet to come", "order-1", E::exactly({5}), {}, Wrong},
        {"none, no stream, but there is one", "order-1", E::noStream(), {}, Wrong},
        {"none, stream exists, but it does not", "order-9", E::streamExists(), {}, Wrong},
    };
}

TYPED_TEST_P(EventStoreAppendContract, AnswersEveryExpectationAndEveryRepetition)
{
    // One store for all cases: a case that stores something uses ids and streams of its own.
    this->fill();
    int number = 0;
    for (AppendCase one : appendCases()) {
        SCOPED_TRACE(one.what);
        const std::string before = this->idsOf(this->all());
        const bool stores = one.answer == Answer::Stored && !one.ids.empty();
        if (stores) {
            TypeParam fresh;
            ASSERT_TRUE(fresh.store().append("order-1", core::ExpectedVersion::any(),
                {{newEvent("a"), newEvent("b"), newEvent("c"), newEvent("x")}}));
            const auto result = fresh.store().append(one.stream, one.expected, newEvents(one.ids));
            ASSERT_TRUE(result) << result.error().message;
            EXPECT_EQ(result->lastVersion.value, one.lastVersion);
            EXPECT_EQ(result->lastPosition, fresh.store().lastPosition());
            EXPECT_FALSE(result->alreadyStored);
            continue;
        }
        const auto result = this->append(one.stream, one.expected, newEvents(one.ids));
        switch (one.answer) {
        case Answer::Stored:
            ASSERT_TRUE(result) << result.error().message;
            EXPECT_EQ(result->lastVersion.value, one.lastVersion);
            EXPECT_EQ(result->lastPosition.value, one.lastVersion == 0 ? 0 : this->positionOf("x"));
            EXPECT_FALSE(result->alreadyStored);
            break;
        case Answer::Repeated:
            ASSERT_TRUE(result) << result.error().message;
            EXPECT_EQ(result->lastVersion.value, one.lastVersion);
            EXPECT_EQ(result->lastPosition.value, this->positionOf(one.ids.back()));
            EXPECT_TRUE(result->alreadyStored);
            break;
        case Answer::Wrong:
        case Answer::Conflict:
            ASSERT_FALSE(result);
            EXPECT_EQ(toString(result.error().code),
                one.answer == Answer::Wrong ? "WrongExpectedVersion" : "IdempotencyConflict")
                << result.error().message;
            EXPECT_NE(result.error().message.find(one.stream), std::string::npos) << result.error().message;
            break;
        }
        EXPECT_EQ(this->idsOf(this->all()), before);
        ++number;
    }
    EXPECT_GT(number, 30);
    this->expectUnchanged();
}

TYPED_TEST_P(EventStoreAppendContract, RefusesAnIdThatComesBackWithAnotherContent)
{
    this->fill();
    using core::ExpectedVersion;
    core::NewEvent other = newEvent("x");
    other.data = R"({"n": 2})";
    for (const ExpectedVersion expected :
        {ExpectedVersion::exactly({3}), ExpectedVersion::any(), ExpectedVersion::streamExists()}) {
        const auto result = this->append("order-1", expected, {other});
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().code, core::ErrorCode::IdempotencyConflict);
    }
    const auto retyped = this->append("order-1", ExpectedVersion::exactly({3}), {newEvent("x", "OrderShipped")});
    ASSERT_FALSE(retyped);
    EXPECT_EQ(retyped.error().code, core::ErrorCode::IdempotencyConflict);
    this->expectUnchanged();
}

TYPED_TEST_P(EventStoreAppendContract, TakesARepetitionMadeAtAnotherTimeForTheSame)
{
    this->fill();
    core::NewEvent again = newEvent("x");
    again.time += std::chrono::seconds{5};
    again.metadata.correlationId = "another attempt";
    const auto result = this->append("order-1", core::ExpectedVersion::exactly({3}), {again});
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_TRUE(result->alreadyStored);
    this->expectUnchanged();
}

TYPED_TEST_P(EventStoreAppendContract, RefusesWhatHasNoName)
{
    using core::ExpectedVersion;
    const auto code = [](const auto& result) { return result ? "stored" : toString(result.error().code); };
    EXPECT_EQ(code(this->append("", ExpectedVersion::any(), {newEvent("a")})), "InvalidArgument");
    EXPECT_EQ(code(this->append("order-1", ExpectedVersion::any(), {newEvent("a"), newEvent("")})), "InvalidArgument");
    EXPECT_EQ(code(this->append("order-1", ExpectedVersion::any(), {newEvent("a"), newEvent("a")})), "InvalidArgument");
    EXPECT_TRUE(this->all().empty());
}

TYPED_TEST_P(EventStoreAppendContract, StoresSeveralStreamsTogether)
{
    using core::ExpectedVersion;
    const std::vector<core::NewEvent> first{newEvent("a"), newEvent("b")}, second{newEvent("c")}, third{newEvent("d")};
    const std::vector<core::StreamAppend> appends{{"order-1", ExpectedVersion::noStream(), first},
        {"payment-1", ExpectedVersion::noStream(), second}, {"order-1", ExpectedVersion::exactly({2}), third}};
    const auto results = this->store().appendAll(appends);
    ASSERT_TRUE(results) << results.error().message;
    ASSERT_EQ(results->size(), 3U);
    EXPECT_EQ((*results)[0].lastVersion, core::StreamVersion{2});
    EXPECT_EQ((*results)[1].lastVersion, core::StreamVersion{1});
    EXPECT_EQ((*results)[2].lastVersion, core::StreamVersion{3});
    EXPECT_EQ((*results)[2].lastPosition, this->store().lastPosition());
    EXPECT_EQ(this->idsOf(this->all()), "a b c d");
    EXPECT_EQ(this->idsOf(this->stream("order-1")), "a b d");

    const auto again = this->store().appendAll(appends);
    ASSERT_TRUE(again) << again.error().message;
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ((*again)[i].lastVersion, (*results)[i].lastVersion);
        EXPECT_EQ((*again)[i].lastPosition, (*results)[i].lastPosition);
        EXPECT_TRUE((*again)[i].alreadyStored);
    }
    EXPECT_EQ(this->idsOf(this->all()), "a b c d");
    EXPECT_TRUE(this->store().appendAll({})->empty());
}

TYPED_TEST_P(EventStoreAppendContract, StoresNothingOfSeveralStreamsWhenOneFails)
{
    this->fill();
    using core::ExpectedVersion;
    const std::vector<core::NewEvent> good{newEvent("n1"), newEvent("n2")}, stale{newEvent("n3")}, taken{newEvent("o")},
        doubled{newEvent("n1")};
    const std::vector<core::StreamAppend> wrong{{"order-1", ExpectedVersion::exactly({4}), good},
        {"order-9", ExpectedVersion::noStream(), {}}, {"other-1", ExpectedVersion::exactly({1}), stale}};
    const std::vector<core::StreamAppend> conflict{
        {"order-9", ExpectedVersion::noStream(), good}, {"order-1", ExpectedVersion::any(), taken}};
    const std::vector<core::StreamAppend> twice{
        {"order-9", ExpectedVersion::noStream(), good}, {"order-1", ExpectedVersion::any(), doubled}};
    for (const auto& [appends, code] : {std::pair{&wrong, core::ErrorCode::WrongExpectedVersion},
             std::pair{&conflict, core::ErrorCode::IdempotencyConflict},
             std::pair{&twice, core::ErrorCode::InvalidArgument}}) {
        const auto results = this->store().appendAll(*appends);
        ASSERT_FALSE(results);
        EXPECT_EQ(toString(results.error().code), toString(code));
        this->expectUnchanged();
    }
    EXPECT_EQ(this->store().streams()->size(), 2U);
    EXPECT_EQ(this->store().findById("n1"), std::nullopt);
    // And nothing of the failures stands in the way of the next one.
    EXPECT_TRUE(this->append("order-9", ExpectedVersion::noStream(), good));
}

TYPED_TEST_P(EventStoreAppendContract, RingsAfterEveryCommitThatStoredSomething)
{
    int rings = 0;
    std::int64_t seen = 0;
    auto handle = this->store().onAppended([&] {
        ++rings;
        seen = this->store().lastPosition().value_or(core::GlobalPosition{}).value;
    });
    using core::ExpectedVersion;
    ASSERT_TRUE(this->append("order-1", ExpectedVersion::noStream(), {newEvent("a"), newEvent("b")}));
    EXPECT_EQ(rings, 1);
    EXPECT_EQ(seen, this->store().lastPosition()->value) << "what rings is there already";
    ASSERT_TRUE(this->append("order-1", ExpectedVersion::noStream(), {newEvent("a"), newEvent("b")}));
    ASSERT_TRUE(this->append("order-1", ExpectedVersion::any(), {}));
    ASSERT_FALSE(this->append("order-1", ExpectedVersion::exactly({7}), {newEvent("c")}));
    EXPECT_EQ(rings, 1);
    ASSERT_TRUE(this->append("order-1", ExpectedVersion::any(), {newEvent("c")}));
    EXPECT_EQ(rings, 2);
    handle.reset();
    ASSERT_TRUE(this->append("order-1", ExpectedVersion::any(), {newEvent("d")}));
    EXPECT_EQ(rings, 2);
}

REGISTER_TYPED_TEST_SUITE_P(EventStoreAppendContract, AnswersEveryExpectationAndEveryRepetition,
    RefusesAnIdThatComesBackWithAnotherContent, TakesARepetitionMadeAtAnotherTimeForTheSame, RefusesWhatHasNoName,
    StoresSeveralStreamsTogether, StoresNothingOfSeveralStreamsWhenOneFails, RingsAfterEveryCommitThatStoredSomething);

} // namespace eventscope::test
