#include "http_client/transfer.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace omashu::http_client {

namespace {

using Kind = AttemptOutcome::Kind;

constexpr size_t kMaxHeaderBytes = size_t{256} << 10;

template <class T>
T info_of(CURL* easy, CURLINFO info) {
  T value{};
  curl_easy_getinfo(easy, info, &value);
  return value;
}

std::string text_info_of(CURL* easy, CURLINFO info) {
  const char* text = info_of<char*>(easy, info);
  return text == nullptr ? "" : text;
}

Kind kind_of(CURLcode code) {
  switch (code) {
    case CURLE_OK: return Kind::kAnswered;
    case CURLE_OPERATION_TIMEDOUT: return Kind::kTimedOut;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR: return Kind::kNoAnswer;
    default: return Kind::kHopeless;
  }
}

// The server ended the handshake with a TLS alert, as for a client certificate that it misses. With TLS 1.3 that comes
// with the first read.
bool is_tls_alert(CURLcode code, std::string_view message) {
  return code == CURLE_RECV_ERROR && message.find("SSL routines") != message.npos &&
         message.find(" alert ") != message.npos;
}

std::string_view trim(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin);
}

}  // namespace

Transfer::Transfer(const HttpLoopOptions& options, std::shared_ptr<HttpJob> job, Easy easy)
    : options_(options),
      job_(std::move(job)),
      easy_(std::move(easy)),
      exchange_(job_->begin(std::chrono::steady_clock::now())) {
  set_up();
  set_request();
}

void Transfer::set(CURLoption option, const std::string& text) {
  if (!text.empty()) curl_easy_setopt(easy_.get(), option, text.c_str());
}

void Transfer::set_up() {
  CURL* easy = easy_.get();
  curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);  // a subject of a schema registry may be called ".."
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "omashu");
  set(CURLOPT_CAINFO, options_.ca_file);
  set(CURLOPT_SSLCERT, options_.certificate_file);
  set(CURLOPT_SSLKEY, options_.key_file);
  set(CURLOPT_KEYPASSWD, options_.key_password);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_timeout.count()));
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, curl_message_);
  curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);  // those of a proxy are no answer
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
}

void Transfer::set_request() {
  CURL* easy = easy_.get();
  curl_easy_setopt(easy, CURLOPT_URL, exchange_.url.c_str());
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(exchange_.timeout.count()));
  headers_.reset(curl_slist_append(nullptr, "Expect:"));  // no "100-continue" round trip before a body
  for (const std::string& header : options_.headers) curl_slist_append(headers_.get(), header.c_str());
  for (const std::string& header : exchange_.headers) curl_slist_append(headers_.get(), header.c_str());
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers_.get());
  if (exchange_.is_direct) curl_easy_setopt(easy, CURLOPT_PROXY, "");
  if (exchange_.method == "HEAD") {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  } else if (exchange_.method != "GET") {
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, exchange_.method.c_str());
    if (exchange_.method != "DELETE") {
      curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(exchange_.body.size()));
      curl_easy_setopt(easy, CURLOPT_POSTFIELDS, exchange_.body.c_str());
    }
  }
  if (!exchange_.user.empty()) {
    curl_easy_setopt(easy, CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
    set(CURLOPT_USERNAME, exchange_.user);
    set(CURLOPT_PASSWORD, exchange_.password);
  } else if (!exchange_.bearer_token.empty()) {
    curl_easy_setopt(easy, CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BEARER));
    set(CURLOPT_XOAUTH2_BEARER, exchange_.bearer_token);
  }
}

size_t Transfer::on_header(char* data, size_t, size_t size, void* transfer) {
  return static_cast<Transfer*>(transfer)->take_header({data, size}) ? size : CURL_WRITEFUNC_ERROR;
}

size_t Transfer::on_body(char* data, size_t, size_t size, void* transfer) {
  return static_cast<Transfer*>(transfer)->take_body({data, size}) ? size : CURL_WRITEFUNC_ERROR;
}

