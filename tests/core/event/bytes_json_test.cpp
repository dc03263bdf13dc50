// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/bytes_json.h"

#include <random>

#include <gtest/gtest.h>

using namespace eventscope::core;

TEST(BytesJson, GivesAnyBytesBack)
{
    std::mt19937 random(7);
    for (int i = 0; i < 500; ++i) {
        std::string bytes(random() % 40, '\0');
        for (char& byte : bytes)
            byte = static_cast<char>(random());
        const auto parsed = Json::parse(bytesToJson(bytes).dump());
        ASSERT_TRUE(parsed);
        EXPECT_EQ(bytesFromJson(*parsed), bytes);
    }
}

TEST(BytesJson, KeepsTextReadable)
{
    EXPECT_EQ(bytesToJson("grün").dump(), "\"grün\"");
    EXPECT_EQ(bytesToJson("\xff").dump(), R"({"$base64":"/w=="})");
    EXPECT_FALSE(bytesFromJson(Json(17)));
}
