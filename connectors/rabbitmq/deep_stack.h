// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

namespace eventscope::rabbitmq {

/// Runs it here when this thread has stack enough, else on a thread made for it, and waits.
///
/// The client library reads nested headers by recursion without a limit (up to 0.13): one frame of
/// 128 KiB can be nested 26 000 deep, at about 100 bytes a level. A thread of 2 MiB or less dies of it,
/// so everything that reads frames runs with more.
void withDeepStack(const std::function<void()>& work);

} // namespace eventscope::rabbitmq
