// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sourcing/message_bus.h"

#include "event/message_context.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <typeinfo>

#include <cxxabi.h>

namespace eventscope::core {

namespace {

std::string readableType(const std::type_info& type)
{
    int status = 0;
    const std::unique_ptr<char, decltype(&std::free)> name(
        abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), &std::free);
    return status == 0 ? name.get() : type.name();
}

// The causes of a nested exception, outermost first, one line each.
void appendCauses(std::string& stack, const std::exception& exception)
{
    try {
        std::rethrow_if_nested(exception);
    } catch (const std::exception& cause) {
        stack += "\ncaused by " + readableType(typeid(cause)) + ": " + cause.what();
        appendCauses(stack, cause);
    } catch (...) {
        stack += "\ncaused by an exception that is no std::exception";
    }
}

} // namespace

std::chrono::milliseconds RetryPolicy::delayBefore(int retry) const
{
    const double grown = static_cast<double>(firstDelay.count()) * std::pow(factor, std::max(retry, 1) - 1);
    if (!(grown < static_cast<double>(maxDelay.count()))) // also what is infinite
        return maxDelay;
    return std::chrono::milliseconds(static_cast<std::chrono::milliseconds::rep>(grown));
}

Status callHandler(const EventHandler& handler, const RecordedEvent& event)
{
    const MessageScope scope(contextOf(event.id, event.metadata));
    try {
        return handler(event);
    } catch (...) {
        return std::unexpected(errorOfCurrentException());
    }
}

Error errorOfCurrentException()
{
    const std::type_info* type = abi::__cxa_current_exception_type();
    const std::string name = type ? readableType(*type) : "an unknown type";
    try {
        throw;
    } catch (const std::exception& exception) {
        Error error{ErrorCode::HandlerFailed, exception.what(), "thrown as " + name + ": " + exception.what()};
        appendCauses(error.stack, exception);
        return error;
    } catch (...) {
        return {ErrorCode::HandlerFailed, "the handler threw " + name, "thrown as " + name};
    }
}

Status MessageBus::publishTracked(std::span<const RecordedEvent> events, SettledFunction settled)
{
    if (Status published = publishBatch(events); !published)
        return published;
    for (std::size_t i = 0; i < events.size(); ++i)
        settled(i, {});
    return {};
}

} // namespace eventscope::core
