// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/source_event.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace eventscope::core {

/// The forms that events leave the program in. All but a capture have one event a line (of CSV: a record).
enum class ExportFormat {
    NdJson,      ///< as appendEventJson() writes it, and every byte: what is read back is the same
    CloudEvents, ///< CloudEvents 1.0, structured; what CloudEvents demands and an event lacks is made up
    Csv,         ///< RFC 4180 with a head line, for spreadsheets: nothing in it is taken for a formula
    Capture,     ///< one SQLite file with marks, notes and how it was looked at: see capture_format.h
};
/// "ndjson", "cloudevents", "csv" or "capture".
std::string_view toString(ExportFormat format);
std::optional<ExportFormat> exportFormatOf(std::string_view name);

/// What stands before the first event; empty mostly.
std::string_view exportHead(ExportFormat format);

/// Appends one event with its line end; of a capture, which has no lines, nothing. // any thread
///
/// NDJSON: appendEventJson(), and where the payload's JSON does not stand there byte for byte its text
/// once more as "dataText".
///
/// CloudEvents: subject is the stream; version, position, partition, correlationid, causationid are
/// extensions; so are headers under names that CloudEvents allows, or, when one of them is doubled or
/// has another name, all of them as one JSON text "headers". A payload that is no JSON is data_base64.
/// Without an id, one is made of source, stream, partition and position; without a type, it is "unknown".
void appendExported(std::string& out, const SourceEvent& event, ExportFormat format);

} // namespace eventscope::core
