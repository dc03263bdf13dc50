// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/snapshot_record.h"

#include "event/raw_json.h"

#include <zlib.h>

namespace eventscope::core {

namespace {

std::string checksumOf(std::string_view text)
{
    return std::to_string(::crc32_z(0, reinterpret_cast<const Bytef*>(text.data()), text.size()));
}

} // namespace

std::string SnapshotRecord::toJson() const
{
    const std::string text = state.dump();
    std::string out = "{\"lastEventId\":";
    appendJsonString(out, lastEventId);
    out += ",\"crc32\":" + checksumOf(text) + ",\"state\":" + text + "}";
    return out;
}

Result<SnapshotRecord> SnapshotRecord::parse(std::string_view json)
{
    const auto members = readRawObject(json);
    if (!members)
        return std::unexpected(members.error());
    const RawJsonMember* id = findRaw(*members, "lastEventId");
    const RawJsonMember* sum = findRaw(*members, "crc32");
    const RawJsonMember* state = findRaw(*members, "state");
    if (!id || !id->isString() || !sum || !state)
        return fail(ErrorCode::Corrupt, "the snapshot lacks its id, checksum or state");
    if (sum->value != checksumOf(state->value))
        return fail(ErrorCode::Corrupt, "the snapshot's checksum does not match its state");
    Result<Json> value = Json::parse(state->value);
    if (!value)
        return std::unexpected(value.error());
    return SnapshotRecord{.lastEventId = id->text(), .state = std::move(*value)};
}

} // namespace eventscope::core
