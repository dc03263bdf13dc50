// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "payload_changes_model.h"

#include "event/json.h"
#include "plain_text.h"

namespace eventscope::models {

using Kind = core::PatchOperation::Kind;

namespace {

constexpr qsizetype kValueChars = 200;

QString valueAt(const core::Json& json, const std::string& pointer)
{
    const core::Json* value = json.at(pointer);
    return value ? visibleText(value->dump(), kValueChars) : QString();
}

} // namespace

void PayloadChangesModel::add(const std::string& letter, const std::string& before, const std::string& after)
{
    const core::Result<core::Json> was = core::Json::parse(before);
    const core::Result<core::Json> is = core::Json::parse(after);
    if (!was || !is) {
        m_rows.push_back({visibleText(letter), tr("(all of it)"), visibleText(before, kValueChars),
            visibleText(after, kValueChars)});
        return;
    }
    core::Json now = *was;
    for (const core::PatchOperation& operation : core::diffJson(*was, *is)) {
        Row row{visibleText(letter), visibleText(operation.path), {}, {}, operation.kind};
        if (operation.kind != Kind::Add) {
            row.was = valueAt(now, operation.path);
        }
        if (operation.kind != Kind::Remove) {
            row.is = visibleText(operation.value.dump(), kValueChars);
        }
        m_rows.push_back(std::move(row));
        if (!core::applyPatch(now, {operation}) || m_rows.size() >= kMostRows) {
            return;
        }
    }
}

void PayloadChangesModel::setPlan(const core::RequeuePlan& plan)
{
    beginResetModel();
    m_rows.clear();
    for (const core::PlannedLetter& planned : plan.letters) {
        if (planned.edited && m_rows.size() < kMostRows) {
            add(planned.letter.id, planned.letter.original.data, planned.data);
        }
    }
    endResetModel();
}

void PayloadChangesModel::setChange(const std::string& letter, const std::string& before, const std::string& after)
{
    beginResetModel();
    m_rows.clear();
    if (before != after) {
        add(letter, before, after);
    }
    endResetModel();
}

int PayloadChangesModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int PayloadChangesModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant PayloadChangesModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || static_cast<std::size_t>(index.row()) >= m_rows.size()) {
        return {};
    }
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    if (role == KindRole) {
        return static_cast<int>(row.kind);
    }
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole) {
        return {};
    }
    const QString* text = nullptr;
    switch (index.column()) {
    case LetterColumn: text = &row.letter; break;
    case PathColumn: text = &row.path; break;
    case WasColumn: text = &row.was; break;
    default: text = &row.is; break;
    }
    return role == Qt::ToolTipRole ? plainToolTip(*text) : *text;
}

QVariant PayloadChangesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    switch (section) {
    case LetterColumn: return tr("Letter");
    case PathColumn: return tr("Where");
    case WasColumn: return tr("Was");
    case IsColumn: return tr("Goes out as");
    default: return {};
    }
}

} // namespace eventscope::models
