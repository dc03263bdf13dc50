// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/event_log.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace eventscope::test {

/// Writes the stream of one saga of four steps into a log, event by event.
class SampleSaga {
public:
    /// `log` must outlive this.
    SampleSaga(core::EventLog& log, std::string id, core::Timestamp start)
        : m_log(log), m_id(std::move(id)), m_time(start)
    {
    }

    std::string stream() const { return "saga-" + m_id; }
    std::string correlation() const { return "flow-" + m_id; }
    core::Timestamp time() const { return m_time; }
    std::string lastEventId() const { return fmt::format("{}-{}", m_id, m_version); }

    SampleSaga& start()
    {
        return add("SagaStarted",
            fmt::format(R"({{"sagaId":"{}","sagaType":"order-saga","steps":[)"
                        R"({{"name":"create order","compensation":"cancel order"}},)"
                        R"({{"name":"process payment","compensation":"refund payment"}},)"
                        R"({{"name":"reserve inventory","compensation":"release inventory"}},)"
                        R"({{"name":"create shipment","compensation":"cancel shipment"}}],"input":{{}}}})",
                m_id));
    }
    SampleSaga& begin(std::string_view step, int attempt = 1)
    {
        return add("SagaStepStarted",
            fmt::format(R"({{"step":"{}","attempt":{},"idempotencyKey":"{}/{}"}})", step, attempt, m_id, step));
    }
    SampleSaga& complete(std::string_view step, int attempt = 1)
    {
        return add("SagaStepCompleted", fmt::format(R"({{"step":"{}","attempt":{},"result":{{}}}})", step, attempt));
    }
    SampleSaga& fail(std::string_view step, std::string_view why, int attempt = 1, bool willRetry = false)
    {
        return add("SagaStepFailed",
            fmt::format(R"({{"step":"{}","attempt":{},"error":{{"code":"Conflict","message":"{}"}},)"
                        R"("effect":"none","willRetry":{}}})",
                step, attempt, why, willRetry));
    }
    SampleSaga& compensate(std::string_view step, std::string_view compensation, int attempt = 1)
    {
        return add("SagaCompensationStarted",
            fmt::format(R"({{"step":"{}","compensation":"{}","attempt":{},"idempotencyKey":"{}/{}"}})", step,
                compensation, attempt, m_id, compensation));
    }
    SampleSaga& compensated(std::string_view step, std::string_view compensation, int attempt = 1)
    {
        return add("SagaCompensationCompleted",
            fmt::format(R"({{"step":"{}","compensation":"{}","attempt":{}}})", step, compensation, attempt));
    }
    SampleSaga& compensationFailed(
        std::string_view step, std::string_view compensation, std::string_view why, int attempt = 1)
    {
        return add("SagaCompensationFailed",
            fmt::format(R"({{"step":"{}","compensation":"{}","attempt":{},)"
                        R"("error":{{"code":"Unavailable","message":"{}"}},"willRetry":false}})",
                step, compensation, attempt, why));
    }
    SampleSaga& end(std::string_view type) { return add(type, fmt::format(R"({{"sagaId":"{}"}})", m_id)); }

    SampleSaga& step(std::string_view name) { return begin(name).wait(140).complete(name).wait(20); }
    SampleSaga& wait(int milliseconds)
    {
        m_time += std::chrono::milliseconds(milliseconds);
        return *this;
    }

    // Whole stories.
    SampleSaga& runToCompletion()
    {
        start().wait(10).step("create order").step("process payment").step("reserve inventory");
        return step("create shipment").end("SagaCompleted");
    }
    SampleSaga& failOnInventory()
    {
        start().wait(10).step("create order").step("process payment");
        for (int attempt = 1; attempt <= 3; ++attempt)
            begin("reserve inventory", attempt)
                .wait(80)
                .fail("reserve inventory", "out of stock", attempt, attempt < 3)
                .wait(60);
        return *this;
    }
    SampleSaga& runToCompensated()
    {
        failOnInventory().compensate("process payment", "refund payment").wait(150);
        compensated("process payment", "refund payment").wait(10).compensate("create order", "cancel order").wait(90);
        return compensated("create order", "cancel order").end("SagaCompensated");
    }
    SampleSaga& runToStuck()
    {
        failOnInventory().compensate("process payment", "refund payment").wait(150);
        compensationFailed("process payment", "refund payment", "gateway 503").wait(10);
        compensate("create order", "cancel order").wait(90).compensated("create order", "cancel order");
        return end("SagaStuck");
    }

private:
    SampleSaga& add(std::string_view type, const std::string& data)
    {
        const std::string stream = this->stream(), correlation = this->correlation();
        const std::string cause = m_version == 0 ? correlation : lastEventId();
        ++m_version;
        const std::string id = lastEventId();
        const core::SourceEvent row{.source = "demo",
            .stream = stream,
            .position = m_version,
            .version = m_version,
            .id = id,
            .type = type,
            .time = m_time,
            .correlationId = correlation,
            .causationId = cause,
            .payload = data};
        m_log.append({&row, 1});
        return *this;
    }

    core::EventLog& m_log;
    const std::string m_id;
    core::Timestamp m_time;
    std::int64_t m_version = 0;
};

} // namespace eventscope::test
