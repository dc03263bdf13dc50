// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/row_field.h"

#include "inspect/filter/filter_expression.h"
#include "inspect/filter/filter_node.h"

#include <fmt/format.h>

#include <utility>

namespace eventscope::core {

Result<RowField> RowField::parse(std::string_view text)
{
    const auto expression = FilterExpression::parse(text);
    if (expression) {
        const FilterNode& root = expression->root();
        if (const auto* path = std::get_if<PathNode>(&root.form); path && path->path.root != PathRoot::State) {
            return RowField(path->path.toString(), path->path);
        }
        if (const auto* attribute = std::get_if<AttributeNode>(&root.form)) {
            return RowField(attribute->name.name, attribute->name);
        }
    }
    return fail(ErrorCode::Unparsable,
        fmt::format("'{}' is no field; write a path such as data.items[0].sku, or the name of a header.", text));
}

std::string RowField::shortName() const
{
    const auto* path = std::get_if<FilterPath>(&m_name);
    if (path == nullptr || path->steps.empty()) {
        return m_text;
    }
    const PathStep& last = path->steps.back();
    if (!last.isElement) {
        return last.name;
    }
    // "[0]" alone says nothing: the array's name goes with it.
    const std::size_t bracket = m_text.rfind('[');
    const std::size_t dot = m_text.rfind('.', bracket);
    return dot == std::string::npos ? m_text : m_text.substr(dot + 1);
}

bool RowField::isOfPayload() const
{
    const auto* path = std::get_if<FilterPath>(&m_name);
    return path != nullptr && path->root == PathRoot::Data;
}

std::optional<FilterValue> RowField::valueIn(const FilterAttributes& event) const
{
    if (const auto* path = std::get_if<FilterPath>(&m_name)) {
        return event.field(*path);
    }
    return event.attribute(std::get<AttributeName>(m_name));
}

std::optional<FilterValue> RowFieldReader::value(LogRow row, const RowField& field)
{
    m_attributes.setRow(row);
    return field.valueIn(m_attributes);
}

} // namespace eventscope::core
