// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/dead_letter_queue.h"
#include "pg_login.h"

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace eventscope::postgres {

/// The dead letters that frameworks keep in tables: Axon's dead_letter_entry, Wolverine's
/// wolverine_dead_letters, Marten's mt_doc_deadletterevent. They are only shown, but for Wolverine's,
/// which takes a letter up again when it is marked as replayable: that is its requeue.
/// // one thread at a time; blocks
class PostgresLetters final : public core::DeadLetterQueue {
public:
    static core::Result<std::unique_ptr<PostgresLetters>> open(PgLogin login, PgAccess access, std::stop_token stop);
    ~PostgresLetters() override;

    Capabilities capabilities() const override;
    core::Result<std::vector<core::DeadLetter>> list(std::string_view queue, std::stop_token stop) override;
    core::Status send(const core::Requeue& requeue) override;
    core::Status acknowledge(const core::DeadLetter& letter) override;
    core::Status discard(const core::DeadLetter& letter) override;
    core::Status restore(const core::DeadLetter& letter) override;
    core::Result<core::SendState> settle(std::string_view sendId, const core::DeadLetter& letter) override;
    core::Result<std::optional<std::size_t>> newerOfSameKey(const core::DeadLetter& letter) override;
    std::vector<std::string> notices() const override;

private:
    struct Private;
    explicit PostgresLetters(std::unique_ptr<Private> p);
    std::unique_ptr<Private> d;
};

} // namespace eventscope::postgres
