// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/source_password.h"

#include <cstdlib>
#include <string>
#include <utility>

namespace eventscope::app {

namespace {

std::string variable(const char* name)
{
    const char* value = std::getenv(name);
    return value ? value : "";
}

/// libpq finds the password itself; one of ours would be taken instead.
bool libraryFindsPassword(const core::SourceUrl& url)
{
    return url.scheme == core::SourceScheme::Postgres
        && (!variable("PGPASSWORD").empty() || !variable("PGPASSFILE").empty());
}

} // namespace

core::SourceUrl withPasswordFromEnvironment(core::SourceUrl url)
{
    const bool signsIn = !url.user.empty() || url.scheme == core::SourceScheme::Postgres;
    if (url.isServer() && signsIn && url.password.empty() && !libraryFindsPassword(url)) {
        url.password = variable("EVENTSCOPE_PASSWORD");
    }
    return url;
}

bool wantsPassword(const core::SourceUrl& url)
{
    return url.isServer() && !url.user.empty() && !libraryFindsPassword(url)
        && withPasswordFromEnvironment(url).password.empty();
}

bool hasKnownPassword(const core::SourceUrl& url)
{
    return url.scheme == core::SourceScheme::Amqp && url.user == "guest";
}

} // namespace eventscope::app
