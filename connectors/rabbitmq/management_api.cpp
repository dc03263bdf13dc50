// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "management_api.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <cstddef>
#include <mutex>
#include <utility>

namespace eventscope::rabbitmq {

using core::ErrorCode;
using core::fail;

namespace {

constexpr std::size_t kLargestAnswer = std::size_t{256} << 20;

struct Answer {
    std::string body;
    bool isTooLarge = false;
};

std::size_t collect(char* data, std::size_t size, std::size_t count, void* context)
{
    auto* answer = static_cast<Answer*>(context);
    if (answer->body.size() + size * count > kLargestAnswer) {
        answer->isTooLarge = true;
        return 0;
    }
    answer->body.append(data, size * count);
    return size * count;
}

int checkStop(void* context, curl_off_t, curl_off_t, curl_off_t, curl_off_t)
{
    return static_cast<const std::stop_token*>(context)->stop_requested() ? 1 : 0;
}

void initialiseLibrary()
{
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

} // namespace

struct ManagementApi::Handle {
    CURL* curl = nullptr;
    curl_slist* headers = nullptr;
    ~Handle()
    {
        curl_slist_free_all(headers);
        curl_easy_cleanup(curl);
    }
};

std::string ManagementApi::encoded(std::string_view text)
{
    std::string result;
    for (const char c : text) {
        const bool isPlain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-'
            || c == '_' || c == '.' || c == '~';
        if (isPlain)
            result += c;
        else
            result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return result;
}

ManagementApi::ManagementApi(const RabbitOptions& options)
    : m_options(options), m_url(options.managementUrl()), m_vhost(encoded(options.vhost))
{
}

ManagementApi::~ManagementApi() = default;

core::Result<core::Json> ManagementApi::get(std::string_view path, std::stop_token stop)
{
    auto body = perform("GET", path, {}, std::move(stop));
    if (!body)
        return std::unexpected(body.error());
    auto json = core::Json::parse(*body);
    if (!json)
        return fail(ErrorCode::Unreachable,
            fmt::format("What answers at {} is no management plugin of RabbitMQ; check ?management=URL.", m_url));
    return json;
}

core::Status ManagementApi::send(std::string_view method, std::string_view path, std::string_view body)
{
    const auto answer = perform(method, path, body, {});
    return answer ? core::Status() : std::unexpected(answer.error());
}

core::Result<std::string> ManagementApi::perform(
    std::string_view method, std::string_view path, std::string_view body, std::stop_token stop)
{
    if (!m_handle) {
        initialiseLibrary();
        m_handle = std::make_unique<Handle>();
        m_handle->curl = curl_easy_init();
        m_handle->headers = curl_slist_append(nullptr, "Content-Type: application/json");
    }
    CURL* curl = m_handle->curl;
    if (curl == nullptr)
        return fail(ErrorCode::Io, "There is no memory for a connection.");
    curl_easy_reset(curl); // the connection stays
    const std::string url = fmt::format("{}/api/{}", m_url, path);
    const std::string verb(method);
    Answer answer;
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, verb.c_str());
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, m_handle->headers);
    curl_easy_setopt(curl, CURLOPT_USERNAME, m_options.user.c_str());
    curl_easy_setopt(curl, CURLOPT_PASSWORD, m_options.password.c_str());
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(m_options.connectTimeout.count()));
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(m_options.answerTimeout.count()));
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &collect);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, &checkStop);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &stop);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, m_options.verifyPeer ? 1L : 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, m_options.verifyPeer ? 2L : 0L);
    if (!m_options.caFile.empty())
        curl_easy_setopt(curl, CURLOPT_CAINFO, m_options.caFile.c_str());
    if (!body.empty()) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
        curl_easy_setopt(curl, CURLOPT_COPYPOSTFIELDS, std::string(body).c_str());
    }
    const CURLcode code = curl_easy_perform(curl);
    if (code == CURLE_ABORTED_BY_CALLBACK)
        return fail(ErrorCode::Cancelled, "Stopped.");
    if (code == CURLE_OPERATION_TIMEDOUT)
        return fail(ErrorCode::Timeout, fmt::format("The management plugin at {} does not answer.", m_url));
    if (code != CURLE_OK) {
        return fail(ErrorCode::Unreachable,
            answer.isTooLarge
                ? fmt::format("The management plugin at {} tells more than can be kept.", m_url)
                : fmt::format("The management plugin cannot be reached at {} ({}); enable it, or say where "
                              "it is with ?management=URL.",
                    m_url, curl_easy_strerror(code)));
    }
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (status >= 200 && status < 300)
        return std::move(answer.body);
    if (status == 401 || status == 403) {
        return fail(ErrorCode::Refused,
            fmt::format("The management plugin at {} refuses the user {}: it must have the tag 'management' (or "
                        "'monitoring') and access to the vhost.",
                m_url, m_options.user));
    }
    if (status == 404)
        return fail(ErrorCode::NotFound, fmt::format("The management plugin at {} knows no {}.", m_url, path));
    return fail(ErrorCode::Refused,
        fmt::format("The management plugin at {} answered {} to {} {}.", m_url, status, method, path));
}

} // namespace eventscope::rabbitmq
