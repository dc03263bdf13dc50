// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dead_letters_seen.h"

#include "inspect/parked_letters.h"

#include <algorithm>

namespace eventscope::models {

std::size_t DeadLettersSeen::letterCount() const
{
    std::size_t count = 0;
    for (const Desk& desk : desks)
        count += desk.letters.size();
    return count;
}

const DeadLettersSeen::Desk* DeadLettersSeen::deskOf(std::string_view source) const
{
    const auto found = std::ranges::find(desks, source, &Desk::source);
    return found == desks.end() ? nullptr : &*found;
}

const std::string& homeOf(const core::DeadLetter& letter)
{
    // A store's letter has the position of its event; a broker's in our convention names the queue it failed in.
    const bool isParked = letter.convention == core::kParkedConvention && letter.original.position.has_value();
    return isParked || letter.original.stream.empty() ? letter.queue : letter.original.stream;
}

std::size_t DeadLetterActivity::count(core::RequeueOutcome outcome) const
{
    return static_cast<std::size_t>(std::ranges::count(outcomes, outcome, &core::LetterOutcome::outcome));
}

} // namespace eventscope::models
