// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace eventscope::core {

/// A bounded queue from one thread to one other, in batches. Whoever has nothing to do parks (a futex
/// behind std::atomic::wait) instead of spinning: a spinning ring is as fast while both threads have
/// a core of their own, but loses most of its rate as soon as anybody else wants one of the cores.
///
/// The sender parks when the queue is full and is woken when half of it is free again, so the two do
/// not take turns item by item; the receiver is woken by the first item.
template <class T>
class BatchQueue {
public:
    /// Room for at least that many items.
    explicit BatchQueue(std::size_t capacity)
        : m_items(std::bit_ceil(std::max<std::size_t>(capacity, 2))), m_mask(m_items.size() - 1)
    {
    }
    BatchQueue(const BatchQueue&) = delete;
    BatchQueue& operator=(const BatchQueue&) = delete;

    std::size_t capacity() const { return m_items.size(); }

    /// Copies all of them in, waiting for room as often as it takes. Returns how many went in: fewer
    /// only when the queue was closed. // the sending thread
    std::size_t push(std::span<const T> items)
    {
        std::size_t pushed = 0;
        while (pushed < items.size() && !m_closed.load(std::memory_order_relaxed)) {
            const std::size_t room = roomFor(items.size() - pushed);
            if (room == 0) {
                parkSender();
                continue;
            }
            const std::size_t count = std::min(room, items.size() - pushed);
            copyIn(items.subspan(pushed, count));
            pushed += count;
        }
        return pushed;
    }

    /// Waits for items, calls `consume` with all that are there (in one span or two), and then makes
    /// their room free. Returns how many there were: 0 when the queue is closed and empty. // the receiving thread
    template <class Consume>
    std::size_t receive(Consume&& consume)
    {
        std::size_t tail = waitForItems();
        const std::size_t head = m_head.load(std::memory_order_relaxed);
        const std::size_t count = tail - head;
        const std::size_t first = std::min(count, m_items.size() - (head & m_mask));
        if (first != 0)
            consume(std::span<const T>(m_items.data() + (head & m_mask), first));
        if (count != first)
            consume(std::span<const T>(m_items.data(), count - first));
        m_head.store(tail, std::memory_order_seq_cst);
        wakeSender();
        return count;
    }

    /// Nothing more goes in; what went in before still comes out. // any thread
    void close()
    {
        m_closed.store(true, std::memory_order_seq_cst);
        unpark(m_receiverParked);
        unpark(m_senderParked);
    }

private:
    // Indices only grow; the place in the ring is the index under the mask. Parking is a Dekker
    // handshake: one side writes its index and then looks at the other's flag, the other writes its
    // flag and then looks at the index; sequential consistency lets at least one of them see.

    std::size_t roomFor(std::size_t wanted)
    {
        const std::size_t tail = m_tail.load(std::memory_order_relaxed);
        if (m_items.size() - (tail - m_headSeen) < wanted)
            m_headSeen = m_head.load(std::memory_order_acquire);
        return m_items.size() - (tail - m_headSeen);
    }

    void copyIn(std::span<const T> items)
    {
        const std::size_t tail = m_tail.load(std::memory_order_relaxed);
        const std::size_t first = std::min(items.size(), m_items.size() - (tail & m_mask));
        std::copy_n(items.begin(), first, m_items.begin() + static_cast<std::ptrdiff_t>(tail & m_mask));
        std::copy(items.begin() + static_cast<std::ptrdiff_t>(first), items.end(), m_items.begin());
        m_tail.store(tail + items.size(), std::memory_order_seq_cst);
        if (m_receiverParked.load(std::memory_order_seq_cst) != 0)
            unpark(m_receiverParked);
    }

    bool isHalfFree(std::size_t head) const
    {
        return m_tail.load(std::memory_order_relaxed) - head <= m_items.size() / 2;
    }

    void parkSender()
    {
        m_senderParked.store(1, std::memory_order_seq_cst);
        if (isHalfFree(m_head.load(std::memory_order_seq_cst)) || m_closed.load(std::memory_order_seq_cst))
            m_senderParked.store(0, std::memory_order_relaxed);
        m_senderParked.wait(1);
    }

    void wakeSender()
    {
        if (m_senderParked.load(std::memory_order_seq_cst) != 0 && isHalfFree(m_head.load(std::memory_order_relaxed)))
            unpark(m_senderParked);
    }

    std::size_t waitForItems()
    {
        const std::size_t head = m_head.load(std::memory_order_relaxed);
        std::size_t tail = m_tail.load(std::memory_order_acquire);
        while (tail == head) {
            m_receiverParked.store(1, std::memory_order_seq_cst);
            tail = m_tail.load(std::memory_order_seq_cst);
            if (tail != head || m_closed.load(std::memory_order_seq_cst)) {
                m_receiverParked.store(0, std::memory_order_relaxed);
                return m_tail.load(std::memory_order_acquire);
            }
            m_receiverParked.wait(1);
            tail = m_tail.load(std::memory_order_acquire);
        }
        return tail;
    }

    static void unpark(std::atomic<std::uint32_t>& parked)
    {
        parked.store(0, std::memory_order_seq_cst);
        parked.notify_one();
    }

    static constexpr std::size_t kCacheLine = 64;

    std::vector<T> m_items;
    const std::size_t m_mask;
    std::atomic<bool> m_closed{false};

    alignas(kCacheLine) std::atomic<std::size_t> m_head{0}; // written by the receiver
    alignas(kCacheLine) std::atomic<std::size_t> m_tail{0}; // written by the sender
    std::size_t m_headSeen = 0;                             // the sender's copy
    alignas(kCacheLine) std::atomic<std::uint32_t> m_receiverParked{0};
    alignas(kCacheLine) std::atomic<std::uint32_t> m_senderParked{0};
};

} // namespace eventscope::core
