// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/mapped_reads.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <mutex>

#include <sys/mman.h>
#include <unistd.h>

namespace eventscope::core {

namespace {

/// Read by the signal's handler, so nothing here takes a lock.
struct Place {
    std::atomic<std::uintptr_t> begin{0}; ///< set last, and cleared first
    std::atomic<std::size_t> size{0};
    std::atomic<std::atomic<std::uint64_t>*> lost{nullptr};
};

constexpr std::size_t kPlaces = std::size_t{1} << 14;
constinit std::array<Place, kPlaces> places; // NOLINT: see the class
constinit std::mutex placesMutex;            // of those who watch and ignore
constinit std::size_t pageSize = 4096;
struct sigaction before;

/// Zeros instead of the page, when it is one of those.
bool replacePage(std::uintptr_t address)
{
    for (Place& place : places) {
        const std::uintptr_t begin = place.begin.load(std::memory_order_acquire);
        if (begin == 0 || address < begin || address - begin >= place.size.load(std::memory_order_relaxed))
            continue;
        void* const page = reinterpret_cast<void*>(address / pageSize * pageSize); // NOLINT: it came as a number
        if (::mmap(page, pageSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0)
            == MAP_FAILED)
            return false;
        place.lost.load(std::memory_order_relaxed)->fetch_add(1, std::memory_order_relaxed);
        return true;
    }
    return false;
}

void onBusError(int signal, siginfo_t* info, void* context)
{
    const int error = errno;
    if (info->si_code > 0 && replacePage(reinterpret_cast<std::uintptr_t>(info->si_addr))) {
        errno = error;
        return;
    }
    if ((before.sa_flags & SA_SIGINFO) != 0 && before.sa_sigaction != nullptr)
        before.sa_sigaction(signal, info, context);
    else if (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN)
        before.sa_handler(signal);
    else
        ::signal(signal, SIG_DFL); // what failed is tried again, and then ends the program
}

void listen()
{
    static std::once_flag once;
    std::call_once(once, [] {
        pageSize = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
        struct sigaction ours { };
        ours.sa_sigaction = &onBusError;
        ours.sa_flags = SA_SIGINFO | SA_NODEFER;
        sigemptyset(&ours.sa_mask);
        ::sigaction(SIGBUS, &ours, &before);
    });
}

} // namespace

bool MappedReads::watch(const char* begin, std::size_t size, std::atomic<std::uint64_t>& lost)
{
    listen();
    const std::scoped_lock lock(placesMutex);
    for (Place& place : places) {
        if (place.begin.load(std::memory_order_relaxed) != 0)
            continue;
        place.size.store(size, std::memory_order_relaxed);
        place.lost.store(&lost, std::memory_order_relaxed);
        place.begin.store(reinterpret_cast<std::uintptr_t>(begin), std::memory_order_release);
        return true;
    }
    return false;
}

void MappedReads::ignore(const char* begin)
{
    const std::scoped_lock lock(placesMutex);
    for (Place& place : places) {
        if (place.begin.load(std::memory_order_relaxed) == reinterpret_cast<std::uintptr_t>(begin)) {
            place.begin.store(0, std::memory_order_release);
            return;
        }
    }
}

} // namespace eventscope::core
