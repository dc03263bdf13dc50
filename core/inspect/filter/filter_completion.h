// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::core {

/// What has been seen in the data that is filtered.
struct FilterVocabulary {
    std::vector<std::string> headers;       ///< names of headers
    std::vector<std::string> payloadFields; ///< paths below the payload, e.g. "items[0].sku"
    std::vector<std::string> stateFields;   ///< the same below the state, when looking for a step
    /// Values of an attribute (its name in lower case), the most frequent first; may be empty.
    std::function<std::vector<std::string>(std::string_view attribute)> values;
};

struct FilterCandidate {
    enum class Kind : std::uint8_t { Attribute, Header, Field, Function, Keyword, Operator, Value };

    std::string text; ///< what is put in
    Kind kind = Kind::Keyword;
    std::string description; ///< a few words; may be empty

    bool operator==(const FilterCandidate&) const = default;
};

/// What fits at a place: it replaces the bytes [begin, end) of the text.
struct FilterCompletion {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::vector<FilterCandidate> candidates; ///< best first
};

/// What may stand at the cursor (in bytes, within the text), given what stands before it and how the
/// word at the cursor begins. Works on any text, complete or not. // any thread
FilterCompletion completeFilter(std::string_view text, std::size_t cursor, const FilterVocabulary& vocabulary);

} // namespace eventscope::core
