// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/import_target.h"

#include "cli/writable_store.h"
#include "sources/kafka_import.h"
#include "sources/source_password.h"

#include <utility>

namespace eventscope::app {

namespace {

class StoreTarget final : public ImportTarget {
public:
    StoreTarget(std::shared_ptr<core::EventStore> store, core::EventImport::Versions versions, core::Clock& clock)
        : m_store(std::move(store)), m_import(*m_store, clock, versions)
    {
    }

    core::EventSink& sink() override { return m_import; }
    core::Status finish() override { return m_import.finish(); }
    Figures figures() const override
    {
        return {m_import.written(), m_import.alreadyThere(), m_import.withoutId(), m_import.withoutTime()};
    }

private:
    std::shared_ptr<core::EventStore> m_store;
    core::EventImport m_import;
};

} // namespace

core::Result<std::unique_ptr<ImportTarget>> openImportTarget(
    const SourceUrl& url, core::EventImport::Versions versions, core::Clock& clock)
{
    if (url.scheme == SourceScheme::Kafka) {
        return openKafkaImport(withPasswordFromEnvironment(url));
    }
    auto store = openStoreForWriting(url);
    if (!store) {
        return std::unexpected(store.error());
    }
    return std::make_unique<StoreTarget>(std::move(*store), versions, clock);
}

} // namespace eventscope::app
