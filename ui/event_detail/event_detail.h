// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "envelope_model.h"
#include "event_format.h"
#include "event_relations.h"
#include "filter_text.h"
#include "headers_model.h"
#include "json_tree_model.h"

#include <QWidget>
#include <optional>

class QAbstractItemModel;
class QPushButton;
class QStackedWidget;
class QTabBar;
class QTableView;

namespace eventscope::ui {

class HexView;
class JsonTreeView;
class PayloadText;
class RelationsPanel;
class StateOverlay;

/// Everything about one event: tree, text, hex, headers, envelope, what caused it and what it caused. // GUI thread
class EventDetail final : public QWidget {
    Q_OBJECT

public:
    enum Tab { TreeTab, TextTab, HexTab, HeadersTab, EnvelopeTab, TabCount };

    /// `log` must outlive this.
    explicit EventDetail(core::EventLog& log, QWidget* parent = nullptr);

    void showRow(core::LogRow row);
    void clear();
    std::optional<core::LogRow> row() const { return m_row; }
    void setTimeFormat(const models::TimeFormat& format);

    Tab currentTab() const;
    void setCurrentTab(Tab tab);
    void focusContent();

Q_SIGNALS:
    /// "OrderPlaced · version 1 · position 1 204 322", for the frame around.
    void titleChanged(const QString& title);
    void replayRequested(quint64 row);
    void flowRequested(quint64 row);
    void rowChosen(quint64 row);
    void filterRequested(const QString& term, eventscope::models::FilterJoin join);
    void columnRequested(const QString& field);
    void colourRequested(const QString& term);
    void said(const QString& sentence);

private:
    QWidget* buildTabs();
    QWidget* buildFooter();
    void fillTree(const core::LogEvent& event);
    void fillTab();
    void showChosenBytes(const core::LogEvent& event);
    QTableView* makeTable(QAbstractItemModel* model, const QString& name);
    void onRelations();
    void onLink(const QString& section, const QString& pointer);
    models::JsonTreeModel::Section payloadSection(const core::LogEvent& event) const;

    core::EventLog& m_log;
    models::TimeFormat m_time;
    std::optional<core::LogRow> m_row;
    std::optional<core::LogRow> m_filled[TabCount]; ///< which row each tab holds
    models::JsonTreeModel m_tree;
    models::HeadersModel m_headers;
    models::EnvelopeModel m_envelope;
    models::EventRelations m_relations;

    QTabBar* m_tabs;
    QStackedWidget* m_pages;
    JsonTreeView* m_treeView;
    PayloadText* m_text;
    HexView* m_hex;
    QTableView* m_headersView;
    QTableView* m_envelopeView;
    StateOverlay* m_envelopeState;
    RelationsPanel* m_relationsPanel;
    QWidget* m_content;
    StateOverlay* m_empty;
    QPushButton* m_replay;
    QPushButton* m_flow;
};

} // namespace eventscope::ui
