// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Payloads that are edited, and sendings that are in doubt.
#include "dead_letters/dead_letters_page.h"

#include "dead_letter_session.h"
#include "dead_letters/doubt_bar.h"
#include "dead_letters/payload_editor.h"
#include "dead_letters/requeue_plan_panel.h"
#include "filter_text.h"
#include "payload_edit.h"
#include "plain_text.h"

#include <QPushButton>
#include <QTreeView>
#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace eventscope::ui {

using models::DeadLettersSeen;

// Edits.

void DeadLettersPage::editPayload()
{
    const core::DeadLetter* letter = m_letters->letter(m_table->currentIndex().row());
    if (!letter) {
        return;
    }
    const auto edit = m_edits.find(letter->id);
    const std::string present = edit == m_edits.end() ? letter->original.data : edit->second;
    if (!models::editableText(present)) {
        Q_EMIT said(tr("Its payload is no text, or too long to be edited here."));
        return;
    }
    const auto ticked = m_letters->ticked();
    const auto others = static_cast<std::size_t>(
        std::ranges::count_if(ticked, [&](const core::DeadLetter& other) { return other.id != letter->id; }));
    const PayloadEditor::Words words{.title = tr("Edit the payload of %1").arg(models::visibleText(letter->id, 60)),
        .apply = tr("Change this letter"),
        .applyToAll = others > 0 ? tr("Change all %1 alike").arg(letterCount(others + 1)) : QString(),
        .unchanged = tr("As the original: it goes out byte for byte.")};
    auto* editor = new PayloadEditor(words, letter->original.data, present, this);
    editor->setAttribute(Qt::WA_DeleteOnClose);
    connect(editor, &PayloadEditor::applied, this,
        [this, edited = *letter](const std::string& payload) { applyEdit(edited, payload); });
    connect(editor, &PayloadEditor::appliedToAll, this,
        [this, edited = *letter](const core::JsonPatch& changes) { applyToTicked(edited, changes); });
    editor->open();
}

void DeadLettersPage::applyEdit(const core::DeadLetter& letter, const std::string& payload)
{
    if (payload == letter.original.data) {
        m_edits.erase(letter.id);
    } else {
        m_edits.insert_or_assign(letter.id, payload);
    }
    noteEdits();
}

void DeadLettersPage::applyToTicked(const core::DeadLetter& edited, const core::JsonPatch& changes)
{
    std::vector<core::DeadLetter> letters = m_letters->ticked();
    if (std::ranges::find(letters, edited.id, &core::DeadLetter::id) == letters.end()) {
        letters.push_back(edited);
    }
    std::size_t unfit = 0;
    for (const core::DeadLetter& letter : letters) {
        const core::Result<std::string> payload = models::applyToPayload(letter.original.data, changes);
        if (payload) {
            m_edits.insert_or_assign(letter.id, *payload);
        } else {
            ++unfit;
        }
    }
    noteEdits();
    if (unfit > 0) {
        Q_EMIT said(tr("The change does not fit %1, which stay as they are.").arg(letterCount(unfit)));
    }
}

void DeadLettersPage::noteEdits()
{
    std::set<std::string, std::less<>> ids;
    for (const auto& [id, payload] : m_edits) {
        ids.insert(id);
    }
    m_letters->setEdited(std::move(ids));
    if (m_plan->hasPlan()) {
        openPlan(false); // what it shows is no longer what would go out
    }
}

// Doubts.

std::vector<core::DeadLetter> DeadLettersPage::lettersInDoubt() const
{
    std::vector<core::DeadLetter> letters;
    const DeadLettersSeen::Desk* desk = m_session.seen() ? m_session.seen()->deskOf(source()) : nullptr;
    if (desk) {
        std::ranges::copy_if(desk->letters, std::back_inserter(letters),
            [desk](const core::DeadLetter& letter) { return desk->doubts.contains(letter.id); });
    }
    return letters;
}

void DeadLettersPage::showDoubts()
{
    const DeadLettersSeen::Desk* desk = m_session.seen() ? m_session.seen()->deskOf(source()) : nullptr;
    DoubtBar::Doubts doubts;
    if (desk && !m_session.activity().running) {
        doubts.count = desk->doubts.size();
        doubts.listed = lettersInDoubt().size();
        doubts.unfinished = desk->unfinished;
        doubts.canSettle = desk->capabilities.settle;
        doubts.canDiscard = desk->capabilities.discard;
    }
    m_doubtBar->show(doubts, whyBlocked());
}

void DeadLettersPage::settleDoubts()
{
    closePlan();
    const DeadLettersSeen::Desk* desk = m_session.seen() ? m_session.seen()->deskOf(source()) : nullptr;
    if (desk) {
        m_session.settleDoubts(desk->source, desk->doubts.size());
    }
}

void DeadLettersPage::resendDoubts()
{
    m_planned = lettersInDoubt();
    m_plannedSource = source();
    openPlan(true);
}

// What came after.

void DeadLettersPage::showNewerEvents(const core::DeadLetter& letter)
{
    const QString stream
        = models::filterEquals(QStringLiteral("subject"), QString::fromStdString(letter.original.stream), false);
    const QString after
        = letter.original.position ? QStringLiteral(" AND position > %1").arg(*letter.original.position) : QString();
    Q_EMIT filterWanted(stream + after);
}

} // namespace eventscope::ui
