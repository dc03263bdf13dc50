// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/temporary_folder.h"

#include "forked_process.h"
#include "temp_dir.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>

#include <gtest/gtest.h>

using namespace eventscope::core;
using namespace eventscope::test;

namespace {

namespace fs = std::filesystem;

std::ptrdiff_t foldersIn(const TempDir& below)
{
    return std::distance(fs::directory_iterator(below.path()), fs::directory_iterator());
}

/// Makes a folder with a file in it, rings, and lives until it is killed.
std::unique_ptr<ForkedProcess> ownerOfAFolder(const TempDir& below, const PipeBell& made)
{
    auto owner = std::make_unique<ForkedProcess>([&] {
        const auto folder = TemporaryFolder::make(below.path());
        std::ofstream((*folder)->path() / "store.db") << "much";
        made.ring();
        for (;;)
            pause();
        return 0;
    });
    EXPECT_TRUE(made.await());
    return owner;
}

} // namespace

TEST(TemporaryFolder, IsGoneWithTheObject)
{
    const TempDir below;
    {
        const auto folder = TemporaryFolder::make(below.path());
        ASSERT_TRUE(folder) << folder.error().message;
        std::ofstream((*folder)->path() / "store.db") << "much";
        EXPECT_EQ(fs::status((*folder)->path()).permissions(), fs::perms::owner_all);
        EXPECT_EQ(foldersIn(below), 1);
    }
    EXPECT_EQ(foldersIn(below), 0);
}

TEST(TemporaryFolder, OfAKilledProcessIsRemovedByTheNextOneAndThatOfALivingOneIsLeftAlone)
{
    const TempDir below;
    const PipeBell made;
    const auto living = ownerOfAFolder(below, made), killed = ownerOfAFolder(below, made);
    EXPECT_EQ(foldersIn(below), 2);
    killed->kill();
    {
        const auto folder = TemporaryFolder::make(below.path());
        ASSERT_TRUE(folder) << folder.error().message;
        EXPECT_EQ(foldersIn(below), 2) << "the living one's and this one";
    }
    living->kill();
    const auto folder = TemporaryFolder::make(below.path());
    EXPECT_EQ(foldersIn(below), 1);
}

TEST(TemporaryFolder, TouchesNothingThatOnlyLooksLikeOne)
{
    const TempDir below, elsewhere;
    std::ofstream(elsewhere / "in-use") << "";
    fs::create_directory_symlink(elsewhere.path(), below / "eventscope-run-link");
    fs::create_directory(below / "eventscope-run-being-made");
    fs::create_directory(below / "eventscope-runner");
    std::ofstream(below / "eventscope-runner" / "in-use") << "";
    fs::create_directory(below / "another");
    std::ofstream(below / "eventscope-run-file") << "";
    const auto folder = TemporaryFolder::make(below.path());
    ASSERT_TRUE(folder);
    EXPECT_EQ(foldersIn(below), 6);
    EXPECT_TRUE(fs::exists(elsewhere / "in-use"));
}

TEST(TemporaryFolder, SaysWhereNoneCanBeMade)
{
    const TempDir below;
    const auto folder = TemporaryFolder::make(below / "missing");
    ASSERT_FALSE(folder);
    EXPECT_NE(folder.error().message.find((below / "missing").string()), std::string::npos);
}
