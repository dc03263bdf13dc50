// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/ask_text.h"

#include "widgets/labels.h"

#include <QDialog>
#include <QDialogButtonBox>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>
#include <utility>

namespace eventscope::ui {

namespace {

constexpr int kLongest = 100'000;

/// Ctrl+Return ends a text of several lines.
class LongEdit final : public QPlainTextEdit {
public:
    using QPlainTextEdit::QPlainTextEdit;
    std::function<void()> done;

protected:
    void keyPressEvent(QKeyEvent* event) override
    {
        const bool isReturn = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
        if (isReturn && event->modifiers() & Qt::ControlModifier) {
            done();
        } else {
            QPlainTextEdit::keyPressEvent(event);
        }
    }
};

} // namespace

void askText(QWidget* parent, const TextQuestion& question, std::function<void(const std::optional<QString>&)> answer)
{
    auto* dialog = new QDialog(parent);
    dialog->setObjectName(QStringLiteral("askText"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(question.title);
    dialog->setMinimumWidth(460);
    auto* layout = new QVBoxLayout(dialog);
    layout->setSpacing(10);
    layout->addWidget(plainLabel(question.label, dialog));
    std::function<QString()> text;
    QWidget* edit = nullptr;
    if (question.isLong) {
        auto* lines = new LongEdit(dialog);
        lines->setPlainText(question.text.left(kLongest));
        lines->setTabChangesFocus(true);
        lines->setMinimumHeight(110);
        lines->selectAll();
        lines->done = [dialog] { dialog->accept(); };
        text = [lines] { return lines->toPlainText(); };
        edit = lines;
    } else {
        auto* line = new QLineEdit(question.text, dialog);
        line->setMaxLength(kLongest);
        text = [line] { return line->text(); };
        edit = line;
    }
    edit->setAccessibleName(question.label);
    layout->addWidget(edit);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, dialog);
    layout->addWidget(buttons);
    QObject::connect(buttons, &QDialogButtonBox::accepted, dialog, &QDialog::accept);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    QObject::connect(dialog, &QDialog::accepted, parent, [text, answer] { answer(text()); });
    if (!question.extra.isEmpty()) {
        QPushButton* extra = buttons->addButton(question.extra, QDialogButtonBox::DestructiveRole);
        extra->setAutoDefault(false);
        QObject::connect(extra, &QPushButton::clicked, parent, [dialog, answer] {
            dialog->reject();
            answer(std::nullopt);
        });
    }
    dialog->open();
    edit->setFocus();
}

} // namespace eventscope::ui
