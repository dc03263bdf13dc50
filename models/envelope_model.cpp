// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "envelope_model.h"

#include "event/envelope.h"
#include "event_format.h"
#include "plain_text.h"

#include <QCoreApplication>
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace eventscope::models {

namespace {

using Line = EnvelopeModel::Line;
using Kind = EnvelopeModel::Kind;

QString say(const char* text)
{
    return QCoreApplication::translate("EnvelopeModel", text);
}

QString utf8(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

void addText(std::vector<Line>& lines, const char* name, std::string_view value)
{
    if (!value.empty()) {
        lines.push_back({Kind::Fact, QString::fromLatin1(name), utf8(value)});
    }
}

void addNumber(std::vector<Line>& lines, const char* name, std::int64_t value)
{
    if (value != core::SourceEvent::kNone) {
        lines.push_back({Kind::Fact, QString::fromLatin1(name), QString::number(value)});
    }
}

/// What the source made of it, as the log keeps it.
void addFields(std::vector<Line>& lines, const core::EventLog& log, const core::LogEvent& event)
{
    lines.push_back({Kind::Heading, say("What was read"), {}});
    addText(lines, "source", log.text(event.source));
    addText(lines, "stream", log.text(event.stream));
    addNumber(lines, "position", event.position);
    addNumber(lines, "partition", event.partition < 0 ? core::SourceEvent::kNone : event.partition);
    addNumber(lines, "version", event.version);
    addText(lines, "id", event.id);
    addText(lines, "type", log.text(event.type));
    if (event.hasTime) {
        addText(lines, "time", core::formatTimestamp(event.time));
    }
    addText(lines, "correlationId", log.text(event.correlation));
    addText(lines, "causationId", event.causationId);
}

void addBytes(std::vector<Line>& lines, const core::LogEvent& event, const core::Envelope& envelope)
{
    lines.push_back({Kind::Heading, say("What the bytes are"), {}});
    lines.push_back(
        {Kind::Fact, say("size"), event.payloadIsNull ? say("no payload (null)") : formatBytes(event.payload.size())});
    QString format = utf8(toString(envelope.format));
    if (envelope.inner != envelope.format) {
        format += QStringLiteral(" → ") + utf8(toString(envelope.inner));
    }
    lines.push_back({Kind::Fact, say("format"), format});
    lines.push_back({Kind::Fact, say("envelope"),
        envelope.kind == core::EnvelopeKind::None ? say("none left in these bytes") : utf8(toString(envelope.kind))});
}

void addAttempts(std::vector<Line>& lines, const core::LogEvent& event, const core::Envelope& envelope)
{
    lines.push_back({Kind::Heading, say("What was tried in vain"), {}});
    if (!event.undecodable.empty()) {
        lines.push_back({Kind::Failure, say("by the source"), utf8(event.undecodable)});
    }
    // What was taken off around the data is not in these bytes any more; its failures were kept.
    const auto add = [&lines](const QString& what, const QString& reason) {
        const Line line{Kind::Failure, what, reason};
        if (std::ranges::find(lines, line) == lines.end()) {
            lines.push_back(line);
        }
    };
    for (const QString& attempt : utf8(event.attempts).split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
        const qsizetype end = attempt.indexOf(QLatin1String(": "));
        add(attempt.left(end), end < 0 ? QString() : attempt.mid(end + 2));
    }
    for (const core::EnvelopeAttempt& attempt : envelope.attempts) {
        add(utf8(attempt.what), utf8(attempt.reason));
    }
    if (lines.back().kind == Kind::Heading) {
        lines.push_back({Kind::Fact, say("nothing"), say("every way to read it that was tried succeeded")});
    }
}

} // namespace

std::vector<Line> EnvelopeModel::linesOf(const core::EventLog& log, core::LogRow row)
{
    const core::EventLog::Hold hold = log.hold();
    const core::LogEvent event = log.at(row);
    std::vector<core::HeaderView> headers;
    log.headersAt(row, [&headers](core::HeaderView header) { headers.push_back(header); });
    core::Envelope envelope;
    core::decodeEnvelope({.bytes = event.payload, .isNull = event.payloadIsNull, .headers = headers}, envelope);
    std::vector<Line> lines;
    addFields(lines, log, event);
    addBytes(lines, event, envelope);
    addAttempts(lines, event, envelope);
    return lines;
}

EnvelopeModel::EnvelopeModel(const core::EventLog& log, QObject* parent) : QAbstractTableModel(parent), m_log(log)
{
    m_pool.setMaxThreadCount(1);
}

EnvelopeModel::~EnvelopeModel()
{
    m_pool.clear();
    m_pool.waitForDone();
}

void EnvelopeModel::setRow(core::LogRow row)
{
    const std::uint64_t request = ++m_request;
    m_looking = true;
    m_pool.clear();
    m_pool.start([this, row, request] {
        QMetaObject::invokeMethod(
            this,
            [this, request, lines = linesOf(m_log, row)] {
                if (request == m_request) {
                    take(lines);
                }
            },
            Qt::QueuedConnection);
    });
}

void EnvelopeModel::clear()
{
    ++m_request;
    take({});
}

void EnvelopeModel::take(std::vector<Line> lines)
{
    m_looking = false;
    beginResetModel();
    m_lines = std::move(lines);
    endResetModel();
    Q_EMIT found();
}

int EnvelopeModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_lines.size());
}

int EnvelopeModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant EnvelopeModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || static_cast<std::size_t>(index.row()) >= m_lines.size()) {
        return {};
    }
    const Line& line = m_lines[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole: return visibleText(index.column() == NameColumn ? line.name : line.value);
    case Qt::ToolTipRole:
        return plainToolTip(
            visibleText(index.column() == NameColumn ? line.name : line.value, kTooltipChars, Lines::Keep));
    case KindRole: return QVariant::fromValue(line.kind);
    case PlainValueRole: return line.value;
    default: return {};
    }
}

QVariant EnvelopeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    return section == NameColumn ? QCoreApplication::translate("EnvelopeModel", "Part")
                                 : QCoreApplication::translate("EnvelopeModel", "Value");
}

} // namespace eventscope::models
