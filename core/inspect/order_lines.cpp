// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/order_lines.h"

#include "event/event.h"
#include "event/json.h"
#include "event/simdjson_text.h"
#include "sourcing/order_members.h"
#include "sourcing/order_state.h"

#include <cstdlib>
#include <cstring>
#include <functional>
#include <utility>

namespace eventscope::core {

namespace {

namespace ondemand = simdjson::ondemand;

std::uint32_t hashOf(std::string_view text)
{
    return static_cast<std::uint32_t>(std::hash<std::string_view>{}(text));
}

bool isOrder(std::string_view stream)
{
    return categoryOf(stream) == "order";
}

/// The schema version among printed headers [["name","value"],…]; 1 without.
int schemaVersionOf(std::string_view headers)
{
    static constexpr std::string_view kAsPrinted = R"(["schemaVersion",")";
    const std::size_t found = headers.find(kAsPrinted);
    if (found != std::string_view::npos)
        return std::atoi(headers.data() + found + kAsPrinted.size());
    if (headers.find("schemaVersion") == std::string_view::npos)
        return 1;
    const Json list = Json::parse(headers).value_or(Json());
    for (std::size_t i = 0; list.isArray() && i < list.asArray().size(); ++i) {
        const Json* name = list.asArray()[i].at("/0");
        const Json* value = list.asArray()[i].at("/1");
        if (name && value && *name == Json("schemaVersion") && value->isString())
            return std::atoi(value->asString().c_str());
    }
    return 1;
}

} // namespace

struct OrderLines::Line {
    std::string_view stream, type;
    std::string_view headers, data; ///< as written
    OrderMembers members;
    bool hasMembers = false; ///< the data's members are read already
};

struct OrderLines::Field {
    ondemand::field& field;
};

struct OrderLines::Parser {
    ondemand::parser parser;
    std::string padded;
    const char* end = nullptr; ///< of what may be read

    std::size_t readableFrom(std::string_view text) const { return static_cast<std::size_t>(end - text.data()); }
};

OrderLines::OrderLines(const UpcasterChain& upcasters)
    : m_upcasters(upcasters), m_parser(std::make_unique<Parser>()), m_slots(1024)
{
}

OrderLines::~OrderLines() = default;

void OrderLines::fold(std::string_view lines, std::size_t readable)
{
    if (readable < lines.size() + simdjson::SIMDJSON_PADDING) {
        m_parser->padded.reserve(lines.size() + simdjson::SIMDJSON_PADDING);
        m_parser->padded.assign(lines);
        lines = m_parser->padded;
        readable = m_parser->padded.capacity();
    }
    m_parser->end = lines.data() + readable;
    while (!lines.empty()) {
        const void* end = std::memchr(lines.data(), '\n', lines.size());
        const std::size_t length
            = end ? static_cast<std::size_t>(static_cast<const char*>(end) - lines.data()) : lines.size();
        foldLine(lines.substr(0, length));
        lines.remove_prefix(end ? length + 1 : length);
    }
}

void OrderLines::foldLine(std::string_view line)
{
    if (line.find_first_not_of(" \t\r") == std::string_view::npos)
        return;
    Line event;
    bool read = readLine(line, DataAs::Members, event);
    if (read && event.hasMembers && applyMembers(event))
        return;
    if (!read || event.hasMembers)
        read = readLine(line, DataAs::Text, event);
    if (read && !isOrder(event.stream))
        return;
    m_folded += read ? 1 : 0;
    if (!read || !apply(event))
        ++m_refused;
}

/// With DataAs::Members the data of an event that changes an order are read in the same pass, if its
/// type comes first, as it does in print. False for what is no event, or no plain one.
bool OrderLines::readLine(std::string_view line, DataAs dataAs, Line& event)
{
    event = {};
    ondemand::document document;
    ondemand::object object;
    if (m_parser->parser.iterate(line.data(), line.size(), m_parser->readableFrom(line)).get(document)
        || document.get_object().get(object))
        return false;
    for (auto result : object) {
        ondemand::field field;
        if (std::move(result).get(field) || !readField(Field{field}, dataAs, event))
            return false;
    }
    return !event.stream.empty() && !event.type.empty() && (event.hasMembers || !event.data.empty());
}

