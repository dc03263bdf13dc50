// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace eventscope::postgres {

enum class MetadataRole : std::uint8_t { Header, Correlation, Causation };

/// Which members of a store's metadata name the flow and the cause, whatever their spelling: case and the
/// characters -_.$ do not count. // one thread at a time
class MetadataKeys {
public:
    /// Names with commas between them; empty: those of every framework that is known.
    MetadataKeys(std::string_view correlation, std::string_view causation);

    MetadataRole roleOf(std::string_view name);

private:
    std::string m_correlation, m_causation; // ",a,b,"
    std::map<std::string, MetadataRole, std::less<>> m_known;
};

} // namespace eventscope::postgres
