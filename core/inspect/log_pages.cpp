// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/log_pages.h"

#include "inspect/mapped_reads.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace eventscope::core {

namespace {

#ifdef MADV_POPULATE_WRITE
constexpr int kPopulateWrite = MADV_POPULATE_WRITE;
#else
constexpr int kPopulateWrite = 23; // Linux 5.14, newer than some headers
#endif

constexpr std::size_t kMebi = std::size_t{1} << 20;

char* mapZeros(void* where, std::size_t size)
{
    const int fixed = where ? MAP_FIXED : 0;
    void* pages
        = ::mmap(where, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | fixed, -1, 0);
    return pages == MAP_FAILED ? nullptr : static_cast<char*>(pages);
}

/// Pages of the largest size where the system has them: whoever goes through all of a block looks up few
/// addresses then, and gets its bytes a third faster.
char* mapBlock(std::size_t size)
{
    constexpr std::size_t kHuge = std::size_t{2} << 20;
    char* const pages = mapZeros(nullptr, size + kHuge);
    if (!pages)
        return nullptr;
    const std::size_t lead = (kHuge - reinterpret_cast<std::uintptr_t>(pages) % kHuge) % kHuge;
    if (lead > 0)
        ::munmap(pages, lead);
    ::munmap(pages + lead + size, kHuge - lead);
    ::madvise(pages + lead, size, MADV_HUGEPAGE);
    return pages + lead;
}

/// In steps: during each nobody else can map anything, nor in the end touch anything for the first time.
/// Only a hint: where it fails, the first touch is merely slower.
void touch(char* data, std::size_t size)
{
    constexpr std::size_t kStep = std::size_t{2} << 20;
    for (std::size_t at = 0; at < size; at += kStep)
        ::madvise(data + at, std::min(kStep, size - at), kPopulateWrite);
}

std::string message(int error)
{
    return std::generic_category().message(error);
}

} // namespace

LogPages::LogPages(Options options) : m_options(std::move(options)) { }

LogPages::~LogPages()
{
    m_thread = {}; // ends before what it uses
    for (const Pages& pages : m_all) {
        if (pages.place == Place::Disk)
            MappedReads::ignore(pages.data);
        ::munmap(pages.data, pages.size);
    }
    if (m_file >= 0)
        ::close(m_file);
}

LogPages::Pages LogPages::take(std::size_t size, Place place)
{
    const std::scoped_lock lock(m_mutex);
    std::erase_if(m_wanted, [&](const Wanted& wanted) { return wanted.size == size; });
    const auto ready = std::find_if(
        m_ready.begin(), m_ready.end(), [&](const Pages& pages) { return pages.size == size && pages.place == place; });
    if (ready != m_ready.end()) {
        const Pages pages = *ready;
        m_ready.erase(ready);
        return pages;
    }
    return make(size, place, m_problem);
}

bool LogPages::prepare(std::size_t size, Place place, std::size_t touched)
{
    const std::unique_lock lock(m_mutex, std::try_to_lock);
    if (!lock)
        return false;
    const auto isSame = [&](const auto& other) { return other.size == size && other.place == place; };
    if (std::any_of(m_ready.begin(), m_ready.end(), isSame) || std::any_of(m_wanted.begin(), m_wanted.end(), isSame))
        return true;
    m_wanted.push_back({size, place, touched});
    if (!m_thread.joinable())
        m_thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
    m_wake.notify_one();
    return true;
}

void LogPages::run(const std::stop_token& stop)
{
    std::unique_lock lock(m_mutex);
    while (m_wake.wait(lock, stop, [this] { return !m_wanted.empty(); })) {
        const Wanted wanted = m_wanted.back();
        m_wanted.pop_back();
        std::string problem; // take() will find it again
        const Pages pages = make(wanted.size, wanted.place, problem);
        if (!pages.data)
            continue;
        touch(pages.data, wanted.touched);
        m_ready.push_back(pages);
    }
}

