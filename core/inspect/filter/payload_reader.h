// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/filter/filter_names.h"
#include "inspect/filter/filter_value.h"

#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace eventscope::core {

/// Reads single fields out of JSON payloads without building anything: a payload is indexed when the
/// first field of it is asked for, and only the way to the field is walked. Keeps its memory from
/// payload to payload. One thread at a time.
///
/// Where a name is doubled in an object the first one counts. Of a payload that breaks off or is broken
/// somewhere, fields may still be found: only the way to them is looked at.
class PayloadReader {
public:
    PayloadReader();
    ~PayloadReader();
    PayloadReader(PayloadReader&&) noexcept;
    PayloadReader& operator=(PayloadReader&&) noexcept;

    /// The payload that field() reads from now on; it must stay until the next one.
    void setPayload(std::string_view payload);
    /// The same, with simdjson's padding behind the payload, which spares a copy.
    void setPaddedPayload(std::string_view payload);

    /// The value there: Numbers with the digits they were written with, objects and arrays as their
    /// JSON text. Nothing where the payload is no JSON, or has no such field, or null in it.
    /// Without steps, the payload itself: a JSON text, number or truth value as such, else its bytes.
    std::optional<FilterValue> field(std::span<const PathStep> steps);

    /// Several members of the payload at once, as texts: a JSON text without its quotes and escapes, else
    /// as it is written; no data where there is none, or null. Quickest in the order that they come in.
    /// Of a doubled name the first counts that comes behind the member asked for before it. Views until
    /// the next payload; `texts` has as many places as `names`.
    void texts(std::span<const PathStep> names, std::span<std::string_view> texts);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

/// The text of JSON's scalar values as a value; objects, arrays and what is no JSON as they stand.
std::optional<FilterValue> valueOfJsonText(std::string_view json);

} // namespace eventscope::core
