// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/filter/filter_json.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace eventscope::test {

/// An expression and what it gives: the result as JSON, and the error's name, empty for none.
struct EvaluationCase {
    std::string_view expression;
    std::string_view result;
    std::string_view error = {};
};

inline void expectEvaluations(std::initializer_list<EvaluationCase> cases, const std::optional<std::string>& event = {})
{
    for (const EvaluationCase& c : cases) {
        std::string expected = "{\"result\":" + std::string(c.result) + ",\"error\":";
        expected += c.error.empty() ? "null" : '"' + std::string(c.error) + '"';
        expected += '}';
        const auto report = core::evaluateToJson(c.expression, event);
        EXPECT_EQ(report.json, expected) << c.expression << "  " << report.message;
        EXPECT_EQ(report.message.empty(), c.error.empty()) << c.expression << "  " << report.message;
    }
}

} // namespace eventscope::test
