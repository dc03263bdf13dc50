// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/filter_completer.h"

#include "event/json.h"
#include "inspect/event_log.h"
#include "inspect/filter/filter_names.h"
#include "plain_text.h"
#include "theme/fonts.h"

#include <QAbstractItemView>
#include <QLineEdit>
#include <QStandardItemModel>
#include <algorithm>
#include <set>

namespace eventscope::ui {

namespace {

constexpr core::LogRow kLearnedRows = 400;
constexpr std::size_t kLearnedBytes = 16384;
constexpr std::size_t kMostFields = 400;
constexpr std::size_t kMostOffered = 60;

void addFields(std::set<std::string>& fields, const core::Json& value, const std::string& path, int depth)
{
    if (depth > 3 || fields.size() > kMostFields) {
        return;
    }
    if (value.isArray() && !value.asArray().empty()) {
        addFields(fields, value.asArray().front(), path + "[0]", depth + 1);
    }
    if (!value.isObject()) {
        return;
    }
    for (const auto& [name, member] : value.asObject()) {
        if (core::isPlainPathName(name)) {
            const std::string full = path.empty() ? name : path + '.' + name;
            fields.insert(full);
            addFields(fields, member, full, depth + 1);
        }
    }
}

using Counts = std::map<std::string, std::size_t, std::less<>>;

std::vector<std::string> mostFrequent(const Counts& counts)
{
    std::vector<std::pair<std::string, std::size_t>> sorted(counts.begin(), counts.end());
    std::ranges::stable_sort(sorted, std::greater{}, [](const auto& entry) { return entry.second; });
    std::vector<std::string> values;
    for (auto& [value, count] : sorted) {
        if (!value.empty() && values.size() < kMostOffered) {
            values.push_back(std::move(value));
        }
    }
    return values;
}

} // namespace

FilterCompleter::FilterCompleter(QLineEdit& edit, const core::EventLog& log, QObject* parent)
    : QObject(parent)
    , m_edit(edit)
    , m_log(log)
    , m_seen(std::make_shared<const Seen>())
    , m_model(new QStandardItemModel(this))
{
    m_pool.setMaxThreadCount(1);
    m_completer.setWidget(&edit);
    m_completer.setModel(m_model);
    m_completer.setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    m_completer.setMaxVisibleItems(10);
    m_completer.popup()->setFont(fonts::data());
    connect(&m_completer, qOverload<const QModelIndex&>(&QCompleter::activated), this,
        [this](const QModelIndex& index) { insert(index.data(Qt::UserRole).toString()); });
}

FilterCompleter::~FilterCompleter()
{
    m_pool.waitForDone();
}

bool FilterCompleter::isOffering() const
{
    return m_completer.popup()->isVisible();
}

QStringList FilterCompleter::offered() const
{
    QStringList texts;
    for (int row = 0; row < m_model->rowCount(); ++row) {
        texts += m_model->item(row)->data(Qt::UserRole).toString();
    }
    return texts;
}

std::shared_ptr<const FilterCompleter::Seen> FilterCompleter::lookAt(const core::EventLog& log)
{
    auto seen = std::make_shared<Seen>();
    std::set<std::string> fields, headers;
    Counts types, sources, streams;
    const core::LogRow end = log.size();
    for (core::LogRow row = end > kLearnedRows ? end - kLearnedRows : 0; row < end; ++row) {
        ++types[std::string(log.text(log.typeAt(row)))];
        ++sources[std::string(log.text(log.sourceAt(row)))];
        ++streams[std::string(log.text(log.streamAt(row)))];
        log.headersAt(row, [&headers](core::HeaderView header) { headers.emplace(header.name); });
        const std::string_view payload = log.payloadAt(row);
        if (payload.size() <= kLearnedBytes) {
            if (const auto json = core::Json::parse(payload)) {
                addFields(fields, *json, {}, 0);
            }
        }
    }
    seen->fields.assign(fields.begin(), fields.end());
    seen->headers.assign(headers.begin(), headers.end());
    seen->values.emplace("type", mostFrequent(types));
    seen->values.emplace("source", mostFrequent(sources));
    seen->values.emplace("subject", mostFrequent(streams));
    seen->values.emplace("stream", mostFrequent(streams));
    return seen;
}

void FilterCompleter::learn()
{
    if (m_pool.activeThreadCount() > 0) {
        return;
    }
    m_pool.start([this] {
        QMetaObject::invokeMethod(
            this,
            [this, seen = lookAt(m_log)] {
                m_seen = seen;
                Q_EMIT learned();
            },
            Qt::QueuedConnection);
    });
}

void FilterCompleter::offer()
{
    core::FilterVocabulary vocabulary;
    vocabulary.headers = m_seen->headers;
    vocabulary.payloadFields = m_seen->fields;
    vocabulary.values = [seen = m_seen](std::string_view attribute) {
        const auto values = seen->values.find(attribute);
        return values == seen->values.end() ? std::vector<std::string>() : values->second;
    };
    const std::string text = m_edit.text().toStdString();
    const std::size_t cursor = m_edit.text().left(m_edit.cursorPosition()).toStdString().size();
    m_completion = core::completeFilter(text, cursor, vocabulary);
    // Without a beginning of a word everything would fit: nobody asked for that.
    const bool begun = m_completion.begin < cursor;
    m_model->clear();
    for (const auto& candidate : m_completion.candidates) {
        if (!begun || static_cast<std::size_t>(m_model->rowCount()) >= kMostOffered) {
            break;
        }
        const QString put = QString::fromStdString(candidate.text);
        QString shown = models::visibleText(put, 80);
        if (!candidate.description.empty()) {
            shown += QStringLiteral("   — ") + models::visibleText(candidate.description, 60);
        }
        auto* item = new QStandardItem(shown);
        item->setData(put, Qt::UserRole);
        m_model->appendRow(item);
    }
    const bool onlyItself = m_model->rowCount() == 1
        && text.substr(m_completion.begin, m_completion.end - m_completion.begin)
            == m_completion.candidates.front().text;
    if (m_model->rowCount() == 0 || onlyItself) {
        m_completer.popup()->hide();
        return;
    }
    const QString word = QString::fromStdString(text.substr(m_completion.begin, cursor - m_completion.begin));
    const int x = m_edit.inputMethodQuery(Qt::ImCursorRectangle).toRectF().toRect().left()
        - QFontMetrics(m_edit.font()).horizontalAdvance(word);
    m_completer.complete(QRect(std::max(0, x), 0, 380, m_edit.height() + 2));
    m_completer.popup()->setCurrentIndex(m_model->index(0, 0));
}

void FilterCompleter::insert(const QString& completion)
{
    const std::string text = m_edit.text().toStdString();
    const auto characters = [&text](std::size_t bytes) {
        return static_cast<int>(
            QString::fromUtf8(text.data(), static_cast<qsizetype>(std::min(bytes, text.size()))).size());
    };
    const int begin = characters(m_completion.begin);
    m_edit.setSelection(begin, characters(m_completion.end) - begin);
    m_edit.insert(completion);
}

} // namespace eventscope::ui
