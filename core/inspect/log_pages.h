// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace eventscope::core {

/// The system's pages for the log, in memory or in a file. They are touched before they are needed, by
/// a thread of its own (a first touch costs ten times what writing an event does), and those that are
/// given back are used again.
///
/// The file lies unlinked in a folder: nothing of it is left however the program ends. Space for pages
/// is allocated on the disk before they are mapped, so a full disk is an answer of take() and never a
/// signal; what a failing disk does not give back reads as zeros (MappedReads). An address that was taken stays
/// readable as long as this object: once given back it holds what it held, or zeros. // one thread at a time
class LogPages {
public:
    enum class Place : std::uint8_t { Memory, Disk };
    struct Options {
        std::string folder;              ///< of the file; empty: there is none, only memory
        std::uint64_t keepFreeBytes = 0; ///< of the folder's disk, for everybody else
    };
    struct Pages {
        char* data = nullptr; ///< nullptr: there are none, see problem()
        std::size_t size = 0;
        Place place = Place::Memory;
        std::int64_t offset = 0; ///< in the file
    };
    /// What is used again: pages of this size.
    static constexpr std::size_t kBlock = std::size_t{8} << 20;

    explicit LogPages(Options options);
    ~LogPages();
    LogPages(const LogPages&) = delete;
    LogPages& operator=(const LogPages&) = delete;

    /// Zeroed, but for those of kBlock, which may hold anything.
    Pages take(std::size_t size, Place place);
    /// Says what will be taken next; its first `touched` bytes are touched meanwhile. False: too busy
    /// to take note of it.
    bool prepare(std::size_t size, Place place, std::size_t touched);
    /// Nobody reads them any more, or minds zeros.
    void giveBack(const Pages& pages);

    bool hasDisk() const { return !m_options.folder.empty(); }
    /// Pages of the file that could not be read back. // any thread
    std::uint64_t lostPages() const { return m_lost.load(std::memory_order_relaxed); }
    const std::string& folder() const { return m_options.folder; }
    /// A sentence: why the latest take() gave nothing.
    const std::string& problem() const { return m_problem; }

private:
    struct Wanted {
        std::size_t size = 0;
        Place place = Place::Memory;
        std::size_t touched = 0;
    };

    void run(const std::stop_token& stop);
    Pages make(std::size_t size, Place place, std::string& problem);
    bool moveInto(char* fresh, std::size_t size);
    Pages makeOnDisk(std::size_t size, std::string& problem);
    bool openFile(std::string& problem);
    bool hasRoom(std::size_t size, std::string& problem) const;
    void readAsZeros(const Pages& pages);

    const Options m_options;
    std::string m_problem;
    std::mutex m_mutex; // held while pages are made: who takes waits for the thread that prepares them
    std::condition_variable_any m_wake;
    std::vector<Wanted> m_wanted;
    std::vector<Pages> m_ready;
    std::vector<Pages> m_again; // of kBlock, to be used again
    std::vector<Pages> m_all;   // addresses, for the end
    std::atomic<std::uint64_t> m_lost{0};
    int m_file = -1;
    std::int64_t m_fileSize = 0;
    std::jthread m_thread; // started by the first prepare()
};

} // namespace eventscope::core
