// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/source_url.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace eventscope::core {

namespace {

constexpr std::string_view kKnownSchemes = "demo:, sqlite:PATH, file:PATH, postgres://, kafka:// or amqp://";

std::string lower(std::string_view text)
{
    std::string result(text);
    std::ranges::transform(
        result, result.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return result;
}

int hexDigit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return -1;
}

// A '%' without two hexadecimal digits after it stays what it is: paths may hold one.
std::string percentDecoded(std::string_view text)
{
    std::string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && hexDigit(text[i + 1]) >= 0 && hexDigit(text[i + 2]) >= 0) {
            result += static_cast<char>(hexDigit(text[i + 1]) * 16 + hexDigit(text[i + 2]));
            i += 2;
        } else {
            result += text[i];
        }
    }
    return result;
}

std::string percentEncoded(std::string_view text, std::string_view reserved)
{
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string result;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= 0x20 || byte == 0x7f || reserved.find(c) != std::string_view::npos) {
            result += '%';
            result += kHex[byte >> 4];
            result += kHex[byte & 15];
        } else {
            result += c;
        }
    }
    return result;
}

std::vector<SourceUrl::Option> parseOptions(std::string_view query)
{
    std::vector<SourceUrl::Option> options;
    while (!query.empty()) {
        const std::string_view part = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), part.size() + 1));
        if (part.empty()) {
            continue;
        }
        const std::size_t equals = part.find('=');
        options.emplace_back(percentDecoded(part.substr(0, equals)),
            equals == std::string_view::npos ? std::string{} : percentDecoded(part.substr(equals + 1)));
    }
    return options;
}

struct SchemeName {
    std::string_view name;
    SourceScheme scheme;
    bool tls = false;
};
constexpr std::array<SchemeName, 8> kSchemes{{
    {"demo", SourceScheme::Demo},
    {"sqlite", SourceScheme::Sqlite},
    {"file", SourceScheme::File},
    {"postgres", SourceScheme::Postgres},
    {"postgresql", SourceScheme::Postgres},
    {"kafka", SourceScheme::Kafka},
    {"amqp", SourceScheme::Amqp},
    {"amqps", SourceScheme::Amqp, true},
}};

Result<SourceUrl::Host> parseHost(std::string_view text, std::uint16_t defaultPort)
{
    SourceUrl::Host host{.name = {}, .port = defaultPort};
    std::string_view portText;
    if (text.starts_with('[')) {
        const std::size_t end = text.find(']');
        if (end == std::string_view::npos) {
            return fail(ErrorCode::InvalidArgument, "an IPv6 address in a source URL ends with ']'.");
        }
        host.name = text.substr(1, end - 1);
        text.remove_prefix(end + 1);
        if (!text.empty() && !text.starts_with(':')) {
            return fail(ErrorCode::InvalidArgument, "after an IPv6 address in a source URL comes ':' and a port.");
        }
        portText = text.empty() ? text : text.substr(1);
    } else {
        const std::size_t colon = text.find(':');
        host.name = percentDecoded(text.substr(0, colon));
        if (colon != std::string_view::npos) {
            portText = text.substr(colon + 1);
        }
    }
    if (host.name.empty()) {
        return fail(ErrorCode::InvalidArgument, "the source URL names no host; write it as scheme://host:port.");
    }
    if (!portText.empty()) {
        const char* end = portText.data() + portText.size();
        const auto [rest, error] = std::from_chars(portText.data(), end, host.port);
        if (error != std::errc{} || rest != end || host.port == 0) {
            return fail(ErrorCode::InvalidArgument,
                fmt::format("the port of host '{}' in the source URL is no number from 1 to 65535.", host.name));
        }
    }
    return host;
}

