// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/source_check.h"

#include "cli/demo_url.h"
#include "cli/opened_source.h"
#include "sources/reach.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace eventscope::app {

using core::CatalogKind;
using core::CheckStage;
using core::SourceUrl;
using core::Status;

namespace {

constexpr std::chrono::milliseconds kPatience{5000};

/// Reports the stage before and after `work`, which answers with the sentence of what it found.
template <class Work>
Status stage(const core::CheckReport& report, std::string name, Work work)
{
    report({name, CheckStage::State::Running, {}});
    core::Result<std::string> done = work();
    if (!done) {
        report({std::move(name), CheckStage::State::Failed, done.error().message});
        return std::unexpected(std::move(done.error()));
    }
    report({std::move(name), CheckStage::State::Passed, std::move(*done)});
    return {};
}

core::Result<std::string> reachAny(
    const std::vector<Address>& addresses, const SourceUrl::Host& host, const std::stop_token& stop)
{
    std::optional<core::Error> first;
    for (const Address& address : addresses) {
        Status reached = reach(address, host.port, kPatience, stop);
        if (reached) {
            return fmt::format("{} answers on port {}", address.text, host.port);
        }
        if (!first) {
            first = std::move(reached.error());
        }
    }
    return std::unexpected(
        first ? std::move(*first) : core::Error{core::ErrorCode::Unreachable, "There is no address to connect to."});
}

Status checkHost(const SourceUrl::Host& host, const core::CheckReport& report, const std::stop_token& stop)
{
    std::vector<Address> addresses;
    Status found = stage(report, "find " + host.name, [&]() -> core::Result<std::string> {
        auto resolved = resolve(host.name, host.port);
        if (!resolved) {
            return std::unexpected(std::move(resolved.error()));
        }
        addresses = std::move(*resolved);
        return addresses.front().text;
    });
    if (!found) {
        return found;
    }
    return stage(report, fmt::format("connect to {}", host.name), [&] { return reachAny(addresses, host, stop); });
}

/// One of several servers that answers is enough: it names the others.
Status checkHosts(const SourceUrl& url, const core::CheckReport& report, const std::stop_token& stop)
{
    Status first;
    for (const SourceUrl::Host& host : url.hosts) {
        if (host.name.starts_with('/')) {
            return {}; // a socket in the file system
        }
        Status reached = checkHost(host, report, stop);
        if (reached || stop.stop_requested()) {
            return reached;
        }
        if (first) {
            first = std::move(reached);
        }
    }
    return first;
}

std::string counted(std::size_t count, std::string_view one)
{
    return count == 1 ? fmt::format("1 {}", one) : fmt::format("{} {}s", count, one);
}

std::string describe(const std::vector<core::CatalogEntry>& catalog)
{
    constexpr std::array<std::pair<CatalogKind, std::string_view>, 4> kKinds{
        {{CatalogKind::Stream, "stream"}, {CatalogKind::Topic, "topic"}, {CatalogKind::Queue, "queue"},
            {CatalogKind::DeadLetter, "place of dead letters"}}};
    std::string text;
    for (const auto& [kind, word] : kKinds) {
        const auto count = static_cast<std::size_t>(std::ranges::count(catalog, kind, &core::CatalogEntry::kind));
        if (count > 0 && kind == CatalogKind::DeadLetter) {
            text += text.empty() ? "dead letters" : ", dead letters";
        } else if (count > 0) {
            text += (text.empty() ? "" : ", ") + counted(count, word);
        }
    }
    return text.empty() ? "nothing in it yet" : text;
}

} // namespace

Status checkSource(const SourceUrl& url, const core::CheckReport& report, std::stop_token stop)
{
    if (url.scheme == core::SourceScheme::Demo) {
        return stage(report, "read the options", [&]() -> core::Result<std::string> {
            const auto read = readDemoUrl(url);
            return read ? core::Result<std::string>("the demo runs inside this program")
                        : std::unexpected(read.error());
        });
    }
    if (url.isServer()) {
        if (Status reached = checkHosts(url, report, stop); !reached) {
            return reached;
        }
    }
    OpenedSource opened;
    Status signedIn = stage(report, url.isServer() ? "sign in" : "open", [&]() -> core::Result<std::string> {
        auto source = openSource(url, DemoPace::Live, stop);
        if (!source) {
            return std::unexpected(std::move(source.error()));
        }
        opened = std::move(*source);
        return std::string("to look only: nothing is written");
    });
    if (!signedIn) {
        return signedIn;
    }
    return stage(report, "list", [&]() -> core::Result<std::string> {
        const auto catalog = opened.source->catalog(stop);
        return catalog ? core::Result<std::string>(describe(*catalog)) : std::unexpected(catalog.error());
    });
}

} // namespace eventscope::app
