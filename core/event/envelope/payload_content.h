// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/envelope.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::core {

/// What a payload says, for people and for envelopes inside it: its compression taken off, binary
/// formats written as JSON.
struct PayloadContent {
    PayloadFormat format = PayloadFormat::Empty; ///< of all the bytes
    PayloadFormat inner = PayloadFormat::Empty;  ///< inside a compression or behind a prefix; else the same
    bool isKnown = true;                         ///< false: shown as bytes because nothing else fits
    /// The content as JSON text; empty where it is none and cannot be written as one. Exact: integers
    /// keep all their digits; bytes become {"$base64":…}.
    std::string json;
    std::string text;           ///< what was unpacked, when that is no JSON; empty without a compression
    std::size_t prefixSize = 0; ///< of a schema's id in front of JSON
    std::string note;           ///< e.g. "schema id 7, no registry is configured"; empty mostly
    std::vector<EnvelopeAttempt> attempts;
};

/// Goes through the formats in their order and never fails. At most 64 MiB and 200 times the size are
/// unpacked, one layer only. // any thread
PayloadContent readPayloadContent(std::string_view bytes, std::span<const HeaderView> headers = {});

/// Whether it is one valid JSON text; Unparsable with what and where otherwise.
Status checkJson(std::string_view text);

} // namespace eventscope::core
