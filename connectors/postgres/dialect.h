// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace eventscope::postgres {

/// How an event store lays its events out. A store is a row of data: nothing else in the program knows
/// any of them by name.
///
/// The fields are SQL. In them [name] is the column of the table that, in lower case and without '_', has
/// that name; {schema} is the table's schema, e is the table. "a|b" means b where a column of a is not
/// there, nothing where one of b is not either. An empty field: the store does not have it.
struct Dialect {
    std::string_view name;
    /// Normalised columns that all must be there, commas between them.
    std::string_view fingerprint;

    std::string_view stream;
    std::string_view version;
    std::string_view position;
    std::string_view id;
    std::string_view type;
    std::string_view time;
    std::string_view data;
    std::string_view metadata;
    std::string_view correlation{};
    std::string_view causation{};

    std::string_view joins{};
    std::string_view where{};
    /// The sequence that numbers the positions, where the column does not say it.
    std::string_view sequence{};
    /// NOTIFYs on it, unconfigured; {schema} and {table} are filled in.
    std::string_view channel{};
    /// Keys of the metadata, normalised; empty: those that are usual (see metadata_keys.h).
    std::string_view correlationKeys{};
    std::string_view causationKeys{};
    /// Positions are no numbers of their own: several events may share one, and the order is not exact.
    bool positionsRepeat = false;
    bool gapless = false;   ///< its writers leave no gap behind that another event could fill later
    bool asWritten = false; ///< metadata may hold the member "asWritten" of event_form.h
};

/// In the order they are tried.
std::span<const Dialect> dialects();

/// In lower case, without '_'.
std::string normalisedColumn(std::string_view name);

} // namespace eventscope::postgres
