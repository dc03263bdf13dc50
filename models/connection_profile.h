// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/source_url.h"

#include <QString>
#include <QStringList>

namespace eventscope::models {

/// A source as somebody keeps it: what it is called, where it is, and how its password is come by.
/// In memory its URL may hold secrets; withoutSecrets() is what may be written down.
struct ConnectionProfile {
    enum class Password {
        Keep, ///< in the key chain
        Ask,  ///< each time
        None,
    };

    QString id;   ///< the same for good; empty: saved nowhere yet
    QString name; ///< what people call it; empty: made of the URL
    core::SourceUrl url;
    Password password = Password::Keep;
    QStringList secretOptions; ///< names of the options whose values are kept like the password
    QString colour;            ///< "#c0392b", or empty
    bool production = false;   ///< marked, so that nobody mistakes it
    bool openAtStart = false;

    bool operator==(const ConnectionProfile&) const = default;
};

/// Its name, or "orders@db.example" of its URL.
QString shownName(const ConnectionProfile& profile);

/// The sentence of what has to be filled in before it can be tried; empty when nothing has.
QString whatIsMissing(const ConnectionProfile& profile);

/// What may be written down: the names of secret options stay, their values and the password go.
ConnectionProfile withoutSecrets(const ConnectionProfile& profile);

/// Whether something secret has to be found or asked for before it can be opened.
bool lacksSecrets(const ConnectionProfile& profile);

} // namespace eventscope::models
