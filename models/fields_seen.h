// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/event_log.h"

#include <QObject>
#include <QStringList>
#include <QThreadPool>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace eventscope::models {

/// What the latest events of a log have: names of payload fields and headers, and values of attributes.
struct SeenFields {
    std::vector<std::string> headers;
    std::vector<std::string> fields;                                     ///< of payloads: "totalAmount", "items[0].sku"
    std::map<std::string, std::vector<std::string>, std::less<>> values; ///< by attribute, the frequent first
};

/// Looks at them in the background. // GUI thread
class FieldsSeen final : public QObject {
    Q_OBJECT

public:
    /// `log` must outlive this.
    explicit FieldsSeen(const core::EventLog& log, QObject* parent = nullptr);
    ~FieldsSeen() override;

    void learn();
    /// Never null.
    std::shared_ptr<const SeenFields> latest() const { return m_seen; }

Q_SIGNALS:
    void learned();

private:
    static std::shared_ptr<const SeenFields> lookAt(const core::EventLog& log);

    const core::EventLog& m_log;
    std::shared_ptr<const SeenFields> m_seen;
    QThreadPool m_pool; // last: its thread uses the above
};

} // namespace eventscope::models
