// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/source.h"

namespace eventscope::core {

std::string_view toString(CatalogKind kind)
{
    switch (kind) {
    case CatalogKind::Stream: return "stream";
    case CatalogKind::Topic: return "topic";
    case CatalogKind::Queue: return "queue";
    case CatalogKind::DeadLetter: return "dead-letter";
    }
    return "stream";
}

} // namespace eventscope::core