bool OrderLines::readField(Field field, DataAs dataAs, Line& event)
{
    ondemand::field& member = field.field;
    const ondemand::raw_json_string key = member.key();
    if (key.unsafe_is_equal("stream"))
        return !member.value().get_string().get(event.stream);
    if (key.unsafe_is_equal("type"))
        return !member.value().get_string().get(event.type);
    if (key.unsafe_is_equal("headers"))
        return !readRawText(member.value(), event.headers);
    if (!key.unsafe_is_equal("data"))
        return true;
    const bool asMembers
        = dataAs == DataAs::Members && OrderFolder::knows(event.type) && event.type != order_event::kCancelled;
    if (!asMembers)
        return !readRawText(member.value(), event.data);
    ondemand::object data;
    event.hasMembers = !member.value().get_object().get(data) && readOrderMembers(data, event.members);
    return event.hasMembers;
}

bool OrderLines::needsUpcasting(const Line& event, int& schemaVersion) const
{
    if (!m_upcasters.knows(event.type))
        return false;
    schemaVersion = schemaVersionOf(event.headers);
    return schemaVersion != m_upcasters.newestVersion(event.type);
}

/// False, with nothing done, when the event should go the general way.
bool OrderLines::applyMembers(const Line& event)
{
    int schemaVersion = 1;
    if (!isOrder(event.stream))
        return true;
    if (needsUpcasting(event, schemaVersion) || !applyOrderMembers(orderOf(event.stream), event.type, event.members))
        return false;
    ++m_folded;
    return true;
}

Status OrderLines::apply(const Line& event)
{
    FoldedOrder& order = orderOf(event.stream);
    int schemaVersion = 1;
    if (!needsUpcasting(event, schemaVersion))
        return m_folder.apply(order, event.type, event.data, m_parser->readableFrom(event.data));
    const Result<Json> data = m_upcasters.upcast(event.type, schemaVersion, event.data);
    if (!data)
        return std::unexpected(data.error());
    return m_folder.apply(order, event.type, data->dump());
}

const FoldedOrder* OrderLines::find(std::string_view stream) const
{
    const Slot& slot = m_slots[slotOf(stream, hashOf(stream))];
    return slot.entry == 0 ? nullptr : &m_orders[slot.entry - 1].order;
}

/// Where the stream stands in the table, or the free slot where it would.
std::size_t OrderLines::slotOf(std::string_view stream, std::uint32_t hash) const
{
    const std::size_t mask = m_slots.size() - 1;
    std::size_t at = hash & mask;
    while (m_slots[at].entry != 0 && (m_slots[at].hash != hash || m_orders[m_slots[at].entry - 1].stream != stream))
        at = (at + 1) & mask;
    return at;
}

FoldedOrder& OrderLines::orderOf(std::string_view stream)
{
    const std::uint32_t hash = hashOf(stream);
    std::size_t at = slotOf(stream, hash);
    if (m_slots[at].entry == 0) {
        if (2 * (m_orders.size() + 1) > m_slots.size()) {
            growSlots();
            at = slotOf(stream, hash);
        }
        m_orders.push_back({.stream = std::string(stream), .order = {}});
        m_slots[at] = {.hash = hash, .entry = static_cast<std::uint32_t>(m_orders.size())};
    }
    return m_orders[m_slots[at].entry - 1].order;
}

void OrderLines::growSlots()
{
    const std::vector<Slot> old = std::exchange(m_slots, std::vector<Slot>(4 * m_slots.size()));
    const std::size_t mask = m_slots.size() - 1;
    for (const Slot& slot : old) {
        if (slot.entry == 0)
            continue;
        std::size_t at = slot.hash & mask;
        while (m_slots[at].entry != 0)
            at = (at + 1) & mask;
        m_slots[at] = slot;
    }
}

} // namespace eventscope::core
