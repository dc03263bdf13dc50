// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/json_patch.h"

#include <QString>
#include <optional>
#include <string>
#include <string_view>

namespace eventscope::models {

/// What somebody is about to make of a payload.
struct PayloadEdit {
    QString problem;         ///< why it cannot be sent as it stands; empty when it can
    std::string payload;     ///< what would be sent
    core::JsonPatch changes; ///< from the original; of JSON only
    bool isJson = false;
    bool isChanged = false;
};

/// The text that a payload is edited as: JSON with a line for each value, numbers exactly as written;
/// nothing where it is no text, or too long for a window.
std::optional<QString> editableText(std::string_view payload);

/// What `text` means in place of `original`. JSON stays JSON: its tokens go out as they were typed, on one
/// line where the original is on one line. A text that means the same is no change at all. // any thread
PayloadEdit editPayload(std::string_view original, const QString& text);

/// The same change made to another payload; an error says why it does not fit.
core::Result<std::string> applyToPayload(std::string_view payload, const core::JsonPatch& changes);

} // namespace eventscope::models
