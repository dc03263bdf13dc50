// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "inspect/replay.h"
#include "inspect/source.h"

#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>

namespace eventscope::app {

/// Reads the stream to its end for a replay with that reducer (see openReducer). NotFound when it has
/// no events.
core::Result<core::Replay> loadReplay(
    core::Source& source, const std::string& stream, const std::string& reducer, const std::stop_token& stop);

/// The version of a step's event; 0 for step 0.
std::int64_t versionOfStep(const core::Replay& replay, std::size_t step);

/// {"version","type","time","state","diff"}.
std::string stepLine(core::Replay& replay, std::size_t number);

/// Says on standard error how many events the reducer passed over, and why the first.
void reportRefused(core::Replay& replay, std::size_t last);

} // namespace eventscope::app
