// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "child_process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace eventscope::test {

namespace {

struct Pipe {
    int read = -1, write = -1;
    Pipe()
    {
        std::array<int, 2> ends{};
        if (pipe2(ends.data(), O_CLOEXEC) != 0) {
            throw std::runtime_error("no pipe to be had");
        }
        read = ends[0];
        write = ends[1];
    }
};

void closeDescriptor(int& descriptor)
{
    if (descriptor >= 0) {
        ::close(descriptor);
        descriptor = -1;
    }
}

} // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& command) : ChildProcess(command, Options{}) { }

ChildProcess::ChildProcess(const std::vector<std::string>& command, const Options& options)
{
    // Everything the child needs is made before fork(): after it, only system calls are safe.
    std::vector<char*> arguments;
    for (const std::string& word : command) {
        arguments.push_back(const_cast<char*>(word.c_str()));
    }
    arguments.push_back(nullptr);
    std::vector<char*> environment;
    for (const std::string& setting : options.environment) {
        environment.push_back(const_cast<char*>(setting.c_str()));
    }
    for (char** inherited = environ; *inherited != nullptr; ++inherited) {
        environment.push_back(*inherited);
    }
    environment.push_back(nullptr);
    Pipe in, out, err;
    const int output = options.standardOutput >= 0 ? options.standardOutput : out.write;
    m_pid = fork();
    if (m_pid == 0) {
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, nullptr);
        dup2(in.read, STDIN_FILENO);
        dup2(output, STDOUT_FILENO);
        dup2(err.write, STDERR_FILENO);
        if (!options.directory.empty() && chdir(options.directory.c_str()) != 0) {
            _exit(126);
        }
        execvpe(arguments[0], arguments.data(), environment.data());
        _exit(127);
    }
    ::close(in.read);
    ::close(out.write);
    ::close(err.write);
    m_in = in.write;
    m_out = out.read;
    m_err = err.read;
}

ChildProcess::~ChildProcess()
{
    if (m_pid > 0) {
        ::kill(m_pid, SIGKILL);
        ::waitpid(m_pid, nullptr, 0);
    }
    closeDescriptor(m_in);
    closeDescriptor(m_out);
    closeDescriptor(m_err);
}

void ChildProcess::signal(int number) const
{
    if (m_pid > 0) {
        ::kill(m_pid, number);
    }
}

void ChildProcess::closeOutput()
{
    closeDescriptor(m_out);
}

void ChildProcess::closeInput()
{
    closeDescriptor(m_in);
}

void ChildProcess::writeInput(std::string_view bytes) const
{
    while (!bytes.empty()) {
        const ssize_t written = ::write(m_in, bytes.data(), bytes.size());
        if (written <= 0) {
            return;
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

// Reads what is there; false at the end of both outputs or when the time is over.
bool ChildProcess::pump(std::chrono::steady_clock::time_point deadline)
{
    const auto left
        = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    if (left <= 0 || (m_out < 0 && m_err < 0)) {
        return false;
    }
    std::array<pollfd, 2> entries{{{m_out, POLLIN, 0}, {m_err, POLLIN, 0}}};
    if (::poll(entries.data(), entries.size(), static_cast<int>(std::min<long long>(left, 1000))) < 0) {
        return errno == EINTR;
    }
    std::array<char, 16384> buffer{};
    const auto take = [&](int& descriptor, short events, std::string& into) {
        if (descriptor < 0 || events == 0) {
            return;
        }
        const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
        if (count > 0) {
            into.append(buffer.data(), static_cast<std::size_t>(count));
        } else if (count == 0) {
            closeDescriptor(descriptor);
        }
    };
    take(m_out, entries[0].revents, m_output);
    take(m_err, entries[1].revents, m_errors);
    return true;
}

bool ChildProcess::readOutputUntil(
    const std::function<bool(std::string_view)>& enough, std::chrono::milliseconds timeout)
{
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    while (!enough(m_output)) {
        if (!pump(deadline) || m_out < 0) {
            return enough(m_output);
        }
    }
    return true;
}

int ChildProcess::wait(std::chrono::milliseconds timeout)
{
    closeDescriptor(m_in);
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    while (pump(deadline)) { }
    const bool late = m_out >= 0 || m_err >= 0;
    if (late) {
        ::kill(m_pid, SIGKILL);
    }
    int status = 0;
    ::waitpid(m_pid, &status, 0);
    m_pid = -1;
    if (late) {
        return -1;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::vector<std::string> splitLines(std::string_view text)
{
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        lines.emplace_back(line);
        text.remove_prefix(std::min(text.size(), line.size() + 1));
    }
    return lines;
}

std::vector<std::string> Finished::lines() const
{
    return splitLines(output);
}

Finished runProgram(const std::vector<std::string>& command, const ChildProcess::Options& options)
{
    ChildProcess child(command, options);
    const int exitCode = child.wait();
    return {exitCode, child.output(), child.errors()};
}

Finished runProgram(const std::vector<std::string>& command)
{
    return runProgram(command, {});
}

} // namespace eventscope::test
