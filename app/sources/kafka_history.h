// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/source_url.h"

#include <cstdint>
#include <optional>

namespace eventscope::app {

/// How much of what a kafka:// source holds already the window reads first; nothing: all of it.
std::optional<std::uint64_t> kafkaHistory(const core::SourceUrl& url);

} // namespace eventscope::app
