// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/filter_completer.h"

#include "event/json.h"
#include "filter_text.h"
#include "inspect/event_log.h"
#include "inspect/filter/filter_names.h"
#include "plain_text.h"
#include "theme/fonts.h"

#include <QAbstractItemView>
#include <QLineEdit>
#include <algorithm>
#include <set>

namespace eventscope::ui {

namespace {

constexpr core::LogRow kLearnedRows = 300;
constexpr std::size_t kLearnedBytes = 16384;

void addPaths(std::set<QString>& paths, const core::Json& value, const QString& path, int depth)
{
    if (!value.isObject() || depth > 3 || paths.size() > 400) {
        return;
    }
    for (const auto& [name, member] : value.asObject()) {
        if (!core::isPlainPathName(name)) {
            continue;
        }
        const QString full = path + QLatin1Char('.') + QString::fromStdString(name);
        paths.insert(full);
        addPaths(paths, member, full, depth + 1);
    }
}

QStringList wordsOfTheLanguage()
{
    QStringList words;
    for (const auto& attribute : core::knownAttributes()) {
        words += QString::fromLatin1(attribute.name.data(), static_cast<qsizetype>(attribute.name.size()));
    }
    for (const std::string_view keyword : core::filterKeywords()) {
        words += QString::fromLatin1(keyword.data(), static_cast<qsizetype>(keyword.size())).toUpper();
    }
    words.sort(Qt::CaseInsensitive);
    return words;
}

} // namespace

FilterCompleter::FilterCompleter(QLineEdit& edit, const core::EventLog& log, QObject* parent)
    : QObject(parent), m_edit(edit), m_log(log), m_names(wordsOfTheLanguage())
{
    m_pool.setMaxThreadCount(1);
    m_completer.setWidget(&edit);
    m_completer.setModel(&m_model);
    m_completer.setCaseSensitivity(Qt::CaseInsensitive);
    m_completer.setMaxVisibleItems(10);
    m_completer.popup()->setFont(fonts::data());
    connect(&m_completer, qOverload<const QString&>(&QCompleter::activated), this, &FilterCompleter::insert);
}

FilterCompleter::~FilterCompleter()
{
    m_pool.waitForDone();
}

bool FilterCompleter::isOffering() const
{
    return m_completer.popup()->isVisible();
}

void FilterCompleter::learn()
{
    if (m_pool.activeThreadCount() > 0) {
        return;
    }
    m_pool.start([this] {
        std::set<QString> paths{QStringLiteral("data")}, types;
        const core::LogRow end = m_log.size();
        for (core::LogRow row = end > kLearnedRows ? end - kLearnedRows : 0; row < end; ++row) {
            types.insert(models::visibleText(m_log.text(m_log.typeAt(row)), 100));
            const std::string_view payload = m_log.payloadAt(row);
            if (payload.size() > kLearnedBytes) {
                continue;
            }
            if (const auto json = core::Json::parse(payload)) {
                addPaths(paths, *json, QStringLiteral("data"), 0);
            }
        }
        types.erase(QString());
        QMetaObject::invokeMethod(
            this,
            [this, paths, types] {
                m_names = wordsOfTheLanguage() + QStringList(paths.begin(), paths.end());
                m_values = QStringList(types.begin(), types.end());
            },
            Qt::QueuedConnection);
    });
}

QString FilterCompleter::wordBeforeCursor(bool& inLiteral) const
{
    const QString before = m_edit.text().left(m_edit.cursorPosition());
    qsizetype literal = -1;
    for (qsizetype i = 0; i < before.size(); ++i) {
        if (before[i] == QLatin1Char('\\')) {
            ++i;
        } else if (before[i] == QLatin1Char('\'')) {
            literal = literal < 0 ? i : -1;
        }
    }
    inLiteral = literal >= 0;
    if (inLiteral) {
        return before.mid(literal + 1);
    }
    qsizetype at = before.size();
    const auto belongs = [](QChar c) { return c.isLetterOrNumber() || QStringView(u"._[]").contains(c); };
    while (at > 0 && belongs(before[at - 1])) {
        --at;
    }
    return before.mid(at);
}

void FilterCompleter::offer()
{
    bool inLiteral = false;
    const QString word = wordBeforeCursor(inLiteral);
    const bool atEnd = m_edit.cursorPosition() == m_edit.text().size();
    if (word.isEmpty() || !atEnd) {
        m_completer.popup()->hide();
        return;
    }
    m_model.setStringList(inLiteral ? m_values : m_names);
    m_completer.setCompletionPrefix(word);
    const bool onlyItself
        = m_completer.completionCount() == 1 && m_completer.currentCompletion().compare(word, Qt::CaseInsensitive) == 0;
    if (m_completer.completionCount() == 0 || onlyItself) {
        m_completer.popup()->hide();
        return;
    }
    const QFontMetrics metrics(m_edit.font());
    const int x
        = m_edit.inputMethodQuery(Qt::ImCursorRectangle).toRectF().toRect().left() - metrics.horizontalAdvance(word);
    m_completer.complete(QRect(std::max(0, x), 0, 300, m_edit.height() + 2));
}

void FilterCompleter::insert(const QString& completion)
{
    bool inLiteral = false;
    const QString word = wordBeforeCursor(inLiteral);
    QString added = completion;
    if (inLiteral) {
        added = models::filterLiteral(completion).mid(1); // with its closing quote
    }
    m_edit.setSelection(m_edit.cursorPosition() - static_cast<int>(word.size()), static_cast<int>(word.size()));
    m_edit.insert(added);
}

} // namespace eventscope::ui
