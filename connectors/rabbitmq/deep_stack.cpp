// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "deep_stack.h"

#include <cstddef>
#include <cstdint>

#include <pthread.h>

namespace eventscope::rabbitmq {

namespace {

constexpr std::size_t kEnough = std::size_t{6} << 20;
constexpr std::size_t kDeep = std::size_t{16} << 20; // of address space; only what is touched is memory

std::size_t stackLeft()
{
    pthread_attr_t attributes;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0)
        return 0;
    void* lowest = nullptr;
    std::size_t size = 0;
    const bool isKnown = pthread_attr_getstack(&attributes, &lowest, &size) == 0;
    pthread_attr_destroy(&attributes);
    const char here = 0;
    const auto now = reinterpret_cast<std::uintptr_t>(&here);
    const auto end = reinterpret_cast<std::uintptr_t>(lowest);
    return isKnown && now > end ? static_cast<std::size_t>(now - end) : 0;
}

void* runWork(void* work)
{
    (*static_cast<const std::function<void()>*>(work))();
    return nullptr;
}

} // namespace

void withDeepStack(const std::function<void()>& work)
{
    if (stackLeft() >= kEnough) {
        work();
        return;
    }
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, kDeep);
    pthread_t thread{};
    const bool isRunning
        = pthread_create(&thread, &attributes, &runWork, const_cast<std::function<void()>*>(&work)) == 0;
    pthread_attr_destroy(&attributes);
    if (isRunning)
        pthread_join(thread, nullptr);
    else
        work(); // no memory for a stack: the usual one is deep enough for all but malice
}

} // namespace eventscope::rabbitmq
