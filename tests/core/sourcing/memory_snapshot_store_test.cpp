// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/memory_snapshot_store.h"

#include "snapshot_store_contract.h"

namespace eventscope::test {

namespace {

class MemoryFixture {
public:
    core::SnapshotStore& store() { return m_store; }

private:
    core::MemorySnapshotStore m_store;
};

} // namespace

INSTANTIATE_TYPED_TEST_SUITE_P(Memory, SnapshotStoreContract, MemoryFixture);

} // namespace eventscope::test
