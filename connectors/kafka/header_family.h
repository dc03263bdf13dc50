// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/event.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace eventscope::kafka {

/// The headers in which one library says why a record is dead and where it came from. Names that end
/// with '*' are prefixes; the first of a list that is there counts.
struct HeaderFamily {
    enum class Numbers { Text, BigEndian };

    std::string_view name;                     ///< DeadLetter::convention
    std::span<const std::string_view> markers; ///< one of them is there
    std::span<const std::string_view> also;    ///< and one of these, unless empty
    std::span<const std::string_view> own;     ///< taken off before the original goes back
    std::string_view topic, partition, offset;
    std::span<const std::string_view> timestamp;
    std::span<const std::string_view> type, message, stack;
    std::span<const std::string_view> attempts, failedAt;
    Numbers numbers = Numbers::Text;
};

/// In the order in which they are tried.
std::span<const HeaderFamily> headerFamilies();

/// The family of these headers; nullptr when they are of none.
const HeaderFamily* familyOf(const std::vector<core::Header>& headers);

/// The last value of that name, or of the first of those names that is there.
std::optional<std::string_view> lastHeader(const std::vector<core::Header>& headers, std::string_view name);
std::optional<std::string_view> lastHeader(
    const std::vector<core::Header>& headers, std::span<const std::string_view> names);

/// Whether a header belongs to the family and not to the original.
bool isOwn(const HeaderFamily& family, std::string_view header);

/// A number in the family's encoding.
std::optional<std::int64_t> numberIn(const HeaderFamily& family, std::string_view bytes);

} // namespace eventscope::kafka
