// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/reducer.h"

#include "event/event.h"
#include "inspect/merge_reducer.h"
#include "inspect/order_reducer.h"

#include <fmt/core.h>

#include <charconv>
#include <utility>

namespace eventscope::core {

namespace {

class JsonRun final : public ReducerRun {
public:
    JsonRun(Reducer& reducer, Json state) : m_reducer(reducer), m_state(std::move(state)) { }

    Status apply(const ReducerEvent& event) override { return m_reducer.apply(m_state, event); }
    Json state() override { return m_state; }

private:
    Reducer& m_reducer;
    Json m_state;
};

} // namespace

int ReducerEvent::schemaVersion() const
{
    for (const HeaderView& header : m_envelope.headers) {
        if (header.name != "schemaVersion")
            continue;
        int version = 0;
        const char* end = header.value.data() + header.value.size();
        const auto [stop, error] = std::from_chars(header.value.data(), end, version);
        if (error == std::errc{} && stop == end && version > 0)
            return version;
    }
    return 1;
}

bool ReducerEvent::payloadIsCurrent() const
{
    if (!m_payload.isJson || m_envelope.payloadIsNull)
        return false;
    return !m_upcasters.knows(m_envelope.type) || schemaVersion() == m_upcasters.newestVersion(m_envelope.type);
}

const Result<Json>& ReducerEvent::data() const
{
    if (!m_data) {
        m_data = m_envelope.payloadIsNull ? Result<Json>(Json())
                                          : m_upcasters.upcast(m_envelope.type, schemaVersion(), m_envelope.payload);
    }
    return *m_data;
}

std::unique_ptr<ReducerRun> Reducer::run(Json state)
{
    return std::make_unique<JsonRun>(*this, std::move(state));
}

std::unique_ptr<Reducer> makeNativeReducer(std::string_view name)
{
    if (name == "order")
        return std::make_unique<OrderReducer>();
    if (name == "merge")
        return std::make_unique<MergeReducer>();
    return nullptr;
}

std::unique_ptr<Reducer> nativeReducerFor(std::string_view stream)
{
    return makeNativeReducer(categoryOf(stream) == "order" ? "order" : "merge");
}

} // namespace eventscope::core
