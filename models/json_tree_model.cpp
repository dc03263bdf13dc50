// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "json_tree_model.h"

#include "plain_text.h"

#include <algorithm>
#include <cstddef>

namespace eventscope::models {

using core::Json;

/// A row that has been looked at. `value` points into the section's JSON, which never changes.
struct JsonTreeModel::Node {
    Node* parent = nullptr;
    int row = 0;
    const Json* value = nullptr;
    const std::string* name = nullptr; ///< of a member; nullptr for an element, a section or a note
    bool isNote = false;
    std::vector<std::unique_ptr<Node>> children;

    std::size_t total() const
    {
        if (!value) {
            return 0;
        }
        return value->isObject() ? value->asObject().size() : value->isArray() ? value->asArray().size() : 0;
    }
};

namespace {

QString utf8(const std::string& text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

bool isIdentifier(const std::string& name)
{
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    return !name.empty() && letter(name.front())
        && std::ranges::all_of(name, [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

QString quoted(const std::string& text)
{
    return QLatin1Char('"') + visibleText(text) + QLatin1Char('"');
}

} // namespace

QString jsonSummary(const Json& value, qsizetype maxChars)
{
    if (value.isArray()) {
        return value.asArray().empty() ? QStringLiteral("[]") : QStringLiteral("[%1]").arg(value.asArray().size());
    }
    if (!value.isObject()) {
        return {};
    }
    QString names;
    for (const auto& [name, member] : value.asObject()) {
        if (names.size() > maxChars) {
            names += QStringLiteral(", …");
            break;
        }
        names += (names.isEmpty() ? QString() : QStringLiteral(", ")) + visibleText(name, 40);
    }
    return QLatin1Char('{') + names + QLatin1Char('}');
}

JsonTreeModel::JsonTreeModel(QObject* parent) : QAbstractItemModel(parent), m_root(std::make_unique<Node>()) { }

JsonTreeModel::~JsonTreeModel() = default;

void JsonTreeModel::setSections(std::vector<Section> sections)
{
    beginResetModel();
    m_sections = std::move(sections);
    m_marks.clear();
    m_root = std::make_unique<Node>();
    for (const Section& section : m_sections) {
        auto node = std::make_unique<Node>();
        node->parent = m_root.get();
        node->row = static_cast<int>(m_root->children.size());
        node->value = section.value.get();
        m_root->children.push_back(std::move(node));
    }
    endResetModel();
}

void JsonTreeModel::setMarks(QHash<QString, QHash<QString, Mark>> marks)
{
    Q_EMIT layoutAboutToBeChanged();
    m_marks = std::move(marks);
    Q_EMIT layoutChanged();
}

JsonTreeModel::Node* JsonTreeModel::nodeOf(const QModelIndex& index) const
{
    return index.isValid() ? static_cast<Node*>(index.internalPointer()) : m_root.get();
}

QModelIndex JsonTreeModel::index(int row, int column, const QModelIndex& parent) const
{
    if (row < 0 || column < 0 || column >= ColumnCount || (parent.isValid() && parent.column() != 0)) {
        return {};
    }
    const Node* node = nodeOf(parent);
    if (static_cast<std::size_t>(row) >= node->children.size()) {
        return {};
    }
    return createIndex(row, column, node->children[static_cast<std::size_t>(row)].get());
}

QModelIndex JsonTreeModel::parent(const QModelIndex& index) const
{
    Node* above = index.isValid() ? nodeOf(index)->parent : nullptr;
    return above && above != m_root.get() ? createIndex(above->row, 0, above) : QModelIndex();
}

int JsonTreeModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() && parent.column() != 0 ? 0 : static_cast<int>(nodeOf(parent)->children.size());
}

int JsonTreeModel::columnCount(const QModelIndex&) const
{
    return ColumnCount;
}

bool JsonTreeModel::hasChildren(const QModelIndex& parent) const
{
    if (parent.isValid() && parent.column() != 0) {
        return false;
    }
    const Node* node = nodeOf(parent);
    return !node->children.empty() || canFetchMore(parent);
}

bool JsonTreeModel::canFetchMore(const QModelIndex& parent) const
{
    if (!parent.isValid() || parent.column() != 0) {
        return false;
    }
    const Node* node = nodeOf(parent);
    const bool noteMissing = node->parent == m_root.get() && node->value
        && !m_sections[static_cast<std::size_t>(node->row)].note.isEmpty()
        && (node->children.empty() || !node->children.back()->isNote);
    return node->children.size() < node->total() || noteMissing;
}

void JsonTreeModel::fetchMore(const QModelIndex& parent)
{
    if (!canFetchMore(parent)) {
        return;
    }
    Node* node = nodeOf(parent);
    const std::size_t first = node->children.size();
    const std::size_t last = std::min(node->total(), first + kPage);
    const bool section = node->parent == m_root.get();
    const bool note
        = last == node->total() && section && !m_sections[static_cast<std::size_t>(node->row)].note.isEmpty();
    beginInsertRows(parent, static_cast<int>(first), static_cast<int>(last) - (note ? 0 : 1));
    for (std::size_t i = first; i < last; ++i) {
        auto child = std::make_unique<Node>();
        child->parent = node;
        child->row = static_cast<int>(i);
        if (node->value->isObject()) {
            const auto& [name, member] = node->value->asObject()[i];
            child->name = &name;
            child->value = &member;
        } else {
            child->value = &node->value->asArray()[i];
        }
        node->children.push_back(std::move(child));
    }
    if (note) {
        auto child = std::make_unique<Node>();
        child->parent = node;
        child->row = static_cast<int>(last);
        child->isNote = true;
        node->children.push_back(std::move(child));
    }
    endInsertRows();
}

QModelIndex JsonTreeModel::indexOf(int section, const QString& pointer)
{
    QModelIndex at = sectionIndex(section);
    if (!at.isValid() || pointer.isEmpty()) {
        return at;
    }
    for (QString step : pointer.mid(1).split(QLatin1Char('/'))) {
        step.replace(QLatin1String("~1"), QLatin1String("/")).replace(QLatin1String("~0"), QLatin1String("~"));
        const std::string wanted = step.toStdString();
        const Node* node = nodeOf(at);
        if (!node->value) {
            return {};
        }
        std::size_t row = node->total();
        if (node->value->isArray()) {
            bool number = false;
            const auto element = step.toULongLong(&number);
            row = number ? static_cast<std::size_t>(element) : row;
        } else if (node->value->isObject()) {
            const auto& members = node->value->asObject();
            const auto found = std::ranges::find(members, wanted, &Json::Member::first);
            row = static_cast<std::size_t>(found - members.begin());
        }
        if (row >= node->total()) {
            return {};
        }
        while (nodeOf(at)->children.size() <= row) {
            fetchMore(at);
        }
        at = index(static_cast<int>(row), 0, at);
    }
    return at;
}

JsonTreeModel::Kind JsonTreeModel::kindOf(const Node& node) const
{
    if (!node.value) {
        return Kind::Note;
    }
    const Json& value = *node.value;
    return value.isObject() ? Kind::Object
        : value.isArray()   ? Kind::Array
        : value.isString()  ? Kind::String
        : value.isNumber()  ? Kind::Number
        : value.isBool()    ? Kind::Bool
                            : Kind::Null;
}

QVariant JsonTreeModel::nameOf(const Node& node) const
{
    if (node.isNote) {
        return QString();
    }
    if (node.parent == m_root.get()) {
        return m_sections[static_cast<std::size_t>(node.row)].name;
    }
    return node.name ? visibleText(*node.name) : QString::number(node.row);
}

QString JsonTreeModel::valueOf(const Node& node) const
{
    const bool section = node.parent == m_root.get();
    if (!node.value) {
        return m_sections[static_cast<std::size_t>(section ? node.row : node.parent->row)].note;
    }
    switch (kindOf(node)) {
    case Kind::String: return quoted(node.value->asString());
    case Kind::Number: return visibleText(node.value->numberText());
    case Kind::Bool: return node.value->asBool() ? QStringLiteral("true") : QStringLiteral("false");
    case Kind::Null: return QStringLiteral("null");
    case Kind::Object:
        // A heading's members stand right below it.
        return section && node.total() > 0 ? QString() : jsonSummary(*node.value);
    case Kind::Array: return jsonSummary(*node.value);
    case Kind::Note: break;
    }
    return {};
}

QString JsonTreeModel::pointerOf(const Node& node) const
{
    if (node.parent == m_root.get() || !node.parent) {
        return QString();
    }
    QString step = node.name ? utf8(*node.name) : QString::number(node.row);
    step.replace(QLatin1Char('~'), QLatin1String("~0")).replace(QLatin1Char('/'), QLatin1String("~1"));
    return pointerOf(*node.parent) + QLatin1Char('/') + step;
}

QString JsonTreeModel::filterPathOf(const Node& node) const
{
    if (node.parent == m_root.get()) {
        return m_sections[static_cast<std::size_t>(node.row)].filterPrefix;
    }
    if (node.isNote) {
        return {};
    }
    const bool topLevel = node.parent->parent == m_root.get();
    const QString above = filterPathOf(*node.parent);
    if (above.isEmpty() && !topLevel) {
        return {};
    }
    if (!node.name) {
        return above.isEmpty() ? QString() : above + QStringLiteral("[%1]").arg(node.row);
    }
    if (!isIdentifier(*node.name)) {
        return {};
    }
    return above.isEmpty() ? utf8(*node.name) : above + QLatin1Char('.') + utf8(*node.name);
}

QVariant JsonTreeModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid()) {
        return {};
    }
    const Node& node = *nodeOf(index);
    const Node* heading = &node;
    while (heading->parent != m_root.get()) {
        heading = heading->parent;
    }
    const Section& section = m_sections[static_cast<std::size_t>(heading->row)];
    switch (role) {
    case Qt::DisplayRole: return index.column() == NameColumn ? nameOf(node) : QVariant(valueOf(node));
    case Qt::ToolTipRole:
        if (node.value && node.value->isString()) {
            return plainToolTip(utf8(node.value->asString().substr(0, 4 * kTooltipChars)));
        }
        return {};
    case Qt::AccessibleTextRole: return nameOf(node).toString() + QStringLiteral(": ") + valueOf(node);
    case KindRole: return QVariant::fromValue(kindOf(node));
    case PathRole: return pointerOf(node);
    case SectionRole: return section.name;
    case FilterPathRole: return filterPathOf(node);
    case IsSectionRole: return heading == &node;
    case MarkRole: {
        const auto marks = m_marks.constFind(section.name);
        return QVariant::fromValue(
            marks == m_marks.constEnd() ? Mark::None : marks->value(pointerOf(node), Mark::None));
    }
    case PlainValueRole:
        if (!node.value) {
            return QString();
        }
        return node.value->isString() ? utf8(node.value->asString())
            : node.total() > 0        ? utf8(node.value->pretty())
                                      : utf8(node.value->dump());
    default: return {};
    }
}

QVariant JsonTreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    return section == NameColumn ? tr("Name") : tr("Value");
}

} // namespace eventscope::models
