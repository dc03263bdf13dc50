// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace eventscope::models {

struct JsonBeginning {
    std::string json; ///< complete JSON of its own
    bool cut = false; ///< there is more than this
};

/// The part of a JSON text that fits into `limit` bytes, closed so that it is JSON itself: the members
/// and elements that are whole up to there, and a long string cut short. What it reads is bounded by
/// the limit too. Nothing when not even a beginning can be made out. It does not judge what it copies;
/// a parser does that. // any thread
std::optional<JsonBeginning> jsonBeginning(std::string_view text, std::size_t limit);

} // namespace eventscope::models
