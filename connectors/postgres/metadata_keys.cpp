// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "metadata_keys.h"

namespace eventscope::postgres {

namespace {

// CloudEvents, KurrentDB, Rails, Marten, Commanded; Eventuous; MassTransit; NServiceBus; Rebus; Celery.
constexpr std::string_view kCorrelation = "correlationid,eventuouscorrelationid,conversationid,"
                                          "nservicebusconversationid,nservicebuscorrelationid,rbs2corrid,rootid";
constexpr std::string_view kCausation
    = "causationid,eventuouscausationid,initiatorid,nservicebusrelatedto,rbs2inreplyto,parentid";

constexpr std::size_t kMostKnown = 4096;

std::string normalised(std::string_view name)
{
    std::string out;
    for (const char c : name) {
        if (std::string_view("-_.$").find(c) == std::string_view::npos)
            out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return out;
}

std::string fenced(std::string_view names)
{
    return ',' + std::string(names) + ',';
}

} // namespace

MetadataKeys::MetadataKeys(std::string_view correlation, std::string_view causation)
    : m_correlation(fenced(correlation.empty() ? kCorrelation : correlation))
    , m_causation(fenced(causation.empty() ? kCausation : causation))
{
}

MetadataRole MetadataKeys::roleOf(std::string_view name)
{
    if (const auto known = m_known.find(name); known != m_known.end())
        return known->second;
    const std::string wanted = fenced(normalised(name));
    const MetadataRole role = m_correlation.find(wanted) != std::string::npos ? MetadataRole::Correlation
        : m_causation.find(wanted) != std::string::npos                       ? MetadataRole::Causation
                                                                              : MetadataRole::Header;
    if (m_known.size() < kMostKnown)
        m_known.emplace(name, role);
    return role;
}

} // namespace eventscope::postgres