LogPages::Pages LogPages::make(std::size_t size, Place place, std::string& problem)
{
    if (place == Place::Disk)
        return makeOnDisk(size, problem);
    char* const data = size == kBlock ? mapBlock(size) : mapZeros(nullptr, size);
    if (!data) {
        problem = fmt::format("The system has no memory left ({}).", message(errno));
        return {};
    }
    if (size == kBlock)
        moveInto(data, size);
    m_all.push_back({data, size, place, 0});
    return m_all.back();
}

/// Moves pages that were given back to a fresh address; where they were, zeros are read.
bool LogPages::moveInto(char* fresh, std::size_t size)
{
    const auto again
        = std::find_if(m_again.begin(), m_again.end(), [](const Pages& pages) { return pages.place == Place::Memory; });
    if (again == m_again.end())
        return false;
    const Pages old = *again;
    m_again.erase(again);
#ifdef MREMAP_DONTUNMAP
    if (::mremap(old.data, size, size, MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP, fresh) == fresh)
        return true;
    mapZeros(fresh, size); // whatever the failed call left of it
    ::madvise(fresh, size, MADV_HUGEPAGE);
#endif
    ::madvise(old.data, size, MADV_DONTNEED);
    return false;
}

LogPages::Pages LogPages::makeOnDisk(std::size_t size, std::string& problem)
{
    if (m_file < 0 && !openFile(problem))
        return {};
    const auto again = size != kBlock
        ? m_again.end()
        : std::find_if(m_again.begin(), m_again.end(), [](const Pages& pages) { return pages.place == Place::Disk; });
    const bool reused = again != m_again.end();
    const std::int64_t offset = reused ? again->offset : m_fileSize;
    if (!reused) {
        if (!hasRoom(size, problem))
            return {};
        if (const int error = ::posix_fallocate(m_file, offset, static_cast<off_t>(size)); error != 0) {
            problem = fmt::format("{} takes no more ({}).", m_options.folder, message(error));
            return {};
        }
    }
    void* const mapped = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, m_file, offset);
    if (mapped == MAP_FAILED) {
        problem = fmt::format("The system maps no more of the file in {} ({}).", m_options.folder, message(errno));
        return {};
    }
    if (reused) {
        mapZeros(again->data, size);
        m_again.erase(again);
    } else {
        m_fileSize += static_cast<std::int64_t>(size);
    }
    m_all.push_back({static_cast<char*>(mapped), size, Place::Disk, offset});
    MappedReads::watch(m_all.back().data, size, m_lost);
    return m_all.back();
}

bool LogPages::openFile(std::string& problem)
{
    std::error_code error;
    std::filesystem::create_directories(m_options.folder, error);
    m_file = ::open(m_options.folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (m_file < 0) {
        // Some file systems cannot make a file without a name.
        std::string name = m_options.folder + "/events-XXXXXX";
        m_file = ::mkostemp(name.data(), O_CLOEXEC);
        if (m_file >= 0)
            ::unlink(name.c_str());
    }
    if (m_file < 0)
        problem = fmt::format("No file can be made in {} ({}).", m_options.folder, message(errno));
    return m_file >= 0;
}

bool LogPages::hasRoom(std::size_t size, std::string& problem) const
{
    struct statvfs disk { };
    if (::fstatvfs(m_file, &disk) != 0)
        return true; // posix_fallocate will tell
    const std::uint64_t free = std::uint64_t{disk.f_bavail} * disk.f_frsize;
    if (free >= m_options.keepFreeBytes + size)
        return true;
    problem = fmt::format("The disk of {} is full: {} MB are free, and {} MB are left to others.", m_options.folder,
        free / kMebi, m_options.keepFreeBytes / kMebi);
    return false;
}

void LogPages::giveBack(const Pages& pages)
{
    const std::scoped_lock lock(m_mutex);
    if (pages.size == kBlock)
        m_again.push_back(pages);
    else
        readAsZeros(pages);
}

void LogPages::readAsZeros(const Pages& pages)
{
    if (pages.place == Place::Memory) {
        ::madvise(pages.data, pages.size, MADV_DONTNEED);
        return;
    }
    mapZeros(pages.data, pages.size);
    ::fallocate(m_file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, pages.offset, static_cast<off_t>(pages.size));
}

} // namespace eventscope::core
