// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace eventscope::core {

/// Tells listeners that there is something new to fetch; what it is they pull themselves. // any thread
///
/// A listener is called on the ringing thread and must only signal (set a flag, wake a thread, post
/// an event), never call back into whoever rings. Once its handle is gone it is not called any more,
/// and no call of it is still running, unless the handle goes within that very call.
class Bell {
public:
    Bell() : m_list(std::make_shared<List>()) { }

    [[nodiscard]] std::shared_ptr<void> listen(std::function<void()> listener)
    {
        auto entry = std::make_shared<Listener>(std::move(listener));
        {
            const std::scoped_lock lock(m_list->mutex);
            m_list->listeners.push_back(entry);
        }
        Listener* raw = entry.get();
        // The handle outlives the bell without harm: it holds only the list.
        return {raw, [list = m_list, kept = std::move(entry)](Listener* gone) { list->remove(gone); }};
    }

    void ring() const
    {
        // A copy: a listener may end itself or add another meanwhile, and whoever begins to listen must not wait until
        // all others have been called.
        std::vector<std::shared_ptr<Listener>> now;
        {
            const std::scoped_lock lock(m_list->mutex);
            now = m_list->listeners;
        }
        for (const auto& listener : now) {
            const std::scoped_lock lock(listener->mutex);
            if (listener->live) {
                listener->call();
            }
        }
    }

private:
    struct Listener {
        explicit Listener(std::function<void()> function) : call(std::move(function)) { }
        std::recursive_mutex mutex; // a listener may drop its own handle
        std::function<void()> call;
        bool live = true;
    };
    struct List {
        std::mutex mutex;
        std::vector<std::shared_ptr<Listener>> listeners;

        void remove(Listener* gone)
        {
            {
                const std::scoped_lock lock(mutex);
                std::erase_if(listeners, [gone](const auto& listener) { return listener.get() == gone; });
            }
            const std::scoped_lock lock(gone->mutex);
            gone->live = false;
        }
    };
    std::shared_ptr<List> m_list;
};

} // namespace eventscope::core
