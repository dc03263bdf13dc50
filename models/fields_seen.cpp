// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fields_seen.h"

#include "event/json.h"
#include "inspect/filter/filter_names.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

namespace eventscope::models {

namespace {

constexpr core::LogRow kLearnedRows = 400;
constexpr std::size_t kLearnedBytes = 16384;
constexpr std::size_t kMostFields = 400;
constexpr std::size_t kMostOffered = 60;

void addFields(std::set<std::string>& fields, const core::Json& value, const std::string& path, int depth)
{
    if (depth > 3 || fields.size() > kMostFields) {
        return;
    }
    if (value.isArray() && !value.asArray().empty()) {
        addFields(fields, value.asArray().front(), path + "[0]", depth + 1);
    }
    if (!value.isObject()) {
        return;
    }
    for (const auto& [name, member] : value.asObject()) {
        if (core::isPlainPathName(name)) {
            const std::string full = path.empty() ? name : fmt::format("{}.{}", path, name);
            fields.insert(full);
            addFields(fields, member, full, depth + 1);
        }
    }
}

using Counts = std::map<std::string, std::size_t, std::less<>>;

std::vector<std::string> mostFrequent(const Counts& counts)
{
    std::vector<std::pair<std::string, std::size_t>> sorted(counts.begin(), counts.end());
    std::ranges::stable_sort(sorted, std::greater{}, [](const auto& entry) { return entry.second; });
    std::vector<std::string> values;
    for (auto& [value, count] : sorted) {
        if (!value.empty() && values.size() < kMostOffered) {
            values.push_back(std::move(value));
        }
    }
    return values;
}

} // namespace

FieldsSeen::FieldsSeen(const core::EventLog& log, QObject* parent)
    : QObject(parent), m_log(log), m_seen(std::make_shared<const SeenFields>())
{
    m_pool.setMaxThreadCount(1);
}

FieldsSeen::~FieldsSeen()
{
    m_pool.waitForDone();
}

std::shared_ptr<const SeenFields> FieldsSeen::lookAt(const core::EventLog& log)
{
    auto seen = std::make_shared<SeenFields>();
    std::set<std::string> fields, headers;
    Counts types, sources, streams;
    const core::EventLog::Hold hold = log.hold();
    const core::LogRow end = log.size();
    for (core::LogRow row = std::max(log.firstRow(), end > kLearnedRows ? end - kLearnedRows : 0); row < end; ++row) {
        ++types[std::string(log.text(log.typeAt(row)))];
        ++sources[std::string(log.text(log.sourceAt(row)))];
        ++streams[std::string(log.text(log.streamAt(row)))];
        log.headersAt(row, [&headers](core::HeaderView header) { headers.emplace(header.name); });
        const std::string_view payload = log.payloadAt(row);
        if (payload.size() <= kLearnedBytes) {
            if (const auto json = core::Json::parse(payload)) {
                addFields(fields, *json, {}, 0);
            }
        }
    }
    seen->fields.assign(fields.begin(), fields.end());
    seen->headers.assign(headers.begin(), headers.end());
    seen->values.emplace("type", mostFrequent(types));
    seen->values.emplace("source", mostFrequent(sources));
    seen->values.emplace("subject", mostFrequent(streams));
    seen->values.emplace("stream", mostFrequent(streams));
    return seen;
}

void FieldsSeen::learn()
{
    if (m_pool.activeThreadCount() > 0) {
        return;
    }
    m_pool.start([this] {
        QMetaObject::invokeMethod(
            this,
            [this, seen = lookAt(m_log)] {
                m_seen = seen;
                Q_EMIT learned();
            },
            Qt::QueuedConnection);
    });
}

} // namespace eventscope::models
