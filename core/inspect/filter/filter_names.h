// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::core {

/// The attributes that every event of ours has a place for; all others are headers or extensions.
enum class KnownAttribute : std::uint8_t {
    Other,
    Id,
    Type,
    Source,
    Subject, ///< the stream; "stream" is another name for it
    Time,
    SpecVersion,
    CorrelationId,
    CausationId,
    Version,
    Position,
    Partition,
    Marked, ///< by a person: always true or false
    Note,   ///< what that person noted about it; else a header of that name
};

/// An attribute as an expression names it: in lower case, since case does not matter.
struct AttributeName {
    KnownAttribute known = KnownAttribute::Other;
    std::string name;

    AttributeName() = default;
    explicit AttributeName(std::string_view text); ///< in any case

    /// id, source, type and specversion: an event always has them.
    bool isRequired() const;
    bool operator==(const AttributeName&) const = default;
};

struct KnownAttributeInfo {
    std::string_view name;
    KnownAttribute known;
    std::string_view description; ///< a few words, for completion
};
std::span<const KnownAttributeInfo> knownAttributes();

/// Where a path begins.
enum class PathRoot : std::uint8_t {
    Data,    ///< the payload
    State,   ///< an aggregate's state, when looking for a step
    Headers, ///< the event's headers, for names that are no identifiers: headers['x-retry-count']
};
std::string_view toString(PathRoot root);
std::optional<PathRoot> pathRootOf(std::string_view name);

/// One step of a path: a member of an object (".name", "['any name']", or "[\"any name\"]" with JSON's
/// escapes) or an element of an array ("[2]"). A member's name that is a number also finds an element (".2").
struct PathStep {
    std::string name;                 ///< the member; empty for "[2]"
    std::optional<std::size_t> index; ///< the element, if it can be one
    bool isElement = false;           ///< written as "[2]": never a member
    std::string jsonName;             ///< the name as JSON writes it between its quotes

    static PathStep member(std::string name);
    static PathStep element(std::size_t index);
    bool operator==(const PathStep&) const = default;
};

/// A name that a path takes behind a point, without brackets and quotes.
bool isPlainPathName(std::string_view name);

/// "data.items[0].sku", or the root alone.
struct FilterPath {
    PathRoot root = PathRoot::Data;
    std::vector<PathStep> steps;

    /// The header's name: the steps' names joined by points.
    std::string headerName() const;
    std::string toString() const;
    bool operator==(const FilterPath&) const = default;
};

/// Words that cannot be names of attributes.
std::span<const std::string_view> filterKeywords();
bool isFilterKeyword(std::string_view word); ///< in any case

} // namespace eventscope::core
