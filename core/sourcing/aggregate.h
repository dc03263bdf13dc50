// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "event/event.h"
#include "event/json.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eventscope::core {

/// A consistency boundary whose state is the fold of its events. Commands check their rules against
/// the state and raise events; raised events wait as uncommitted until a repository has stored them.
/// One thread at a time.
class Aggregate {
public:
    explicit Aggregate(std::string id) : m_id(std::move(id)) { }
    virtual ~Aggregate() = default;

    const std::string& id() const { return m_id; }

    /// The number of events in the state, the uncommitted ones included.
    StreamVersion version() const { return m_version; }
    /// The version its stream had when it was loaded or last saved: what a save expects.
    StreamVersion committedVersion() const;

    const std::vector<NewEvent>& uncommitted() const { return m_uncommitted; }
    /// For the repository, which gives them ids, time and metadata.
    std::vector<NewEvent>& uncommitted() { return m_uncommitted; }
    void markCommitted() { m_uncommitted.clear(); }

    /// Takes the next event of its stream, its data in the newest schema version. A type it does not
    /// know counts and changes nothing. An error leaves state and version as they were.
    Status replay(std::string_view type, const Json& data);

    /// The state as a snapshot keeps it, uncommitted events included.
    virtual Json state() const = 0;
    /// Names the state's form; changes with every change of apply() or state(), so that snapshots of
    /// other code are not used.
    virtual std::string_view stateFingerprint() const = 0;
    /// Begins at a snapshot instead of at nothing; an error leaves it as it was.
    Status restore(StreamVersion version, const Json& state);
    /// Back to before the first event.
    void reset();

protected:
    Aggregate(const Aggregate&) = default;
    Aggregate(Aggregate&&) = default;
    Aggregate& operator=(const Aggregate&) = default;
    Aggregate& operator=(Aggregate&&) = default;

    /// Applies an event and keeps it as uncommitted. Rules are checked before, never in apply().
    Status raise(std::string type, int schemaVersion, const Json& data);

    /// Changes the state by a fact: no rules, no clock, no randomness. An error (data that makes no
    /// sense) changes nothing.
    virtual Status apply(std::string_view type, const Json& data) = 0;
    virtual Status restoreState(const Json& state) = 0;
    virtual void resetState() = 0;

private:
    std::string m_id;
    StreamVersion m_version;
    std::vector<NewEvent> m_uncommitted;
};

} // namespace eventscope::core
