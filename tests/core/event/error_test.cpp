// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/error.h"

#include <gtest/gtest.h>

using namespace eventscope::core;

TEST(Error, CarriesItsCodeAndSentence)
{
    const Result<int> result = fail(ErrorCode::NotFound, "no such stream");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::NotFound);
    EXPECT_EQ(result.error().message, "no such stream");
    EXPECT_EQ(toString(result.error().code), "NotFound");
}
