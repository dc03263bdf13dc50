// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "event/raw_json.h"
#include "inspect/filter/filter_attributes.h"
#include "inspect/filter/payload_reader.h"

#include <string>
#include <string_view>
#include <vector>

namespace eventscope::core {

/// A CloudEvent in its JSON form: strings, truth values and 32-bit integers keep their type, a larger
/// number is a Number, null is absent. Also reads the lines that `eventscope read` prints: "stream" is
/// the subject, and names that are no member are looked for among the headers.
class CloudEventAttributes final : public FilterAttributes {
public:
    /// Unparsable for anything but one JSON object.
    static Result<CloudEventAttributes> parse(std::string_view json);

    std::optional<FilterValue> attribute(const AttributeName& name) const override;
    std::optional<FilterValue> field(const FilterPath& path) const override;
    bool containsText(std::string_view text) const override;

private:
    struct Attribute {
        std::string name;
        FilterValue value;
    };

    CloudEventAttributes() = default;
    void read(const RawJsonMember& member);
    void readHeaders(std::string_view json);
    /// {"$text":…} and {"$base64":…} are how our lines write a payload that is no JSON.
    void unwrapPayload();
    std::optional<FilterValue> find(const std::vector<Attribute>& where, std::string_view name) const;

    std::vector<Attribute> m_attributes;
    std::vector<Attribute> m_headers;
    std::string m_payload; ///< as JSON, or the decoded bytes of data_base64
    bool m_hasPayload = false;
    bool m_isCloudEvent = false; ///< has a specversion; otherwise one of our lines
    mutable PayloadReader m_reader;
};

} // namespace eventscope::core
