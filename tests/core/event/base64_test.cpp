// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/base64.h"

#include "sample_events.h"

#include <gtest/gtest.h>

using namespace eventscope::core;

namespace {

std::string encoded(std::string_view bytes)
{
    std::string out;
    appendBase64(out, bytes);
    return out;
}

} // namespace

TEST(Base64, EncodesTheExamplesOfItsStandard)
{
    EXPECT_EQ(encoded(""), "");
    EXPECT_EQ(encoded("f"), "Zg==");
    EXPECT_EQ(encoded("fo"), "Zm8=");
    EXPECT_EQ(encoded("foo"), "Zm9v");
    EXPECT_EQ(encoded("foob"), "Zm9vYg==");
    EXPECT_EQ(encoded("fooba"), "Zm9vYmE=");
    EXPECT_EQ(encoded("foobar"), "Zm9vYmFy");
}

TEST(Base64, GivesBackAnyBytes)
{
    eventscope::test::RandomEvents random(1);
    for (std::size_t size = 0; size < 200; ++size) {
        const std::string bytes = random.bytes(size);
        EXPECT_EQ(decodeBase64(encoded(bytes)), bytes);
    }
}

TEST(Base64, RefusesWhatIsNotItsOwn)
{
    for (const char* text : {"Zg=", "Zg", "Zh==", "Zm9=", "Z===", "====", "Zg==Zg==", "Zm 9", "Zm-9", "=Zg="}) {
        EXPECT_FALSE(decodeBase64(text)) << text;
    }
}
