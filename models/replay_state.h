// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/replay.h"
#include "json_tree_model.h"

#include <QHash>
#include <QString>
#include <memory>

namespace eventscope::models {

/// A step as two trees with what changed marked. What was removed is shown in the state after as
/// well, where it was, because a gap is easily missed.
struct ReplayTrees {
    using Marks = QHash<QString, JsonTreeModel::Mark>;
    std::shared_ptr<const core::Json> before, after;
    Marks beforeMarks, afterMarks; ///< by pointer
};

ReplayTrees treesOf(const core::ReplayStep& step);

} // namespace eventscope::models
