// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/source_url.h"

namespace eventscope::app {

/// The URL with the password that the environment gives it, where it has none of its own:
/// EVENTSCOPE_PASSWORD for whatever signs in with a user's name. PGPASSWORD and PGPASSFILE come first
/// for Postgres, whose library reads them itself.
core::SourceUrl withPasswordFromEnvironment(core::SourceUrl url);

/// Whether somebody has to be asked: it signs in by name, and neither the URL nor the environment has
/// the password. A server may do without one nevertheless.
bool wantsPassword(const core::SourceUrl& url);

/// Whether it is worth trying without asking: RabbitMQ's "guest" has a password that everybody knows.
bool hasKnownPassword(const core::SourceUrl& url);

} // namespace eventscope::app
