// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pg_link.h"
#include "settled_horizon.h"

#include <cstdint>
#include <string>

namespace eventscope::postgres {

/// Who may still be going to commit a number of that sequence, this session excepted.
PgResult<SettledHorizon::Holders> sequenceHolders(PgLink& link, const std::string& sequenceOid);

/// Brings the horizon up to what can be proved now about the column of a table that the sequence numbers.
/// `table` and `column` are quoted. An empty sequence is proved by its transactions alone: nothing that
/// began before the look may still be running.
PgResult<void> advance(SettledHorizon& horizon, PgLink& link, const std::string& table, const std::string& column,
    const std::string& sequenceOid);

} // namespace eventscope::postgres
