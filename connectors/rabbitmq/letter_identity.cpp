// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "letter_identity.h"

#include <fmt/format.h>

#include <cstdint>
#include <optional>

namespace eventscope::rabbitmq {

namespace {

/// FNV-1a twice, with lengths in between, so that no two texts run into one.
class Fingerprint {
public:
    void add(std::string_view text)
    {
        bytes(text);
        const std::uint64_t size = text.size();
        bytes({reinterpret_cast<const char*>(&size), sizeof size});
    }
    void addOptional(const std::optional<std::string>& text)
    {
        add(text ? std::string_view(*text) : std::string_view("\x01none", 5));
    }
    std::string text() const { return fmt::format("{:016x}{:016x}", m_first, m_second); }

private:
    void bytes(std::string_view text)
    {
        constexpr std::uint64_t kPrime = 0x100000001b3;
        for (const char c : text) {
            m_first = (m_first ^ static_cast<unsigned char>(c)) * kPrime;
            m_second = (m_second ^ static_cast<unsigned char>(~c)) * kPrime;
        }
    }

    std::uint64_t m_first = 0xcbf29ce484222325, m_second = 0x9ae16a3b2f90404f;
};

} // namespace

std::string LetterIdentity::next(const HeldMessage& message)
{
    const MessageProperties& properties = message.properties;
    Fingerprint print;
    print.add(m_queue);
    print.add(message.exchange);
    print.add(message.routingKey);
    print.add(message.body);
    for (const auto* text :
        {&properties.contentType, &properties.contentEncoding, &properties.correlationId, &properties.replyTo,
            &properties.expiration, &properties.messageId, &properties.type, &properties.userId, &properties.appId})
        print.addOptional(*text);
    print.add(fmt::format("{} {} {}", properties.deliveryMode.value_or(0), properties.priority.value_or(0),
        properties.timestamp.value_or(0)));
    for (const auto& [name, value] : properties.headers) {
        if (name == "x-delivery-count" || name == "x-acquired-count")
            continue; // a look changes them
        print.add(name);
        print.add(std::string_view(&value.kind, 1));
        print.add(value.display());
    }
    const std::string id = print.text();
    const int number = ++m_seen[id];
    return number == 1 ? id : fmt::format("{}-{}", id, number);
}

} // namespace eventscope::rabbitmq
