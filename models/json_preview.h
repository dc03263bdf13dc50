// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <string_view>

namespace eventscope::models {

/// A payload on one line for a table's cell: {paymentId: "pay_91c2", items: [2], address: {…}}.
/// Numbers and texts are as written; what is nested is only hinted at. What is no JSON is shown as
/// text, and bytes that are no text as hex. Looks at the first few kilobytes only. // any thread
QString payloadPreview(std::string_view payload, bool isNull, qsizetype maxChars = 400);

} // namespace eventscope::models
