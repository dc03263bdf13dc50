// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/arguments.h"

#include <CLI/CLI.hpp>

#include <charconv>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace eventscope::app {

/// What somebody wrote for an option. Values are read by us, the same with every version of CLI11;
/// a wrong one throws CLI::ValidationError, which ends the parsing with the option's name and the sentence.
struct OptionText {
    std::string option;
    std::string text;

    [[noreturn]] void refuse(const std::string& sentence) const { throw CLI::ValidationError(option, sentence); }
};

template <class Number>
Number numberOf(const OptionText& value, Number least)
{
    Number number{};
    const char* end = value.text.data() + value.text.size();
    const auto [rest, error] = std::from_chars(value.text.data(), end, number);
    if (error != std::errc{} || rest != end || number < least) {
        value.refuse("'" + value.text + "' is no whole number from " + std::to_string(least) + " up.");
    }
    return number;
}

double realOf(const OptionText& value, double least, double most);
SourceUrl sourceOf(const OptionText& value);
RangeLimit rangeLimitOf(const OptionText& value);
core::FilterExpression filterOf(const OptionText& value);
std::string nameOf(const OptionText& value); ///< anything but an empty text

/// An option or positional with one value, which `set` takes as OptionText. `type` is for the help.
template <class Set>
CLI::Option* addValue(
    CLI::App& command, const std::string& name, const std::string& type, const std::string& description, Set set)
{
    return command
        .add_option_function<std::string>(
            name,
            [name, set](const std::string& text) {
                set(OptionText{name, text});
            },
            description)
        ->type_name(type);
}

/// The same with one or more values, `set` called for each.
template <class Set>
CLI::Option* addValues(
    CLI::App& command, const std::string& name, const std::string& type, const std::string& description, Set set)
{
    return command
        .add_option_function<std::vector<std::string>>(
            name,
            [name, set](const std::vector<std::string>& texts) {
                for (const std::string& text : texts) {
                    set(OptionText{name, text});
                }
            },
            description)
        ->type_name(type);
}

void addSource(CLI::App& command, SourceUrl& source);

/// A subcommand whose arguments live as long as the parser and are chosen when it is given.
template <class T>
std::pair<CLI::App*, T*> addCommand(
    CLI::App& app, std::optional<Arguments>& chosen, const std::string& name, const std::string& description)
{
    CLI::App* command = app.add_subcommand(name, description);
    auto arguments = std::make_shared<T>();
    command->callback([&chosen, arguments] { chosen = *arguments; });
    return {command, arguments.get()};
}

} // namespace eventscope::app
