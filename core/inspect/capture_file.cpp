// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/capture_file.h"

#include "sourcing/sqlite_database.h"
#include "sourcing/sqlite_error.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <fcntl.h>
#include <optional>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace eventscope::core {

namespace {

// The database header, https://www.sqlite.org/fileformat2.html#the_database_header.
constexpr std::size_t kHeaderSize = 100;
constexpr std::string_view kMagic{"SQLite format 3\0", 16};
constexpr std::size_t kPageSizeAt = 16, kPageCountAt = 28, kUserVersionAt = 60, kApplicationIdAt = 68;

struct Beginning {
    std::array<unsigned char, kHeaderSize> bytes{};
    std::size_t read = 0;
    std::int64_t fileSize = 0;

    bool isSqlite() const
    {
        return read >= kMagic.size()
            && std::string_view(reinterpret_cast<const char*>(bytes.data()), kMagic.size()) == kMagic;
    }
    std::uint32_t number(std::size_t at) const
    {
        return (std::uint32_t{bytes[at]} << 24) | (std::uint32_t{bytes[at + 1]} << 16)
            | (std::uint32_t{bytes[at + 2]} << 8) | bytes[at + 3];
    }
    std::int64_t saidSize() const
    {
        const std::int64_t page = (std::int64_t{bytes[kPageSizeAt]} << 8) | bytes[kPageSizeAt + 1];
        return (page == 1 ? 65'536 : page) * std::int64_t{number(kPageCountAt)};
    }
};

/// Errors are errno's.
std::expected<Beginning, int> readBeginning(const std::string& path)
{
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) {
        return std::unexpected(errno);
    }
    Beginning beginning;
    struct stat status { };
    int failure = 0;
    if (::fstat(descriptor, &status) != 0) {
        failure = errno;
    } else if (S_ISDIR(status.st_mode)) {
        failure = EISDIR;
    } else if (S_ISREG(status.st_mode)) { // what comes through a pipe is gone once it is read
        const ssize_t count = ::read(descriptor, beginning.bytes.data(), beginning.bytes.size());
        failure = count < 0 ? errno : 0;
        beginning.read = count < 0 ? 0 : static_cast<std::size_t>(count);
        beginning.fileSize = status.st_size;
    }
    ::close(descriptor);
    return failure == 0 ? std::expected<Beginning, int>(beginning) : std::unexpected(failure);
}

std::unexpected<Error> cutShort(const std::string& path, std::int64_t there, std::int64_t due)
{
    return fail(ErrorCode::Corrupt,
        fmt::format(
            "'{}' is cut short: {} of its {} bytes are there; copy it again from where it came.", path, there, due));
}

std::unexpected<Error> damaged(const std::string& path, std::string_view detail)
{
    return fail(
        ErrorCode::Corrupt, fmt::format("'{}' is damaged ({}); copy it again from where it came.", path, detail));
}

Status checkHeader(const std::string& path, const Beginning& beginning)
{
    if (!beginning.isSqlite()) {
        return fail(ErrorCode::Unparsable,
            fmt::format("'{}' is no capture: it does not begin like one; open what Eventscope saved as one.", path));
    }
    if (beginning.read < kHeaderSize) {
        return cutShort(path, beginning.fileSize, std::int64_t{kHeaderSize});
    }
    const auto application = static_cast<std::int32_t>(beginning.number(kApplicationIdAt));
    if (application == SqliteDatabase::kApplicationId) {
        return fail(ErrorCode::Unparsable,
            fmt::format("'{}' is no capture but an event store; open it as sqlite:{}.", path, path));
    }
    if (application != kCaptureApplicationId) {
        return fail(
            ErrorCode::Unparsable, fmt::format("'{}' is no capture but another program's SQLite database.", path));
    }
    const auto version = static_cast<std::int32_t>(beginning.number(kUserVersionAt));
    if (version > kCaptureFormatVersion) {
        return fail(ErrorCode::UnsupportedVersion,
            fmt::format("'{}' was saved by a newer Eventscope (format {}; this one knows {}); open it with that one.",
                path, version, kCaptureFormatVersion));
    }
    if (beginning.fileSize < beginning.saidSize()) {
        return cutShort(path, beginning.fileSize, beginning.saidSize());
    }
    return {};
}

/// The path as a URI that tells SQLite to leave everything beside the file alone.
std::string uriOf(const std::string& path)
{
    std::string uri = "file:";
    for (const char c : path) {
        if (c == '%' || c == '?' || c == '#') {
            uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        } else {
            uri += c;
        }
    }
    return uri + "?mode=ro&immutable=1";
}

Result<CaptureSettings> readPairs(SqliteConnection& connection, std::string_view sql)
{
    const auto statement = connection.prepared(sql);
    if (!statement) {
        return std::unexpected(statement.error());
    }
    CaptureSettings pairs;
    for (;;) {
        const Result<bool> row = (*statement)->step();
        if (!row) {
            return std::unexpected(row.error());
        }
        if (!*row) {
            break;
        }
        pairs.insert_or_assign(std::string((*statement)->text(0)), std::string((*statement)->text(1)));
    }
    (*statement)->reset();
    return pairs;
}

} // namespace

FileKind kindOfFile(const std::string& path)
{
    const auto beginning = readBeginning(path);
    if (!beginning) {
        return FileKind::Missing;
    }
    if (!beginning->isSqlite() || beginning->read < kHeaderSize) {
        return FileKind::Other;
    }
    switch (static_cast<std::int32_t>(beginning->number(kApplicationIdAt))) {
    case kCaptureApplicationId: return FileKind::Capture;
    case SqliteDatabase::kApplicationId: return FileKind::Store;
    default: return FileKind::Other;
    }
}

Result<std::unique_ptr<SqliteConnection>> openCaptureFile(const std::string& path)
{
    const auto beginning = readBeginning(path);
    if (!beginning) {
        return std::unexpected(beginning.error() == EISDIR
                ? Error{ErrorCode::Unparsable, fmt::format("'{}' is a folder, not a capture; name a file.", path)}
                : fileError(beginning.error(), path));
    }
    if (const Status checked = checkHeader(path, *beginning); !checked) {
        return std::unexpected(checked.error());
    }
    auto connection = SqliteConnection::open(uriOf(path), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX);
    if (!connection) {
        return std::unexpected(connection.error());
    }
    for (const std::string_view table : {"events", "headers", "marks", "settings", "streams", "about"}) {
        const auto isThere = (*connection)->hasTable(table);
        if (!isThere) {
            return damaged(path, isThere.error().message);
        }
        if (!*isThere) {
            return damaged(path, fmt::format("it has no table {}", table));
        }
    }
    return connection;
}

Result<CaptureSummary> readCaptureSummary(const std::string& path)
{
    const auto connection = openCaptureFile(path);
    if (!connection) {
        return std::unexpected(connection.error());
    }
    const auto events = (*connection)->integer("SELECT value FROM about WHERE name = 'events'");
    const auto marks = (*connection)->integer("SELECT count(*) FROM marks");
    auto settings = readPairs(**connection, "SELECT name, value FROM settings");
    if (!events || !marks) {
        return std::unexpected(events ? marks.error() : events.error());
    }
    if (!settings) {
        return std::unexpected(settings.error());
    }
    return CaptureSummary{.events = static_cast<std::uint64_t>(*events),
        .marks = static_cast<std::uint64_t>(*marks),
        .settings = std::move(*settings)};
}

} // namespace eventscope::core
