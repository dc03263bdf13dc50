// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "main_window/budget_menu.h"

#include "event_format.h"

#include <QActionGroup>
#include <QMenu>
#include <QSettings>
#include <algorithm>
#include <cstdint>
#include <vector>

namespace eventscope::ui {

namespace {

const QString kBytes = QStringLiteral("log/budgetBytes");
const QString kDropOldest = QStringLiteral("log/dropOldest");
constexpr std::uint64_t kLeast = std::uint64_t{256} << 20;

} // namespace

BudgetMenu::BudgetMenu(core::EventLog& log, QObject* parent)
    : QObject(parent), m_log(log), m_usual(core::EventLog::Options::usual())
{
}

void BudgetMenu::load(const QSettings& settings)
{
    const auto atLimit = settings.value(kDropOldest).toBool() ? core::LogAtLimit::DropOldest : core::LogAtLimit::Stop;
    const std::uint64_t bytes = settings.value(kBytes).toULongLong();
    m_log.setBudget(bytes >= kLeast ? bytes : m_usual.budgetBytes, m_usual.memoryBytes, atLimit);
}

void BudgetMenu::save(QSettings& settings) const
{
    const core::EventLog::Usage usage = m_log.usage();
    if (usage.budgetBytes == m_usual.budgetBytes)
        settings.remove(kBytes); // the usual one is that of the machine it runs on
    else
        settings.setValue(kBytes, QVariant::fromValue<qulonglong>(usage.budgetBytes));
    settings.setValue(kDropOldest, usage.atLimit == core::LogAtLimit::DropOldest);
}

void BudgetMenu::choose(std::uint64_t bytes, core::LogAtLimit atLimit)
{
    m_log.setBudget(bytes, m_usual.memoryBytes, atLimit);
    Q_EMIT said(tr("The log may hold %1 now").arg(models::formatBytes(bytes)));
}

QMenu* BudgetMenu::create(QWidget* parent)
{
    const core::EventLog::Usage usage = m_log.usage();
    auto* menu = new QMenu(parent);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addSection(tr("Events are kept up to"));
    std::vector<std::uint64_t> sizes{usage.budgetBytes, m_usual.budgetBytes};
    for (std::uint64_t size = std::uint64_t{1} << 30; size <= 2 * m_usual.budgetBytes; size *= 4)
        sizes.push_back(size);
    std::sort(sizes.begin(), sizes.end());
    sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
    auto* group = new QActionGroup(menu);
    for (const std::uint64_t size : sizes) {
        const std::uint64_t inMemory = std::min<std::uint64_t>(size, m_usual.memoryBytes);
        QString text = size > inMemory && usage.hasFile
            ? tr("%1: %2 in memory, the rest on disk").arg(models::formatBytes(size), models::formatBytes(inMemory))
            : tr("%1 in memory").arg(models::formatBytes(size));
        if (size == m_usual.budgetBytes)
            text += tr(" (usual)");
        QAction* action = menu->addAction(text);
        action->setCheckable(true);
        action->setChecked(size == usage.budgetBytes);
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, size, atLimit = usage.atLimit] { choose(size, atLimit); });
    }
    menu->addSection(tr("When that is used up"));
    auto* policies = new QActionGroup(menu);
    const auto addPolicy = [&](const QString& text, core::LogAtLimit atLimit) {
        QAction* action = menu->addAction(text);
        action->setCheckable(true);
        action->setChecked(usage.atLimit == atLimit);
        policies->addAction(action);
        connect(
            action, &QAction::triggered, this, [this, atLimit, bytes = usage.budgetBytes] { choose(bytes, atLimit); });
    };
    addPolicy(tr("Keep what is there, count what comes"), core::LogAtLimit::Stop);
    addPolicy(tr("Let the oldest events go"), core::LogAtLimit::DropOldest);
    return menu;
}

} // namespace eventscope::ui
