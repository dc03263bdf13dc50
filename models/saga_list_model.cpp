// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "saga_list_model.h"

#include "event_format.h"
#include "plain_text.h"
#include "saga_words.h"

#include <algorithm>

namespace eventscope::models {

namespace {

constexpr qsizetype kNameChars = 120;

QString exact(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

} // namespace

SagaListModel::SagaListModel(const core::EventLog& log, const core::SagaTracker& tracker, QObject* parent)
    : QAbstractTableModel(parent), m_log(log), m_tracker(tracker)
{
}

bool SagaListModel::refresh()
{
    const std::vector<Instance> changed = m_tracker.changedSince(m_generation, kTakeAtOnce);
    std::vector<std::size_t> arrived; // and shown behind all others
    for (const Instance& saga : changed) {
        take(saga, arrived);
    }
    append(arrived);
    return changed.size() < kTakeAtOnce;
}

void SagaListModel::take(const Instance& saga, std::vector<std::size_t>& arrived)
{
    const std::size_t number = saga->number;
    if (number >= m_sagas.size()) {
        m_sagas.resize(number + 1);
    }
    const Instance before = std::exchange(m_sagas[number], saga);
    if (!before) {
        m_names.emplace(m_log.text(saga->stream), number);
    }
    if (saga->state.hasStarted() && (!before || !before->state.hasStarted())) {
        m_names.emplace(saga->state.id(), number);
    }
    const std::size_t place = placeOf(number);
    const bool isShown = place < m_shown.size() && m_shown[place] == number;
    const int row = static_cast<int>(place);
    if (isShown && passes(*saga)) {
        Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
    } else if (isShown) {
        beginRemoveRows({}, row, row);
        m_shown.erase(m_shown.begin() + row);
        endRemoveRows();
    } else if (!passes(*saga)) {
        return;
    } else if (place == m_shown.size()) {
        arrived.push_back(number);
    } else {
        beginInsertRows({}, row, row);
        m_shown.insert(m_shown.begin() + row, number);
        endInsertRows();
    }
}

void SagaListModel::append(const std::vector<std::size_t>& arrived)
{
    std::vector<std::size_t> sorted = arrived;
    std::ranges::sort(sorted);
    // One that was inserted meanwhile may stand behind some of these.
    while (!sorted.empty() && !m_shown.empty() && sorted.front() < m_shown.back()) {
        const auto place = static_cast<int>(placeOf(sorted.front()));
        beginInsertRows({}, place, place);
        m_shown.insert(m_shown.begin() + place, sorted.front());
        endInsertRows();
        sorted.erase(sorted.begin());
    }
    if (sorted.empty()) {
        return;
    }
    const auto first = static_cast<int>(m_shown.size());
    beginInsertRows({}, first, first + static_cast<int>(sorted.size()) - 1);
    m_shown.insert(m_shown.end(), sorted.begin(), sorted.end());
    endInsertRows();
}

void SagaListModel::setNow(core::Timestamp now, int first, int last)
{
    m_now = now;
    last = std::min(last, rowCount() - 1);
    if (first >= 0 && first <= last) {
        Q_EMIT dataChanged(index(first, AgeColumn), index(last, AgeColumn), {Qt::DisplayRole});
    }
}

void SagaListModel::setStatusFilter(std::optional<core::SagaStatus> status)
{
    if (status == m_filter) {
        return;
    }
    beginResetModel();
    m_filter = status;
    m_kept.reset();
    m_shown.clear();
    for (std::size_t number = 0; number < m_sagas.size(); ++number) {
        if (m_sagas[number] && passes(*m_sagas[number])) {
            m_shown.push_back(number);
        }
    }
    endResetModel();
}

void SagaListModel::keep(std::optional<std::size_t> number)
{
    const std::optional<std::size_t> before = std::exchange(m_kept, number);
    if (!before || before == number || !rowOf(*before) || passes(*m_sagas[*before])) {
        return;
    }
    const int row = *rowOf(*before);
    beginRemoveRows({}, row, row);
    m_shown.erase(m_shown.begin() + row);
    endRemoveRows();
}

bool SagaListModel::passes(const core::SagaInstance& saga) const
{
    return !m_filter || saga.number == m_kept || (saga.state.hasStarted() && saga.state.status() == *m_filter);
}

std::size_t SagaListModel::placeOf(std::size_t number) const
{
    return static_cast<std::size_t>(std::ranges::lower_bound(m_shown, number) - m_shown.begin());
}

SagaListModel::Instance SagaListModel::at(int row) const
{
    return m_sagas[m_shown[static_cast<std::size_t>(row)]];
}

SagaListModel::Instance SagaListModel::saga(std::size_t number) const
{
    return number < m_sagas.size() ? m_sagas[number] : nullptr;
}

std::optional<int> SagaListModel::rowOf(std::size_t number) const
{
    const std::size_t place = placeOf(number);
    if (place < m_shown.size() && m_shown[place] == number) {
        return static_cast<int>(place);
    }
    return std::nullopt;
}

SagaListModel::Instance SagaListModel::find(const QString& source, const QString& saga) const
{
    const auto [first, last] = m_names.equal_range(saga.toStdString());
    for (auto name = first; name != last; ++name) {
        const Instance& found = m_sagas[name->second];
        if (source.isEmpty() || sourceOf(*found) == source) {
            return found;
        }
    }
    return nullptr;
}

QString SagaListModel::nameOf(const core::SagaInstance& saga) const
{
    return visibleText(
        saga.state.hasStarted() ? std::string_view(saga.state.id()) : m_log.text(saga.stream), kNameChars);
}

QString SagaListModel::sourceOf(const core::SagaInstance& saga) const
{
    return exact(m_log.text(saga.source));
}

QString SagaListModel::streamOf(const core::SagaInstance& saga) const
{
    return exact(m_log.text(saga.stream));
}

int SagaListModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

int SagaListModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString SagaListModel::age(const core::SagaInstance& saga) const
{
    if (!saga.state.hasStarted()) {
        return {};
    }
    const bool rests = saga.state.hasEnded() && saga.state.status() != core::SagaStatus::Stuck;
    const core::Timestamp end = rests ? saga.state.updatedAt() : std::max(m_now, saga.state.updatedAt());
    return formatDuration(end - saga.state.startedAt());
}

QString SagaListModel::stepsText(const core::SagaInstance& saga, QChar between) const
{
    QStringList steps;
    for (const core::SagaStepState& step : saga.state.steps()) {
        steps += tr("%1: %2").arg(visibleText(step.name, kNameChars), sagaStepText(step.status));
    }
    return steps.join(between);
}

QVariant SagaListModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    const core::SagaInstance& saga = *at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        switch (index.column()) {
        case SagaColumn: return nameOf(saga);
        case StatusColumn: return saga.state.hasStarted() ? sagaStatusText(saga.state.status()) : tr("unknown");
        case AgeColumn: return age(saga);
        case NowColumn: return sagaNow(saga);
        default: return {};
        }
    case Qt::AccessibleTextRole:
        return index.column() == StepsColumn ? stepsText(saga, QLatin1Char(',')) : data(index, Qt::DisplayRole);
    case Qt::ToolTipRole:
        switch (index.column()) {
        case SagaColumn:
            return plainToolTip(tr("%1\nstream %2 of %3").arg(nameOf(saga), streamOf(saga), sourceOf(saga)));
        case StepsColumn: return plainToolTip(stepsText(saga, QLatin1Char('\n')));
        case NowColumn: return plainToolTip(sagaNow(saga));
        default: return {};
        }
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(
            Qt::Alignment(Qt::AlignVCenter | (index.column() == AgeColumn ? Qt::AlignRight : Qt::AlignLeft)));
    case NumberRole: return QVariant::fromValue<quint64>(saga.number);
    case StatusRole: return saga.state.hasStarted() ? QVariant(static_cast<int>(saga.state.status())) : QVariant();
    case StepsRole: {
        QList<SagaStepMark> marks;
        for (const core::SagaStepState& step : saga.state.steps()) {
            marks.append({step.status, QString()});
            marks.back().name = visibleText(step.name, kNameChars);
        }
        return QVariant::fromValue(marks);
    }
    default: return {};
    }
}

QVariant SagaListModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) {
        return {};
    }
    if (role == Qt::TextAlignmentRole) {
        return QVariant::fromValue(
            Qt::Alignment(Qt::AlignVCenter | (section == AgeColumn ? Qt::AlignRight : Qt::AlignLeft)));
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    switch (section) {
    case SagaColumn: return tr("Saga");
    case StepsColumn: return tr("Steps");
    case StatusColumn: return tr("Status");
    case AgeColumn: return tr("Age");
    case NowColumn: return tr("Now");
    default: return {};
    }
}

} // namespace eventscope::models
