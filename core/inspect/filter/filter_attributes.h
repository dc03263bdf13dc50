// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/filter/filter_names.h"
#include "inspect/filter/filter_value.h"

#include <optional>
#include <string_view>

namespace eventscope::core {

/// What an expression is evaluated over: one event, in whatever form it is at hand. Values may be
/// views into it. One thread at a time, since reading a payload needs room to work.
class FilterAttributes {
public:
    virtual ~FilterAttributes() = default;

    /// The attribute's value; nothing when the event does not have it.
    virtual std::optional<FilterValue> attribute(const AttributeName& name) const = 0;

    /// What EXISTS says. The required attributes are always there.
    virtual bool exists(const AttributeName& name) const { return name.isRequired() || attribute(name).has_value(); }

    /// A payload field, a header or a field of the state: Numbers with the digits they were written
    /// with, objects and arrays as their JSON text. Nothing where there is none, or null.
    virtual std::optional<FilterValue> field(const FilterPath& path) const = 0;

    /// Whether this text stands anywhere in the event, envelope or payload, byte for byte.
    virtual bool containsText(std::string_view text) const = 0;
};

} // namespace eventscope::core
