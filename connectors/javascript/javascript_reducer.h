// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"
#include "inspect/reducer.h"

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace eventscope::javascript {

/// A reducer somebody wrote in JavaScript. It runs in a process of its own that can open no file and
/// no connection, has bounded memory, and is ended when it takes too long; nothing in it can stop or
/// harm the program. The state before each event is what the last call gave.
///
/// Numbers are JavaScript's: 99.50 comes back as 99.5. A number of more than 15 digits, which it
/// cannot hold exactly, is handed over as a text with all of them.
class JavaScriptReducer final : public core::Reducer {
public:
    struct Options {
        std::chrono::milliseconds timeLimit{2000}; ///< for one event
        /// The program that is its own worker, see javascript_worker.h.
        std::string program = "/proc/self/exe";
    };
    /// NotFound when the file is not there, Unparsable with file and line when it is no reducer.
    static core::Result<std::unique_ptr<JavaScriptReducer>> open(const std::filesystem::path& file, Options options);
    static core::Result<std::unique_ptr<JavaScriptReducer>> open(const std::filesystem::path& file)
    {
        return open(file, Options{});
    }
    ~JavaScriptReducer() override;

    std::string_view name() const override { return m_name; } ///< e.g. "order.js"
    core::Json initialState() const override { return m_initial; }
    core::Status apply(core::Json& state, const core::ReducerEvent& event) override;

private:
    class Process;

    JavaScriptReducer(std::string name, std::string script, Options options);
    core::Status start();
    core::Result<core::Json> ask(const std::string& request, std::string_view doing);

    const std::string m_name;
    const std::string m_script;
    const Options m_options;
    core::Json m_initial;
    std::unique_ptr<Process> m_process; ///< nullptr after it had to be ended
    int m_ends = 0;
};

} // namespace eventscope::javascript