bool Transfer::take_header(std::string_view line) {
  header_bytes_ += line.size();
  is_too_large_ = header_bytes_ > kMaxHeaderBytes;
  if (is_too_large_) return false;
  if (is_head_complete_) return true;  // a trailer
  if (line.starts_with("HTTP/")) {
    head_.headers.clear();
    return true;
  }
  const std::string_view text = trim(line);
  if (!text.empty()) {
    const size_t colon = std::min(text.find(':'), text.size());
    head_.headers.emplace_back(text.substr(0, colon), trim(text.substr(std::min(colon + 1, text.size()))));
    return true;
  }
  head_.status = static_cast<int>(info_of<long>(easy_.get(), CURLINFO_RESPONSE_CODE));
  if (head_.status < 200) return true;  // "100 Continue": the answer comes behind it
  is_head_complete_ = true;
  is_streamed_ = job_->on_head(head_);
  return true;
}

bool Transfer::take_body(std::string_view bytes) {
  if (is_streamed_) {
    is_refused_ = !job_->on_body(bytes);
    return !is_refused_;
  }
  is_too_large_ = bytes.size() > options_.max_response_bytes - body_.size();
  if (is_too_large_) return false;
  body_.append(bytes);
  return true;
}

HttpOutcome Transfer::outcome(CURLcode code) {
  HttpOutcome outcome;
  if (is_too_large_) {
    outcome.kind = Kind::kHopeless;
    outcome.detail = fmt::format("the answer is larger than {} bytes", options_.max_response_bytes);
  } else if (is_refused_) {
    outcome.kind = Kind::kHopeless;
    outcome.detail = "the answer was not wanted any more";
  } else if (code == CURLE_OK) {
    outcome = answer();
  } else {
    outcome.detail = curl_message_[0] != '\0' ? curl_message_ : curl_easy_strerror(code);
    outcome.kind = is_tls_alert(code, outcome.detail) ? Kind::kHopeless : kind_of(code);
    const std::string advice = tls_advice(code, outcome.detail);
    if (!advice.empty()) outcome.detail += "; " + advice;
  }
  // The time that connecting took: 0 where it never came to that. A connection that was there already counts.
  outcome.was_connected = code == CURLE_OK || info_of<curl_off_t>(easy_.get(), CURLINFO_PRETRANSFER_TIME_T) > 0;
  return outcome;
}

HttpOutcome Transfer::answer() {
  CURL* easy = easy_.get();
  HttpOutcome outcome;
  outcome.status = static_cast<int>(info_of<long>(easy, CURLINFO_RESPONSE_CODE));
  outcome.retry_after =
      std::chrono::seconds(std::clamp<curl_off_t>(info_of<curl_off_t>(easy, CURLINFO_RETRY_AFTER), 0, 24 * 3600));
  outcome.headers = std::move(head_.headers);
  outcome.content_type = text_info_of(easy, CURLINFO_CONTENT_TYPE);
  outcome.location = text_info_of(easy, CURLINFO_REDIRECT_URL);
  outcome.body = std::move(body_);
  return outcome;
}

std::string Transfer::tls_advice(CURLcode code, const std::string& message) const {
  if (options_.tls_advice == nullptr) return "";
  switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
      return options_.tls_advice(message.find("subject name") != message.npos ? TlsFault::kOtherName
                                                                              : TlsFault::kUnknownAuthority);
    case CURLE_SSL_CACERT_BADFILE: return options_.tls_advice(TlsFault::kUnreadableAuthority);
    case CURLE_SSL_CERTPROBLEM: return options_.tls_advice(TlsFault::kOwnCertificate);
    default: break;
  }
  if (!is_tls_alert(code, message) || message.find("certificate required") == message.npos) return "";
  return options_.tls_advice(TlsFault::kOwnCertificateMissing);
}

}  // namespace omashu::http_client
