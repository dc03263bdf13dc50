// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/event_batch.h"
#include "inspect/source.h"
#include "sourcing/sqlite_connection.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace eventscope::core {

/// What a log held once, out of a file: every event as it was, under the name of the source it came from,
/// with the marks that people gave it. Never grows.
class CaptureSource final : public Source {
public:
    /// Fails as openCaptureFile() does.
    static Result<std::unique_ptr<CaptureSource>> open(std::string name, const std::string& path);

    const std::string& name() const override { return m_name; }
    Capabilities capabilities() const override;
    Result<std::vector<CatalogEntry>> catalog(std::stop_token stop) override;
    Result<ScanReceipt> read(const ReadRange& range, EventSink& sink, std::stop_token stop) override;
    /// Delivers what is there, and then there is nothing to wait for: it returns when it is stopped.
    Status follow(const FollowStart& start, EventSink& sink, std::stop_token stop) override;
    Result<Probe> probe(std::stop_token stop) override;

private:
    class Rows;

    CaptureSource(std::string name, std::unique_ptr<SqliteConnection> connection)
        : m_name(std::move(name)), m_connection(std::move(connection))
    {
    }
    Status checkStream(const std::string& stream);
    /// The row that the last `count` of the range begin with.
    Result<std::int64_t> firstOfLast(const ReadRange& range, std::uint64_t count, const std::stop_token& stop);

    const std::string m_name;
    std::unique_ptr<SqliteConnection> m_connection;
};

} // namespace eventscope::core
