// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eventscope::core {

enum class SourceScheme { Demo, Sqlite, File, Postgres, Kafka, Amqp };

/// "demo", "sqlite", …; "amqps" is Amqp with tls.
std::string_view toString(SourceScheme scheme);

/// A source as people write it: demo: · sqlite:PATH · file:PATH (- for standard input) ·
/// postgres://user@host:5432/db · kafka://host:9092,host2:9092 · amqp://user@host:5672/vhost, each
/// with options in the query part. A '?' that belongs to a path is written %3F, a '%' %25.
struct SourceUrl {
    struct Host {
        std::string name;
        std::uint16_t port = 0; ///< the scheme's own where none was written
        bool operator==(const Host&) const = default;
    };
    using Option = std::pair<std::string, std::string>;

    SourceScheme scheme = SourceScheme::Demo;
    std::string path; ///< of sqlite: and file:
    std::string user;
    std::string password; ///< never shown: see display()
    std::vector<Host> hosts;
    std::string database; ///< the database or virtual host; empty: the server's default
    bool tls = false;
    std::vector<Option> options; ///< decoded, in order
    std::string name;            ///< what people call it, which no URL says; empty: made of the rest

    bool isStandardInput() const { return scheme == SourceScheme::File && path == "-"; }
    /// The last option of that name.
    std::optional<std::string_view> option(std::string_view wanted) const;

    /// The URL for people and logs: every password and other secret in it shown as "***".
    std::string display() const;
    /// The URL that parseSourceUrl() takes, secrets and all: never for a person, a log or a file.
    std::string text() const;

    /// The same source without its password and its secret options: what may be written down.
    SourceUrl withoutSecrets() const;
    /// Whose password it is: "postgres://user@host:5432/db". The same for every URL that signs in there.
    std::string account() const;
    /// Whether it is on a server, where one signs in.
    bool isServer() const { return scheme >= SourceScheme::Postgres; }

    bool operator==(const SourceUrl&) const = default;
};

/// An option whose value is a password, a token or the like.
bool isSecretOption(std::string_view name);
/// The port that a server has where none is named; 0 for what is no server.
std::uint16_t defaultPort(SourceScheme scheme, bool tls);

/// The text with what looks like the password of a URL or the value of a secret option in it shown as
/// "***", for messages that repeat what somebody typed.
std::string withoutSecrets(std::string_view text);

/// InvalidArgument with a sentence that repeats no secret otherwise.
Result<SourceUrl> parseSourceUrl(std::string_view text);

} // namespace eventscope::core
