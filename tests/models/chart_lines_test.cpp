// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "chart_lines.h"

#include <QStringList>
#include <chrono>
#include <gtest/gtest.h>

using namespace eventscope;

namespace {

QStringList namesOf(const core::GaugeSeries& gauges)
{
    QStringList names;
    const core::Timestamp end(std::chrono::seconds(100));
    for (const models::ChartLine& line : models::gaugeLines(gauges, {core::Timestamp{}, end}))
        names.append(line.key);
    return names;
}

} // namespace

TEST(GaugeLines, NameTheirSourceOnlyWhereThereAreSeveral)
{
    core::GaugeSeries gauges;
    const core::Timestamp now(std::chrono::seconds(50));
    gauges.record("shop@mq · depth of orders", now, 3);
    gauges.record("shop@mq · lag", now, 3);
    EXPECT_EQ(namesOf(gauges), (QStringList{QStringLiteral("depth of orders"), QStringLiteral("lag")}));
    gauges.record("shop@db · lag", now, 1);
    EXPECT_EQ(namesOf(gauges),
        (QStringList{QStringLiteral("shop@db · lag"), QStringLiteral("shop@mq · depth of orders"),
            QStringLiteral("shop@mq · lag")}));
}
