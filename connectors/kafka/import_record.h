// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/source_event.h"
#include "producer.h"
#include "record_batch.h"

#include <string>

namespace eventscope::kafka {

/// Makes records of events from anywhere so that they read back as the events they were: each form that
/// a record can have is tried and read again, until one says the same.
///
/// What came from Kafka becomes the record that it was, as far as an event tells that: its bytes, its
/// headers, its key. Other JSON goes in the classic form, and bytes that no JSON can hold as they are,
/// with what the envelope said in headers beside them. // one thread at a time
class ImportRecord {
public:
    OutRecord make(const core::SourceEvent& event, const std::string& topic);

private:
    bool readsBackAs(const core::SourceEvent& event, const OutRecord& record);

    RecordDecoder m_decoder;
    std::vector<core::HeaderView> m_headers;
};

} // namespace eventscope::kafka
