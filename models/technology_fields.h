// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "inspect/source_url.h"

#include <QString>
#include <string>
#include <utility>
#include <vector>

namespace eventscope::models {

/// One thing to fill in for a technology; what is no part of the URL itself is an option of it.
struct TechnologyField {
    enum class Kind {
        Path,  ///< of a file that is there
        Hosts, ///< "host:port", several apart by commas
        Database,
        User,
        Password,
        Tls, ///< yes or no
        Choice,
        File, ///< an option that names a file
        Text,
    };
    Kind kind = Kind::Text;
    QString label;
    QString placeholder;
    std::string option;                                   ///< of Choice, File and Text
    std::vector<std::pair<std::string, QString>> choices; ///< of Choice: value and words; the first where none is set
};

/// "Postgres event store", "RabbitMQ", …
QString technologyName(core::SourceScheme scheme);
/// In the order they are filled in.
const std::vector<TechnologyField>& fieldsOf(core::SourceScheme scheme);
/// A URL of that technology with nothing filled in.
core::SourceUrl emptyUrl(core::SourceScheme scheme);

/// What the field holds in the URL; of Tls "1" or "".
QString fieldText(const core::SourceUrl& url, const TechnologyField& field);
/// InvalidArgument, with the URL left as it was, when the text cannot be meant.
core::Status setFieldText(core::SourceUrl& url, const TechnologyField& field, const QString& text);

/// The options that no field stands for.
std::vector<core::SourceUrl::Option> furtherOptions(const core::SourceUrl& url);
void setFurtherOptions(core::SourceUrl& url, const std::vector<core::SourceUrl::Option>& options);

} // namespace eventscope::models
