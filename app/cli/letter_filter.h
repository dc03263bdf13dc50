// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/dead_letter.h"
#include "inspect/filter/filter_expression.h"

namespace eventscope::app {

/// What a filter says about a letter: it is evaluated over the original event, whose headers are in
/// part its metadata ("correlationId", "causationId", "version"). Beyond those there are queue, error,
/// errortype and attempts.
core::FilterMatch matchLetter(const core::FilterExpression& filter, const core::DeadLetter& letter);

} // namespace eventscope::app
