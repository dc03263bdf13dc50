// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/kept_saga.h"
#include "pg_link.h"
#include "store_layout.h"

#include <stop_token>
#include <vector>

namespace eventscope::postgres {

/// The sagas that frameworks keep in tables: Axon's saga_entry with its associations, MassTransit's state
/// machines, those of NServiceBus, Rebus and Wolverine. The newest thousand of each table.
PgResult<std::vector<core::KeptSaga>> keptSagas(
    PgLink& link, const std::vector<TableShape>& tables, std::stop_token stop);

} // namespace eventscope::postgres
