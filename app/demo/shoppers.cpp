// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/shoppers.h"

#include "event/message_context.h"
#include "sourcing/order_saga.h"

#include <algorithm>
#include <chrono>

namespace eventscope::app {

using namespace std::chrono_literals;
using core::Timestamp;

namespace {

// A new rate is seen within this time; what the machine could not keep up with is forgotten after it.
constexpr auto kLongestNap = 100ms;
constexpr auto kPatience = 1s;
constexpr auto kTroubleDelay = 500ms;

core::OrderSagaInput inputOf(const OrderPlan& plan)
{
    core::OrderSagaInput input{
        .order = {.orderId = plan.orderId, .customerId = plan.customerId, .items = plan.items, .currency = "EUR"}};
    input.payment.set("method", "card");
    input.payment.set("token", plan.cardToken);
    input.shipping.set("city", plan.city);
    input.shipping.set("country", plan.country);
    return input;
}

} // namespace

Shoppers::Shoppers(core::SagaRunner& sagas, core::Clock& clock, Settings settings, ProblemFunction onProblem)
    : m_sagas(sagas)
    , m_clock(clock)
    , m_settings(settings)
    , m_onProblem(std::move(onProblem))
    , m_rate(settings.rate)
    , m_failureShare(settings.failureShare)
    , m_thread([this](const std::stop_token& stop) { run(stop); })
{
}

Shoppers::~Shoppers()
{
    stop();
}

void Shoppers::stop()
{
    m_thread.request_stop();
    if (m_thread.joinable()) {
        m_thread.join();
    }
}

void Shoppers::causeNext(Ending ending)
{
    const std::scoped_lock lock(m_mutex);
    m_wantedEndings.push_back(ending);
}

void Shoppers::causeNext(Poison poison)
{
    const std::scoped_lock lock(m_mutex);
    m_wantedPoisons.push_back(poison);
}

void Shoppers::run(const std::stop_token& stop)
{
    std::uint64_t index = m_settings.firstIndex;
    Timestamp last = m_clock.now();
    double gap = 0;
    while (waitForNext(last, gap, stop)) {
        // From when it was due, not from when it was done, so that the mean holds.
        const auto step
            = std::chrono::microseconds(static_cast<std::int64_t>(gap / std::max(m_rate.load(), 1e-3) * 1e6));
        last = std::max(last + step, m_clock.now() - kPatience);
        OrderPlan plan = planOrder(m_settings.seed, index, m_failureShare);
        gap = plan.gap;
        turnOnRequest(plan);
        core::Status placed = place(plan);
        while (!placed) {
            m_onProblem(placed.error());
            if (!m_clock.sleepFor(kTroubleDelay, stop)) {
                return;
            }
            placed = place(plan);
        }
        ++index;
    }
}

// In short naps, because the rate may change meanwhile.
bool Shoppers::waitForNext(Timestamp last, double gap, const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        const double rate = m_rate;
        const Timestamp now = m_clock.now();
        Timestamp due = now + kLongestNap;
        if (rate > 0) {
            const auto wait = std::chrono::microseconds(static_cast<std::int64_t>(std::min(gap / rate, 1e6) * 1e6));
            if (last + wait <= now) {
                return true;
            }
            due = std::min(due, last + wait);
        }
        m_isResting = true;
        const bool isDue = m_clock.sleepUntil(due, stop);
        m_isResting = false;
        if (!isDue) {
            return false;
        }
    }
    return false;
}

core::Status Shoppers::place(const OrderPlan& plan)
{
    // The command that the customer sends: what it leads to carries its id.
    const core::MessageScope scope(
        {.messageId = plan.commandId, .correlationId = plan.commandId, .userId = plan.customerId});
    const auto started
        = m_sagas.start(core::kOrderSagaType, core::orderSagaId(plan.orderId), core::toJson(inputOf(plan)));
    // An order of that id is there: from a story of another seed, or of another failure share.
    const bool isTaken = started ? *started == core::SagaRunner::Start::AlreadyThere
                                 : started.error().code == core::ErrorCode::IdempotencyConflict;
    if (started && !isTaken) {
        ++m_placed;
    }
    if (started || isTaken) {
        return {};
    }
    return std::unexpected(started.error());
}

void Shoppers::turnOnRequest(OrderPlan& plan)
{
    const std::scoped_lock lock(m_mutex);
    if (!m_wantedEndings.empty()) {
        turn(plan, m_wantedEndings.front());
        m_wantedEndings.erase(m_wantedEndings.begin());
    }
    if (!m_wantedPoisons.empty()) {
        turn(plan, m_wantedPoisons.front());
        m_wantedPoisons.erase(m_wantedPoisons.begin());
    }
}

} // namespace eventscope::app
