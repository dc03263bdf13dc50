// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/relay_progress.h"

#include <algorithm>
#include <utility>

namespace eventscope::core {

RelayProgress::Stream& RelayProgress::streamOf(const std::string& name)
{
    return m_streams.try_emplace(name).first->second;
}

void RelayProgress::wait(const std::string& name, Stream& stream, GlobalPosition from)
{
    stream.waitsFrom = stream.waitsFrom ? std::min(*stream.waitsFrom, from) : from;
    m_waiting.insert(name);
}

bool RelayProgress::mayGo(const RecordedEvent& event)
{
    if (m_underWay.contains(event.position) || m_unmarked.contains(event.position))
        return false;
    const auto found = m_streams.find(event.stream);
    if (found == m_streams.end())
        return true;
    Stream& stream = found->second;
    if (!stream.waitsFrom && stream.underWay < kPerStream)
        return true;
    wait(event.stream, stream, event.position);
    return false;
}

void RelayProgress::published(const RecordedEvent& event)
{
    Stream& stream = streamOf(event.stream);
    ++stream.underWay;
    stream.refusals = 0;
    m_underWay.emplace(event.position, event.stream);
}

void RelayProgress::refused(const RecordedEvent& event, Timestamp due)
{
    Stream& stream = streamOf(event.stream);
    ++stream.refusals;
    stream.due = due;
    wait(event.stream, stream, event.position);
}

int RelayProgress::refusals(const RecordedEvent& event) const
{
    const auto found = m_streams.find(event.stream);
    return found == m_streams.end() ? 0 : found->second.refusals;
}

void RelayProgress::gaveUp(const RecordedEvent& event)
{
    const auto stream = m_streams.find(event.stream);
    if (stream != m_streams.end()) {
        stream->second.refusals = 0;
        forgetIfIdle(stream);
    }
    m_toMark.push_back(event.position);
    m_unmarked.insert(event.position);
}

RelayProgress::Streams::iterator RelayProgress::arrived(GlobalPosition position)
{
    auto node = m_underWay.extract(position);
    if (!node)
        return m_streams.end();
    const auto stream = m_streams.find(node.mapped());
    --stream->second.underWay;
    return stream;
}

void RelayProgress::safe(GlobalPosition position)
{
    const auto stream = arrived(position);
    if (stream == m_streams.end())
        return;
    forgetIfIdle(stream);
    m_toMark.push_back(position);
    m_unmarked.insert(position);
}

void RelayProgress::again(GlobalPosition position, Timestamp due)
{
    const auto stream = arrived(position);
    if (stream == m_streams.end())
        return;
    stream->second.due = due;
    wait(stream->first, stream->second, position);
}

std::optional<GlobalPosition> RelayProgress::release(Timestamp now)
{
    std::optional<GlobalPosition> from;
    for (auto name = m_waiting.begin(); name != m_waiting.end();) {
        const auto entry = m_streams.find(*name);
        Stream& stream = entry->second;
        // After a failure everything of the stream comes home first, so that its order is kept.
        const bool mayGo = stream.due ? *stream.due <= now && stream.underWay == 0 : stream.underWay <= kPerStream / 2;
        if (!mayGo) {
            ++name;
            continue;
        }
        from = from ? std::min(*from, *stream.waitsFrom) : *stream.waitsFrom;
        stream.waitsFrom.reset();
        stream.due.reset();
        name = m_waiting.erase(name);
        forgetIfIdle(entry);
    }
    return from;
}

std::optional<Timestamp> RelayProgress::nextDue() const
{
    std::optional<Timestamp> next;
    for (const std::string& name : m_waiting) {
        const Stream& stream = m_streams.find(name)->second;
        if (stream.due && stream.underWay == 0)
            next = next ? std::min(*next, *stream.due) : *stream.due;
    }
    return next;
}

void RelayProgress::marked()
{
    m_toMark.clear();
    m_unmarked.clear();
}

void RelayProgress::forgetIfIdle(Streams::iterator stream)
{
    const Stream& state = stream->second;
    if (state.underWay == 0 && state.refusals == 0 && !state.waitsFrom)
        m_streams.erase(stream);
}

} // namespace eventscope::core
