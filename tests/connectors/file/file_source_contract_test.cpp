// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "file_source.h"
#include "inspect/event_json.h"
#include "packed.h"
#include "source_contract.h"
#include "temp_dir.h"

#include <fstream>
#include <mutex>
#include <string>

namespace eventscope::test {

namespace {

/// NDJSON that grows, plain or packed: a packed file grows by whole members.
template <std::string (*pack)(std::string_view)>
class FileFixture {
public:
    core::Source& source() { return *m_source; }

    void add(const ContractEvent& event)
    {
        std::string line;
        core::appendEventJson(line,
            {.source = "shop",
                .stream = event.stream,
                .id = event.id,
                .type = event.type,
                .time = event.time,
                .correlationId = event.correlationId,
                .payload = event.data});
        std::ofstream(m_path, std::ios::binary | std::ios::app) << pack(line + "\n");
    }

    std::string footprint() const { return readFile(m_path); }

private:
    static std::string made(const std::filesystem::path& path)
    {
        writeFile(path, "");
        return path.string();
    }

    TempDir m_folder;
    const std::filesystem::path m_path = made(m_folder / "events.ndjson");
    core::SystemClock m_clock;
    std::unique_ptr<file::FileSource> m_source
        = file::FileSource::open("shop", m_path.string(), m_clock, {.poll = std::chrono::milliseconds(2)}).value();
};

std::string plain(std::string_view text)
{
    return std::string(text);
}

} // namespace

INSTANTIATE_TYPED_TEST_SUITE_P(Plain, SourceContract, FileFixture<plain>);
INSTANTIATE_TYPED_TEST_SUITE_P(Gzip, SourceContract, FileFixture<gzip>);
INSTANTIATE_TYPED_TEST_SUITE_P(Zstd, SourceContract, FileFixture<zstd>);

} // namespace eventscope::test
