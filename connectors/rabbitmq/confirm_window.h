// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <utility>
#include <vector>

namespace eventscope::rabbitmq {

/// What was published on a channel with confirmations and is not confirmed yet, by its number there.
/// A set and no counter: "multiple" confirmations come mixed with single ones, in any order.
template <class Item>
class ConfirmWindow {
public:
    /// Numbers begin anew with each channel.
    void restart() { m_last = 0; }
    std::uint64_t add(Item item)
    {
        m_items.emplace(++m_last, std::move(item));
        return m_last;
    }

    std::size_t size() const { return m_items.size(); }
    bool empty() const { return m_items.empty(); }
    auto begin() { return m_items.begin(); }
    auto end() { return m_items.end(); }

    /// Those that this confirmation speaks of, in the order they were published.
    std::vector<Item> take(std::uint64_t number, bool multiple)
    {
        std::vector<Item> taken;
        if (!multiple) {
            if (auto node = m_items.extract(number))
                taken.push_back(std::move(node.mapped()));
            return taken;
        }
        // 0 stands for all.
        const auto past = number == 0 ? m_items.end() : m_items.upper_bound(number);
        for (auto item = m_items.begin(); item != past; item = m_items.erase(item))
            taken.push_back(std::move(item->second));
        return taken;
    }
    template <class Predicate>
    std::vector<Item> takeIf(Predicate predicate)
    {
        std::vector<Item> taken;
        for (auto item = m_items.begin(); item != m_items.end();) {
            if (!predicate(item->second)) {
                ++item;
                continue;
            }
            taken.push_back(std::move(item->second));
            item = m_items.erase(item);
        }
        return taken;
    }
    std::vector<Item> takeAll() { return take(0, true); }

private:
    std::map<std::uint64_t, Item> m_items;
    std::uint64_t m_last = 0;
};

} // namespace eventscope::rabbitmq