Status parsePath(SourceUrl& url, std::string_view rest)
{
    if (rest.starts_with("//")) {
        const std::string_view authority = rest.substr(2, rest.find('/', 2) - 2);
        if (url.scheme == SourceScheme::File && !authority.empty() && authority != "localhost") {
            return fail(ErrorCode::InvalidArgument,
                "a file: source is on this machine; write file:PATH, or file:///PATH from the root.");
        }
        // sqlite://story.db can only mean the relative path.
        rest.remove_prefix(url.scheme == SourceScheme::File ? 2 + authority.size() : 2);
    }
    url.path = percentDecoded(rest);
    if (url.path.empty()) {
        return fail(ErrorCode::InvalidArgument,
            fmt::format("the source URL names no file; write {}:PATH.", toString(url.scheme)));
    }
    if (url.path.find('\0') != std::string::npos) {
        return fail(ErrorCode::InvalidArgument, "a path in a source URL holds no NUL character.");
    }
    return {};
}

Status parseServer(SourceUrl& url, std::string_view rest)
{
    if (!rest.starts_with("//")) {
        return fail(ErrorCode::InvalidArgument,
            fmt::format("after '{0}:' comes '//'; write {0}://host:port.", toString(url.scheme)));
    }
    rest.remove_prefix(2);
    std::string_view authority = rest.substr(0, rest.find('/'));
    if (rest.size() > authority.size()) {
        url.database = percentDecoded(rest.substr(authority.size() + 1));
    }
    // A password may hold an '@' that nobody encoded; a host never does.
    if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
        const std::string_view login = authority.substr(0, at);
        const std::size_t colon = login.find(':');
        url.user = percentDecoded(login.substr(0, colon));
        if (colon != std::string_view::npos) {
            url.password = percentDecoded(login.substr(colon + 1));
        }
        authority.remove_prefix(at + 1);
    }
    do {
        const std::string_view text = authority.substr(0, authority.find(','));
        authority.remove_prefix(std::min(authority.size(), text.size() + 1));
        auto host = parseHost(text, defaultPort(url.scheme, url.tls));
        if (!host) {
            return std::unexpected(host.error());
        }
        url.hosts.push_back(std::move(*host));
    } while (!authority.empty());
    return {};
}

std::string wordWithoutSecrets(std::string_view word)
{
    std::string result;
    const std::size_t slashes = word.find("://");
    const std::size_t at = word.rfind('@');
    if (slashes != std::string_view::npos && at != std::string_view::npos && at > slashes) {
        const std::size_t colon = word.find(':', slashes + 1);
        result += word.substr(0, std::min(colon, at));
        result += colon < at ? ":***" : "";
        word.remove_prefix(at);
    }
    const std::string_view beforeQuery = word.substr(0, word.find('?'));
    result += beforeQuery;
    word.remove_prefix(beforeQuery.size());
    while (!word.empty()) { // "?name=value", "&name=value", …
        const std::string_view option = word.substr(0, word.find('&', 1));
        const std::string_view name = option.substr(0, option.find('='));
        result
            += name.size() < option.size() && isSecretOption(name) ? std::string(name) + "=***" : std::string(option);
        word.remove_prefix(option.size());
    }
    return result;
}

} // namespace

bool isSecretOption(std::string_view name)
{
    const std::string lowered = lower(name);
    constexpr std::array<std::string_view, 5> kSecrets{"password", "passwd", "secret", "token", "credential"};
    return std::ranges::any_of(kSecrets, [&](std::string_view s) { return lowered.find(s) != std::string::npos; });
}

std::uint16_t defaultPort(SourceScheme scheme, bool tls)
{
    switch (scheme) {
    case SourceScheme::Postgres: return 5432;
    case SourceScheme::Kafka: return 9092;
    case SourceScheme::Amqp: return tls ? 5671 : 5672;
    default: return 0;
    }
}

std::string_view toString(SourceScheme scheme)
{
    const auto found = std::ranges::find(kSchemes, scheme, &SchemeName::scheme);
    return found->name;
}

