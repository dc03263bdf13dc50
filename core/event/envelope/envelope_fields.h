// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/envelope.h"
#include "event/raw_json.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::core {

// What the readers of the different envelopes share. A reader takes the members of one JSON object,
// says whether it is its envelope, and then fills the fields in.

using JsonMembers = std::vector<RawJsonMember>;

/// What a key of metadata or a header's name stands for in the conventions of the frameworks.
enum class KnownKey { None, Id, Type, ClassName, Time, Correlation, Conversation, Causation, Version, TraceParent };
/// By name, whatever its case and without its '-', '_', '.' and '$'.
KnownKey knownKey(std::string_view name);

/// A string's text, a number as written; empty for everything else, and for nullptr.
std::string scalarText(const RawJsonMember* member);
/// An integer, also one written as a string.
std::optional<std::int64_t> integerOf(std::string_view text);
/// ISO 8601, or seconds, milli-, micro- or nanoseconds since 1970 by their size.
std::optional<Timestamp> timeOf(std::string_view text);

/// The first of these members that is there and not null; nullptr where none is.
const RawJsonMember* firstOf(const JsonMembers& members, std::initializer_list<std::string_view> names);
bool isNonEmptyString(const RawJsonMember* member);
bool isObject(const RawJsonMember* member);
bool isArray(const RawJsonMember* member);

/// Sets a field that is still empty.
void setOnce(std::string& field, std::string_view text);
void addAttribute(Envelope& envelope, std::string_view name, const RawJsonMember& member);
void addAttempt(Envelope& envelope, std::string_view what, std::string reason);
/// Adds [["name","value"],…], bytes as {"$base64":…}; false, adding none, for anything else.
bool readHeaderPairs(std::string_view json, Envelope& envelope);
/// Correlation, causation, version and the rest of a metadata object.
void readMetadata(const RawJsonMember& metadata, Envelope& envelope);

// The envelopes, each in a file of its own. `declared`: the transport says that it is this one.
bool readCloudEventHeaders(const EnvelopeInput& input, Envelope& envelope);
bool readCloudEvent(const JsonMembers& members, bool declared, Envelope& envelope);
bool readMassTransit(const JsonMembers& members, bool declared, Envelope& envelope);
bool readDebezium(const JsonMembers& members, const EnvelopeInput& input, Envelope& envelope);
bool readClassic(const JsonMembers& members, Envelope& envelope);
/// The same of an envelope as buses write it: the usual names, each once, plain texts, nothing between the
/// tokens. Several times as fast; false, with nothing read, where anything is unusual.
bool readPlainClassic(std::string_view json, Envelope& envelope);
/// What plain headers say of fields that are still empty.
void readPlainHeaders(const EnvelopeInput& input, Envelope& envelope);

} // namespace eventscope::core
