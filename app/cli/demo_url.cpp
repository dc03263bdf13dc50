// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/demo_url.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace eventscope::app {

using core::ErrorCode;

namespace {

template <class Number>
core::Status readNumber(std::string_view name, std::string_view text, Number least, Number most, Number& number)
{
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    // Not a number is neither below nor above.
    if (error != std::errc{} || rest != text.data() + text.size() || !(number >= least && number <= most)) {
        return fail(ErrorCode::InvalidArgument,
            fmt::format("demo: wants a number from {} to {} for {}, not '{}'.", least, most, name, text));
    }
    return {};
}

} // namespace

core::Result<DemoUrl> readDemoUrl(const SourceUrl& url)
{
    DemoUrl demo;
    double seconds = std::chrono::duration<double>(demo.length).count();
    for (const auto& [name, value] : url.options) {
        core::Status status;
        if (name == "seed") {
            status = readNumber<std::uint64_t>(name, value, 0, UINT64_MAX, demo.options.seed);
        } else if (name == "rate") {
            status = readNumber(name, value, kLeastRate, kMostRate, demo.options.rate);
        } else if (name == "failures") {
            status = readNumber(name, value, 0.0, 1.0, demo.options.failureShare);
        } else if (name == "seconds") {
            status = readNumber(name, value, 0.0, kLongestStory.count(), seconds);
        } else if (name == "kafka") {
            demo.onKafka = value == "true";
            status = demo.onKafka || value == "false"
                ? core::Status()
                : fail(
                    ErrorCode::InvalidArgument, fmt::format("demo: wants true or false for kafka, not '{}'.", value));
        } else {
            status = fail(ErrorCode::InvalidArgument,
                fmt::format("demo: has no option '{}'; there are seed, rate, failures, seconds and kafka.", name));
        }
        if (!status) {
            return std::unexpected(status.error());
        }
    }
    demo.length = std::chrono::milliseconds(std::llround(seconds * 1000));
    return demo;
}

} // namespace eventscope::app
