// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// One life of the demo system, for the crash test: demo_life STORE ORIGIN FACTOR RATE. It works on the
// store until it is killed, and says on standard output what it has got through:
//   ready                    the store is open, and what was unfinished is taken up
//   stored POSITION ID       an append was acknowledged (its last event)
//   published ID             the bus has handed an event to its handlers

#include "demo/demo_system.h"
#include "scaled_clock.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <thread>
#include <unistd.h>

using namespace eventscope;

namespace {

// One write a line: a pipe takes that whole or not at all.
void tell(const std::string& line)
{
    if (::write(STDOUT_FILENO, line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
        std::_Exit(1);
    }
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 5) {
        return 2;
    }
    test::ScaledClock clock(core::Timestamp{std::chrono::microseconds(std::atoll(argv[2]))}, std::atoi(argv[3]));
    app::DemoOptions options;
    options.file = argv[1];
    options.rate = std::atof(argv[4]);
    options.failureShare = 0.4;
    options.onStored = [](const core::StreamAppend& append, const core::AppendResult& result) {
        tell(fmt::format("stored {} {}\n", result.lastPosition.value, append.events.back().id));
    };
    options.onPublished = [](const core::RecordedEvent& event) { tell(fmt::format("published {}\n", event.id)); };
    options.onProblem = [](std::string_view sentence) { tell(fmt::format("problem {}\n", sentence)); };
    const auto system = app::DemoSystem::open(clock, std::move(options));
    if (!system) {
        tell(fmt::format("failed {}\n", system.error().message));
        return 1;
    }
    tell("ready\n");
    (*system)->start();
    while (true) {
        std::this_thread::sleep_for(std::chrono::hours(1));
    }
}
