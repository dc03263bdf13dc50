// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/idempotency_store.h"

#include <fmt/format.h>

namespace eventscope::core {

Error claimLost(std::string_view key)
{
    return {ErrorCode::Refused,
        fmt::format("The claim on '{}' is lost: its lease ran out before it was completed, so somebody else may have "
                    "handled it too; take a longer lease.",
            key)};
}

} // namespace eventscope::core
