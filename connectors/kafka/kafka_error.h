// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"

#include <string_view>

#include <librdkafka/rdkafka.h>

namespace eventscope::kafka {

/// librdkafka's and the broker's errors, translated here and nowhere else. `what` is what was being
/// done, as the beginning of a sentence: "The topic orders could not be read"; `detail` what the
/// library says about it, if anything.
core::Error toError(rd_kafka_resp_err_t code, std::string_view what, std::string_view detail = {});

} // namespace eventscope::kafka
