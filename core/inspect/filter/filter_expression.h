// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "inspect/filter/filter_attributes.h"
#include "inspect/filter/filter_error.h"
#include "inspect/filter/filter_value.h"

#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>

namespace eventscope::core {

struct FilterNode;

/// What a filter says about one event. An error never lets an event pass.
enum class FilterMatch : std::uint8_t { No, Yes, Error };

/// An expression of CloudEvents SQL 1.0 with our extensions, read once and evaluated often.
/// Immutable; copies share it. // any thread
///
/// Beyond CESQL, where its grammar or its semantics leave room:
///  - payload paths (data.items[0].sku), headers of any name (headers['x-retry-count']), and
///    state.… when looking for a step; names of attributes may have "_";
///  - exact numbers: decimals (99.5), positions, numbers of payloads; compared with integers by value;
///  - MATCHES 'regex' (RE2) and CONTAINS 'text', with NOT before them;
///  - a quoted text alone, as a filter: this text anywhere in the event;
///  - "<" and its like between two texts that are points in time (CESQL: a cast error).
class FilterExpression {
public:
    /// Reads an expression; whatever is wrong is said with its place.
    static std::expected<FilterExpression, FilterProblem> parse(std::string_view text);
    /// The same for callers without a place to point at: Unparsable, with the place in the sentence.
    static Result<FilterExpression> compile(std::string_view text);

    /// Value and error, exactly as CESQL 1.0 says, failing fast. The value owns its text; `where` lives
    /// as long as the expression.
    Evaluated evaluate(const FilterAttributes& event) const;

    /// As a filter: Yes only for true without any error. A value that is not true or false is an error.
    FilterMatch match(const FilterAttributes& event) const;
    bool matches(const FilterAttributes& event) const { return match(event) == FilterMatch::Yes; }

    /// The sentence of an error of this expression: what went wrong where, e.g. "The event has no attribute customer.".
    std::string explain(const Evaluated& evaluated) const;

    /// What a person would like to know about it although it can be evaluated, e.g. that there is no
    /// function of a name, or that it can never be true or false; empty when there is nothing.
    std::string warning() const;

    /// Asks for marks or notes, which people change: what it says of an event may change with them.
    bool dependsOnMarks() const;

    const std::string& text() const; ///< as it was written
    std::string toString() const;    ///< in normal form
    /// Set when the whole expression is a quoted text: searched for, as a filter.
    const std::string* searchedText() const;
    const FilterNode& root() const;

private:
    struct Compiled;
    explicit FilterExpression(std::shared_ptr<const Compiled> compiled) : d(std::move(compiled)) { }
    std::shared_ptr<const Compiled> d;
};

} // namespace eventscope::core
