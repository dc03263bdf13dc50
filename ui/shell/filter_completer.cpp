// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/filter_completer.h"

#include "plain_text.h"
#include "theme/fonts.h"

#include <QAbstractItemView>
#include <QLineEdit>
#include <QStandardItemModel>
#include <algorithm>

namespace eventscope::ui {

namespace {

constexpr std::size_t kMostOffered = 60;

} // namespace

FilterCompleter::FilterCompleter(QLineEdit& edit, const core::EventLog& log, QObject* parent)
    : QObject(parent), m_edit(edit), m_seen(log), m_model(new QStandardItemModel(this))
{
    connect(&m_seen, &models::FieldsSeen::learned, this, &FilterCompleter::learned);
    m_completer.setWidget(&edit);
    m_completer.setModel(m_model);
    m_completer.setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    m_completer.setMaxVisibleItems(10);
    m_completer.popup()->setFont(fonts::data());
    connect(&m_completer, qOverload<const QModelIndex&>(&QCompleter::activated), this,
        [this](const QModelIndex& index) { insert(index.data(Qt::UserRole).toString()); });
}

FilterCompleter::~FilterCompleter() = default;

void FilterCompleter::learn()
{
    m_seen.learn();
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

void FilterCompleter::offer()
{
    const std::shared_ptr<const models::SeenFields> known = m_seen.latest();
    core::FilterVocabulary vocabulary;
    vocabulary.headers = known->headers;
    vocabulary.payloadFields = known->fields;
    vocabulary.values = [seen = known](std::string_view attribute) {
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
