// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/clock.h"
#include "file_source.h"
#include "inspect/event_json.h"
#include "inspect/event_json_reader.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

using namespace eventscope;

namespace {

/// Reads back what is printed of each event, which must print the same.
class PrintingSink final : public core::EventSink {
public:
    bool deliver(std::span<const core::SourceEvent> batch) override
    {
        for (const core::SourceEvent& event : batch) {
            std::string printed;
            core::appendEventJson(printed, event);
            core::SourceEvent read{.hasTime = false};
            if (m_reader.read(printed, read) != core::EventJsonReader::Outcome::Read) {
                std::abort();
            }
            std::string again;
            core::appendEventJson(again, read);
            if (again != printed) {
                std::abort();
            }
        }
        return true;
    }

private:
    core::EventJsonReader m_reader;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const int file = memfd_create("fuzz", 0);
    if (file < 0 || write(file, data, size) != static_cast<ssize_t>(size)) {
        std::abort();
    }
    core::SystemClock clock;
    const auto source = file::FileSource::open("fuzz", "/proc/self/fd/" + std::to_string(file), clock, {});
    if (source) {
        PrintingSink sink;
        const auto receipt = (*source)->read({}, sink, {});
        if (!receipt) {
            std::abort();
        }
        (void)(*source)->catalog({});
    }
    close(file);
    return 0;
}
