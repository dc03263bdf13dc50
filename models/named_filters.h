// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>
#include <optional>
#include <vector>

namespace eventscope::models {

/// Filters that somebody keeps under names of his own. // GUI thread
class NamedFilters {
public:
    struct Filter {
        QString name, text;
        bool operator==(const Filter&) const = default;
    };

    const std::vector<Filter>& all() const { return m_filters; } ///< by name
    /// One of that name is replaced; an empty name is the text itself.
    void save(const QString& name, const QString& text);
    void remove(const QString& name);
    /// False when that name is taken, or there is none to rename.
    bool rename(const QString& from, const QString& to);
    std::optional<QString> textOf(const QString& name) const;
    /// The name under which that very text is kept.
    std::optional<QString> nameOf(const QString& text) const;
    /// Takes those whose names are free; how many.
    int merge(const NamedFilters& others);

    /// [{"name","filter"}].
    QByteArray toJson() const;
    static NamedFilters fromJson(const QByteArray& json);

private:
    std::vector<Filter> m_filters;
};

} // namespace eventscope::models
