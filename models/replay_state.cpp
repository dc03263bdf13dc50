// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "replay_state.h"

#include <string>
#include <string_view>

namespace eventscope::models {

namespace {

using Mark = JsonTreeModel::Mark;
using Kind = core::PatchOperation::Kind;

QString toText(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

/// The member's name at the end of a pointer, unescaped.
std::string lastName(std::string_view pointer)
{
    std::string name;
    for (std::size_t i = pointer.rfind('/') + 1; i < pointer.size(); ++i) {
        if (pointer[i] == '~' && i + 1 < pointer.size()) {
            name += pointer[++i] == '1' ? '/' : '~';
        } else {
            name += pointer[i];
        }
    }
    return name;
}

/// Puts a removed member back for showing. Elements of arrays stay away: their place is taken.
bool showRemoved(core::Json& after, const core::Json& before, std::string_view pointer)
{
    const std::size_t slash = pointer.rfind('/');
    if (slash == std::string_view::npos) {
        return false;
    }
    auto* parent = const_cast<core::Json*>(after.at(pointer.substr(0, slash))); // `after` is ours
    const core::Json* removed = before.at(pointer);
    if (!parent || !parent->isObject() || !removed) {
        return false;
    }
    parent->set(lastName(pointer), *removed);
    return true;
}

} // namespace

ReplayTrees treesOf(const core::ReplayStep& step)
{
    ReplayTrees trees;
    core::Json after = step.after;
    for (const core::PatchOperation& operation : step.diff) {
        const QString pointer = toText(operation.path);
        switch (operation.kind) {
        case Kind::Add: trees.afterMarks.insert(pointer, Mark::Added); break;
        case Kind::Replace:
            trees.beforeMarks.insert(pointer, Mark::Changed);
            trees.afterMarks.insert(pointer, Mark::Changed);
            break;
        case Kind::Remove:
            trees.beforeMarks.insert(pointer, Mark::Removed);
            if (showRemoved(after, step.before, operation.path)) {
                trees.afterMarks.insert(pointer, Mark::Removed);
            }
            break;
        default: break;
        }
    }
    trees.before = std::make_shared<const core::Json>(step.before);
    trees.after = std::make_shared<const core::Json>(std::move(after));
    return trees;
}

} // namespace eventscope::models
