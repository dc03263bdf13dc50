// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sourcing/snapshot_store.h"

#include <gtest/gtest.h>

/// What every SnapshotStore keeps to. A test program instantiates the suite with a fixture type that
/// has `core::SnapshotStore& store()`, empty at first:
///
///     INSTANTIATE_TYPED_TEST_SUITE_P(Memory, SnapshotStoreContract, MemoryFixture);
namespace eventscope::test {

template <class Fixture>
class SnapshotStoreContract : public ::testing::Test {
protected:
    static core::Snapshot snapshot(std::int64_t version, std::string fingerprint = "order 1")
    {
        return {.version = {version},
            .fingerprint = std::move(fingerprint),
            .state = "{\"n\":" + std::to_string(version) + "}"};
    }
    core::SnapshotStore& store() { return m_fixture.store(); }
    std::optional<core::Snapshot> loaded(std::string_view stream)
    {
        const auto result = store().load(stream);
        EXPECT_TRUE(result);
        return result.value_or(std::nullopt);
    }

private:
    Fixture m_fixture;
};
TYPED_TEST_SUITE_P(SnapshotStoreContract);

TYPED_TEST_P(SnapshotStoreContract, HasNoneOfAStreamAtFirst)
{
    EXPECT_EQ(this->loaded("order-1"), std::nullopt);
}

TYPED_TEST_P(SnapshotStoreContract, GivesBackWhatWasSavedForEachStream)
{
    ASSERT_TRUE(this->store().save("order-1", this->snapshot(3)));
    ASSERT_TRUE(this->store().save("order-2", this->snapshot(7, "a\nb \xC3\xA9")));
    EXPECT_EQ(this->loaded("order-1"), this->snapshot(3));
    EXPECT_EQ(this->loaded("order-2"), this->snapshot(7, "a\nb \xC3\xA9"));
}

TYPED_TEST_P(SnapshotStoreContract, KeepsTheHigherVersion)
{
    ASSERT_TRUE(this->store().save("order-1", this->snapshot(5)));
    ASSERT_TRUE(this->store().save("order-1", this->snapshot(4)));
    EXPECT_EQ(this->loaded("order-1"), this->snapshot(5));
    ASSERT_TRUE(this->store().save("order-1", this->snapshot(6)));
    EXPECT_EQ(this->loaded("order-1"), this->snapshot(6));
}

TYPED_TEST_P(SnapshotStoreContract, ReplacesOneOfTheSameVersion)
{
    ASSERT_TRUE(this->store().save("order-1", this->snapshot(5, "old code")));
    ASSERT_TRUE(this->store().save("order-1", this->snapshot(5, "new code")));
    EXPECT_EQ(this->loaded("order-1"), this->snapshot(5, "new code"));
}

TYPED_TEST_P(SnapshotStoreContract, ForgetsWhatIsRemoved)
{
    ASSERT_TRUE(this->store().save("order-1", this->snapshot(5)));
    ASSERT_TRUE(this->store().save("order-2", this->snapshot(5)));
    ASSERT_TRUE(this->store().remove("order-1"));
    EXPECT_TRUE(this->store().remove("order-1"));
    EXPECT_EQ(this->loaded("order-1"), std::nullopt);
    EXPECT_EQ(this->loaded("order-2"), this->snapshot(5));
    ASSERT_TRUE(this->store().save("order-1", this->snapshot(2)));
    EXPECT_EQ(this->loaded("order-1"), this->snapshot(2));
}

REGISTER_TYPED_TEST_SUITE_P(SnapshotStoreContract, HasNoneOfAStreamAtFirst, GivesBackWhatWasSavedForEachStream,
    KeepsTheHigherVersion, ReplacesOneOfTheSameVersion, ForgetsWhatIsRemoved);

} // namespace eventscope::test
