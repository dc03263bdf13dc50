// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/source_url.h"

namespace eventscope::app {

using core::parseSourceUrl;
using core::SourceScheme;
using core::SourceUrl;
using core::withoutSecrets;

} // namespace eventscope::app
