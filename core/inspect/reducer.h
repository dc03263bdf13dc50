// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "event/json.h"
#include "inspect/source_event.h"
#include "sourcing/upcaster.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

namespace eventscope::core {

/// One event as a reducer gets it: the envelope as it came, and the data as JSON in the newest schema
/// version, read when somebody asks. Lives for one call.
class ReducerEvent {
public:
    /// What whoever holds the event knows about its payload's bytes (see StreamHistory).
    struct Payload {
        bool isJson = false;      ///< valid JSON for sure
        std::size_t readable = 0; ///< bytes that may be read from its beginning on
    };
    ReducerEvent(const SourceEvent& envelope, const UpcasterChain& upcasters, Payload payload)
        : m_envelope(envelope), m_upcasters(upcasters), m_payload(payload)
    {
    }

    const SourceEvent& envelope() const { return m_envelope; }
    std::string_view type() const { return m_envelope.type; }

    /// As labelled by the header "schemaVersion"; 1 without.
    int schemaVersion() const;
    /// Whether the payload is valid JSON that no upcaster would change.
    bool payloadIsCurrent() const;
    std::size_t readablePayload() const { return m_payload.readable; }

    /// Null when there is no payload; Unparsable when it is no JSON, UnsupportedVersion when the
    /// upcasters do not lead to the newest version.
    const Result<Json>& data() const;

private:
    const SourceEvent& m_envelope;
    const UpcasterChain& m_upcasters;
    Payload m_payload;
    mutable std::optional<Result<Json>> m_data;
};

/// A long fold that keeps its state in whatever form is fastest and shows it as JSON only when asked.
class ReducerRun {
public:
    virtual ~ReducerRun() = default;
    /// As Reducer::apply.
    virtual Status apply(const ReducerEvent& event) = 0;
    virtual Json state() = 0;
};

/// Rebuilds a state from events, ours or anybody's. The same state and event always give the same
/// result. One thread at a time.
class Reducer {
public:
    virtual ~Reducer() = default;

    virtual std::string_view name() const = 0; ///< e.g. "order", "merge", "order.js"
    virtual Json initialState() const = 0;
    /// An error leaves the state as it was: the event is refused, the next one may go on.
    virtual Status apply(Json& state, const ReducerEvent& event) = 0;
    /// Folds from that state on, with the same results as apply().
    virtual std::unique_ptr<ReducerRun> run(Json state);
};

/// "order" or "merge"; nullptr for any other name.
std::unique_ptr<Reducer> makeNativeReducer(std::string_view name);
/// The native reducer that suits a stream best: "order" for those of orders, else "merge".
std::unique_ptr<Reducer> nativeReducerFor(std::string_view stream);

} // namespace eventscope::core
