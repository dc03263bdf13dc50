// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "faulty_disk.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <ranges>
#include <string_view>
#include <utility>

#include <sqlite3.h>

namespace eventscope::test {

namespace {

namespace fs = std::filesystem;

struct Handle {
    sqlite3_file base;
    std::string* path; // nullptr: a temporary file
};

std::mutex disksMutex;
std::vector<FaultyDisk*> disks;

sqlite3_file* fileOf(sqlite3_file* handle)
{
    return reinterpret_cast<sqlite3_file*>(reinterpret_cast<unsigned char*>(handle) + sizeof(Handle));
}

FaultyDisk* diskOf(sqlite3_file* handle)
{
    const std::string* const path = reinterpret_cast<Handle*>(handle)->path;
    if (path == nullptr)
        return nullptr;
    const std::scoped_lock lock(disksMutex);
    const auto found = std::ranges::find_if(disks, [&](const FaultyDisk* disk) { return disk->has(*path); });
    return found == disks.end() ? nullptr : *found;
}

const std::string& pathOf(sqlite3_file* handle)
{
    return *reinterpret_cast<Handle*>(handle)->path;
}

template <auto Method, class... Arguments>
auto forward(sqlite3_file* handle, Arguments... arguments)
{
    sqlite3_file* const file = fileOf(handle);
    return (file->pMethods->*Method)(file, arguments...);
}

int closeFile(sqlite3_file* handle)
{
    const int code = forward<&sqlite3_io_methods::xClose>(handle);
    delete std::exchange(reinterpret_cast<Handle*>(handle)->path, nullptr);
    return code;
}

int writeFile(sqlite3_file* handle, const void* bytes, int size, sqlite3_int64 offset)
{
    FaultyDisk* const disk = diskOf(handle);
    if (disk == nullptr)
        return forward<&sqlite3_io_methods::xWrite>(handle, bytes, size, offset);
    bool half = false;
    const int refused = disk->beforeWrite(pathOf(handle), bytes, size, offset, half);
    const int code = forward<&sqlite3_io_methods::xWrite>(handle, bytes, half ? size / 2 : size, offset);
    return refused != SQLITE_OK ? refused : code;
}

int syncFile(sqlite3_file* handle, int flags)
{
    FaultyDisk* const disk = diskOf(handle);
    return disk == nullptr ? forward<&sqlite3_io_methods::xSync>(handle, flags) : disk->beforeSync(pathOf(handle));
}

int truncateFile(sqlite3_file* handle, sqlite3_int64 size)
{
    FaultyDisk* const disk = diskOf(handle);
    if (disk != nullptr) {
        if (const int refused = disk->beforeTruncate(pathOf(handle), size); refused != SQLITE_OK)
            return refused;
    }
    return forward<&sqlite3_io_methods::xTruncate>(handle, size);
}

const sqlite3_io_methods kMethods = {
    .iVersion = 3,
    .xClose = closeFile,
    .xRead = forward<&sqlite3_io_methods::xRead, void*, int, sqlite3_int64>,
    .xWrite = writeFile,
    .xTruncate = truncateFile,
    .xSync = syncFile,
    .xFileSize = forward<&sqlite3_io_methods::xFileSize, sqlite3_int64*>,
    .xLock = forward<&sqlite3_io_methods::xLock, int>,
    .xUnlock = forward<&sqlite3_io_methods::xUnlock, int>,
    .xCheckReservedLock = forward<&sqlite3_io_methods::xCheckReservedLock, int*>,
    .xFileControl = forward<&sqlite3_io_methods::xFileControl, int, void*>,
    .xSectorSize = forward<&sqlite3_io_methods::xSectorSize>,
    .xDeviceCharacteristics = forward<&sqlite3_io_methods::xDeviceCharacteristics>,
    .xShmMap = forward<&sqlite3_io_methods::xShmMap, int, int, int, void volatile**>,
    .xShmLock = forward<&sqlite3_io_methods::xShmLock, int, int, int>,
    .xShmBarrier = forward<&sqlite3_io_methods::xShmBarrier>,
    .xShmUnmap = forward<&sqlite3_io_methods::xShmUnmap, int>,
    .xFetch = forward<&sqlite3_io_methods::xFetch, sqlite3_int64, int, void**>,
    .xUnfetch = forward<&sqlite3_io_methods::xUnfetch, sqlite3_int64, void*>,
};

sqlite3_vfs* systemVfs = nullptr;

int openFile(sqlite3_vfs*, const char* name, sqlite3_file* handle, int flags, int* openedFlags)
{
    handle->pMethods = nullptr;
    const int code = systemVfs->xOpen(systemVfs, name, fileOf(handle), flags, openedFlags);
    if (fileOf(handle)->pMethods == nullptr)
        return code;
    reinterpret_cast<Handle*>(handle)->path = name == nullptr ? nullptr : new std::string(name);
    handle->pMethods = &kMethods;
    return code;
}

// Before the first use of SQLite, and for good: whoever asks for the system's VFS gets this one.
[[maybe_unused]] const bool registered = [] {
    systemVfs = sqlite3_vfs_find(nullptr);
    static sqlite3_vfs vfs = *systemVfs;
    vfs.pNext = nullptr;
    vfs.zName = "faulty";
    vfs.szOsFile = static_cast<int>(sizeof(Handle)) + systemVfs->szOsFile;
    vfs.xOpen = openFile;
    return sqlite3_vfs_register(&vfs, 1) == SQLITE_OK;
}();

std::string contentOf(const fs::path& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void put(std::string& content, std::size_t at, std::string_view bytes)
{
    if (content.size() < at + bytes.size())
        content.resize(at + bytes.size());
    content.replace(at, bytes.size(), bytes);
}

} // namespace

FaultyDisk::FaultyDisk(fs::path folder) : m_folder(fs::canonical(folder))
{
    const std::scoped_lock lock(disksMutex);
    disks.push_back(this);
}

FaultyDisk::~FaultyDisk()
{
    const std::scoped_lock lock(disksMutex);
    std::erase(disks, this);
}

void FaultyDisk::onOperation(std::function<Fault(const Operation&)> ask)
{
    const std::scoped_lock lock(m_mutex);
    m_ask = std::move(ask);
}

void FaultyDisk::failAt(int number, bool forGood)
{
    onOperation([=](const Operation& operation) {
        return operation.number == number || (forGood && operation.number > number) ? Fault::Io : Fault::None;
    });
}

int FaultyDisk::operations() const
{
    const std::scoped_lock lock(m_mutex);
    return m_operations;
}

bool FaultyDisk::has(const std::string& path) const
{
    return fs::path(path).parent_path() == m_folder;
}

FaultyDisk::Fault FaultyDisk::next(What what, const std::string& path)
{
    const Operation operation{.number = ++m_operations, .what = what, .file = fs::path(path).filename().string()};
    return m_ask ? m_ask(operation) : Fault::None;
}

int FaultyDisk::beforeWrite(const std::string& path, const void* bytes, int size, std::int64_t offset, bool& half)
{
    const std::scoped_lock lock(m_mutex);
    const Fault fault = next(What::Write, path);
    half = fault != Fault::None;
    Change change{.offset = offset,
        .before = {},
        .after = std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(half ? size / 2 : size))};
    std::ifstream file(path, std::ios::binary);
    file.seekg(offset);
    change.before.resize(change.after.size());
    file.read(change.before.data(), static_cast<std::streamsize>(change.before.size()));
    change.before.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
    m_unsynced[path].push_back(std::move(change));
    if (fault == Fault::None)
        return SQLITE_OK;
    return fault == Fault::Full ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}

int FaultyDisk::beforeSync(const std::string& path)
{
    const std::scoped_lock lock(m_mutex);
    if (next(What::Sync, path) != Fault::None)
        return SQLITE_IOERR_FSYNC;
    m_unsynced.erase(path);
    return SQLITE_OK;
}

int FaultyDisk::beforeTruncate(const std::string& path, std::int64_t size)
{
    const std::scoped_lock lock(m_mutex);
    if (next(What::Truncate, path) != Fault::None)
        return SQLITE_IOERR_TRUNCATE;
    // A shorter file is a matter of its directory entry, and lost or not as a whole; here it never is.
    std::erase_if(m_unsynced[path], [&](const Change& change) { return change.offset >= size; });
    return SQLITE_OK;
}

void FaultyDisk::cutPower(const fs::path& into, std::uint64_t seed) const
{
    const std::scoped_lock lock(m_mutex);
    for (const auto& entry : fs::directory_iterator(m_folder)) {
        if (!entry.path().filename().string().ends_with("-shm"))
            cutPowerOf(entry.path(), into / entry.path().filename(), seed);
    }
}

void FaultyDisk::cutPowerOf(const fs::path& file, const fs::path& into, std::uint64_t seed) const
{
    std::string content = contentOf(file);
    if (const auto found = m_unsynced.find(file.string()); found != m_unsynced.end()) {
        const std::vector<Change>& changes = found->second;
        for (const Change& change : std::views::reverse(changes)) {
            const auto at = static_cast<std::size_t>(change.offset);
            put(content, at, change.before);
            // Shorter: the file ended there, or before.
            if (change.before.size() < change.after.size())
                content.resize(std::min(content.size(), at + change.before.size()));
        }
        std::mt19937_64 random(seed);
        for (const Change& change : changes) {
            // All of it, none of it, or the sectors at its beginning.
            const std::size_t sectors = change.after.size() / 512;
            const std::uint64_t fate = random() % 3;
            const std::size_t kept = fate == 0 ? 0
                : fate == 1                    ? change.after.size()
                                               : 512 * (sectors == 0 ? 0 : random() % sectors);
            put(content, static_cast<std::size_t>(change.offset), std::string_view(change.after).substr(0, kept));
        }
    }
    std::ofstream(into, std::ios::binary) << content;
}

} // namespace eventscope::test
