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

/// A partition without a leader, as those of a topic that was just made, has one in a moment: ask again
/// after kSlice, kTries times at most.
bool mayPass(rd_kafka_resp_err_t error);
inline constexpr int kTries = 20;

} // namespace eventscope::kafka
