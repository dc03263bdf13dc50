// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace eventscope::postgres {

/// What a connection to a server needs to know.
struct PgLogin {
    struct Host {
        std::string name; ///< a name, an address, or the folder of a socket
        std::uint16_t port = 5432;
    };
    std::vector<Host> hosts;
    std::string user;     ///< empty: libpq's default
    std::string password; ///< empty: PGPASSWORD, PGPASSFILE
    std::string database; ///< empty: the user's name
    /// libpq's own, e.g. sslmode, sslrootcert.
    std::vector<std::pair<std::string, std::string>> options;
    std::chrono::seconds connectTimeout{10};
    /// How long a statement may take before its connection is given up.
    std::chrono::milliseconds patience{60'000};

    /// "eventscope@127.0.0.1:5432/shop": for messages.
    std::string display() const;
};

enum class PgAccess { Read, Write };

/// libpq's connection string. Holds the password: never print it.
std::string conninfoOf(const PgLogin& login);
/// What a session begins with: read-only where it only looks, its timeouts, UTC and UTF-8.
std::string sessionSettings(PgAccess access);

/// "name" in double quotes, as SQL wants identifiers.
std::string quotedIdentifier(std::string_view name);
/// 'text' in single quotes, as SQL wants literals under standard_conforming_strings.
std::string quotedLiteral(std::string_view text);

} // namespace eventscope::postgres
