// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "sourcing/order_fold.h"
#include "sourcing/upcaster.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::core {

/// Rebuilds every order of a file of events straight from its bytes: one event a line, as `read` and
/// `export` print them ({"stream","type","headers","data",…}, in any order but fastest with "data"
/// last). Streams of other categories are passed over. The states are those that the order reducer
/// gives. One thread.
class OrderLines {
public:
    explicit OrderLines(const UpcasterChain& upcasters);
    ~OrderLines();
    OrderLines(const OrderLines&) = delete;
    OrderLines& operator=(const OrderLines&) = delete;

    /// Folds whole lines, the last one with or without a line end. `readable`: how many bytes may be
    /// read from the beginning on; 64 more than there are spare a copy. A line that is no event, or
    /// that the order refuses, is counted and passed over.
    void fold(std::string_view lines, std::size_t readable = 0);

    struct Entry {
        std::string stream;
        FoldedOrder order;
    };
    const std::deque<Entry>& orders() const { return m_orders; } ///< in the order of their first events
    const FoldedOrder* find(std::string_view stream) const;      ///< or nullptr

    std::uint64_t folded() const { return m_folded; }   ///< events of orders
    std::uint64_t refused() const { return m_refused; } ///< lines that made no sense

private:
    struct Line;
    struct Parser;
    struct Field;
    /// Of an open-addressing table: a node-based one costs more cache misses than the parsing.
    struct Slot {
        std::uint32_t hash = 0;
        std::uint32_t entry = 0; ///< index + 1; 0: free
    };

    enum class DataAs { Members, Text };

    void foldLine(std::string_view line);
    bool readLine(std::string_view line, DataAs dataAs, Line& event);
    static bool readField(Field field, DataAs dataAs, Line& event);
    bool needsUpcasting(const Line& event, int& schemaVersion) const;
    bool applyMembers(const Line& event);
    Status apply(const Line& event);
    std::size_t slotOf(std::string_view stream, std::uint32_t hash) const;
    FoldedOrder& orderOf(std::string_view stream);
    void growSlots();

    const UpcasterChain& m_upcasters;
    std::unique_ptr<Parser> m_parser;
    OrderFolder m_folder;
    std::deque<Entry> m_orders;
    std::vector<Slot> m_slots; ///< a power of two, at most half full
    std::uint64_t m_folded = 0;
    std::uint64_t m_refused = 0;
};

} // namespace eventscope::core