namespace {

enum class Secrets { Hidden, Written };

std::string textOf(const SourceUrl& url, Secrets secrets)
{
    std::string text(toString(url.scheme));
    text += url.tls ? "s:" : ":";
    if (url.scheme == SourceScheme::Sqlite || url.scheme == SourceScheme::File) {
        text += percentEncoded(url.path, "?%");
    } else if (url.scheme != SourceScheme::Demo) {
        text += "//";
        if (!url.user.empty() || !url.password.empty()) {
            text += percentEncoded(url.user, ":@/?%");
            text += url.password.empty()     ? "@"
                : secrets == Secrets::Hidden ? ":***@"
                                             : ':' + percentEncoded(url.password, ":@/?%") + '@';
        }
        for (const SourceUrl::Host& host : url.hosts) {
            const bool isIpv6 = host.name.find(':') != std::string::npos;
            text += &host == &url.hosts.front() ? "" : ",";
            text += isIpv6 ? '[' + host.name + ']' : percentEncoded(host.name, ",@/?%");
            text += fmt::format(":{}", host.port);
        }
        if (!url.database.empty()) {
            text += '/' + percentEncoded(url.database, "?%");
        }
    }
    for (const auto& [name, value] : url.options) {
        text += &name == &url.options.front().first ? '?' : '&';
        text += percentEncoded(name, "&=%") + '='
            + (secrets == Secrets::Hidden && isSecretOption(name) ? "***" : percentEncoded(value, "&%"));
    }
    return text;
}

} // namespace

std::optional<std::string_view> SourceUrl::option(std::string_view wanted) const
{
    const auto found
        = std::find_if(options.rbegin(), options.rend(), [&](const Option& o) { return o.first == wanted; });
    if (found == options.rend()) {
        return std::nullopt;
    }
    return found->second;
}

std::string SourceUrl::display() const
{
    return textOf(*this, Secrets::Hidden);
}

std::string SourceUrl::text() const
{
    return textOf(*this, Secrets::Written);
}

SourceUrl SourceUrl::withoutSecrets() const
{
    SourceUrl result = *this;
    result.password.clear();
    std::erase_if(result.options, [](const Option& option) { return isSecretOption(option.first); });
    return result;
}

std::string SourceUrl::account() const
{
    SourceUrl result = *this;
    result.password.clear();
    result.options.clear();
    return result.display();
}

std::string withoutSecrets(std::string_view text)
{
    constexpr std::string_view kEnds = " \t\n'\"";
    std::string result;
    while (!text.empty()) {
        const std::string_view word = text.substr(0, text.find_first_of(kEnds));
        result += wordWithoutSecrets(word);
        text.remove_prefix(word.size());
        const std::size_t blanks = std::min(text.find_first_not_of(kEnds), text.size());
        result += text.substr(0, blanks);
        text.remove_prefix(blanks);
    }
    return result;
}

Result<SourceUrl> parseSourceUrl(std::string_view text)
{
    const std::size_t colon = text.find(':');
    const std::string name = lower(text.substr(0, colon));
    const auto scheme = std::ranges::find(kSchemes, name, &SchemeName::name);
    if (colon == std::string_view::npos || scheme == kSchemes.end()) {
        // What follows the scheme may hold a password: only the scheme is repeated.
        return fail(ErrorCode::InvalidArgument,
            fmt::format("'{}' is no source; a source begins with {}.",
                text.substr(0, colon == std::string_view::npos ? colon : colon + 1), kKnownSchemes));
    }
    SourceUrl url{.scheme = scheme->scheme,
        .path = {},
        .user = {},
        .password = {},
        .hosts = {},
        .database = {},
        .tls = scheme->tls,
        .options = {},
        .name = {}};
    std::string_view rest = text.substr(colon + 1);
    if (const std::size_t query = rest.find('?'); query != std::string_view::npos) {
        url.options = parseOptions(rest.substr(query + 1));
        rest = rest.substr(0, query);
    }
    Status status;
    switch (url.scheme) {
    case SourceScheme::Demo:
        if (!rest.empty() && rest != "//") {
            status = fail(ErrorCode::InvalidArgument, "the demo is written demo: with nothing after it but options.");
        }
        break;
    case SourceScheme::Sqlite:
    case SourceScheme::File: status = parsePath(url, rest); break;
    default: status = parseServer(url, rest); break;
    }
    if (!status) {
        return std::unexpected(status.error());
    }
    return url;
}

} // namespace eventscope::core
