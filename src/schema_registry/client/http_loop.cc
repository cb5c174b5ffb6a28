#include "schema_registry/client/http_loop.h"

#include <curl/curl.h>
#include <fmt/core.h>

#include <algorithm>
#include <deque>
#include <map>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/mutex.h"
#include "base/thread_signals.h"

namespace omashu::schema_registry {

namespace {

using Clock = std::chrono::steady_clock;
using Kind = AttemptOutcome::Kind;

constexpr size_t kMaxHeaderBytes = size_t{256} << 10;
constexpr int kIdlePollMs = 60'000;

struct EasyDeleter {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
using Easy = std::unique_ptr<CURL, EasyDeleter>;

struct SlistDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Slist = std::unique_ptr<curl_slist, SlistDeleter>;

// A request on the wire. libcurl keeps pointers into it, so it does not move.
struct Transfer {
  Easy easy;
  std::shared_ptr<HttpJob> job;
  HttpExchange exchange;
  Slist headers;  // where the exchange has further ones
  std::string body;
  size_t header_bytes = 0;
  size_t max_body_bytes = 0;
  bool is_too_large = false;
  char curl_message[CURL_ERROR_SIZE] = "";
};

size_t on_body(char* data, size_t, size_t size, void* context) {
  Transfer& transfer = *static_cast<Transfer*>(context);
  if (size > transfer.max_body_bytes - transfer.body.size()) {
    transfer.is_too_large = true;
    return CURL_WRITEFUNC_ERROR;
  }
  transfer.body.append(data, size);
  return size;
}

size_t on_header(char*, size_t, size_t size, void* context) {
  Transfer& transfer = *static_cast<Transfer*>(context);
  transfer.header_bytes += size;
  transfer.is_too_large = transfer.header_bytes > kMaxHeaderBytes;
  return transfer.is_too_large ? CURL_WRITEFUNC_ERROR : size;
}

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

// Behind libcurl's words about TLS: the property that mends it, where one does.
std::string_view tls_advice(CURLcode code, std::string_view message) {
  switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
      if (message.find("subject name") != message.npos) {
        return "; the certificate is for another name: address the registry by one that stands in it";
      }
      return "; name the authority that signed the registry's certificate (PEM) with schema.registry.ssl.ca.location";
    case CURLE_SSL_CACERT_BADFILE: return "; schema.registry.ssl.ca.location must be a readable file of PEM";
    case CURLE_SSL_CERTPROBLEM:
      return "; see schema.registry.ssl.certificate.location, schema.registry.ssl.key.location and "
             "schema.registry.ssl.key.password";
    default: break;
  }
  if (!is_tls_alert(code, message) || message.find("certificate required") == message.npos) return "";
  return "; give schema.registry.ssl.certificate.location and schema.registry.ssl.key.location (PEM)";
}

Slist make_headers(const std::vector<std::string>& further) {
  Slist headers(curl_slist_append(nullptr, "Content-Type: application/vnd.schemaregistry.v1+json"));
  curl_slist_append(headers.get(),
                    "Accept: application/vnd.schemaregistry.v1+json, application/vnd.schemaregistry+json, "
                    "application/json");
  curl_slist_append(headers.get(), "Expect:");  // no "100-continue" round trip before a body
  for (const std::string& header : further) curl_slist_append(headers.get(), header.c_str());
  return headers;
}

void set(CURL* easy, CURLoption option, const std::string& text) {
  if (!text.empty()) curl_easy_setopt(easy, option, text.c_str());
}

}  // namespace

class HttpLoop::Thread {
 public:
  explicit Thread(HttpLoopOptions options) : options_(std::move(options)) {}
  ~Thread() {
    if (runner_.joinable()) {
      {
        const MutexLock lock(mutex_);
        is_stopping_ = true;
      }
      curl_multi_wakeup(multi_);
      runner_.join();
    }
    transfers_.clear();
    idle_.clear();
    curl_multi_cleanup(multi_);
  }

  bool start() {
    multi_ = curl_multi_init();
    if (multi_ == nullptr) return false;
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(options_.max_in_flight));
    headers_ = make_headers({});
    runner_ = std::thread([this] { run(); });
    return true;
  }

  void submit(std::shared_ptr<HttpJob> job) {
    {
      const MutexLock lock(mutex_);
      submitted_.push_back(std::move(job));
    }
    curl_multi_wakeup(multi_);
  }

 private:
  void run() {
    block_signals();  // SIGPIPE too, which writes of TLS raise
    while (take_submitted()) {
      wake_waiting();
      while (!ready_.empty() && transfers_.size() < static_cast<size_t>(options_.max_in_flight)) begin_next();
      int running = 0;
      curl_multi_perform(multi_, &running);
      if (finish_transfers()) continue;  // places are free, and jobs may be due
      curl_multi_poll(multi_, nullptr, 0, poll_timeout_ms(), nullptr);
    }
    cancel_all();
  }

  // False when the loop is to stop.
  bool take_submitted() {
    const MutexLock lock(mutex_);
    std::move(submitted_.begin(), submitted_.end(), std::back_inserter(ready_));
    submitted_.clear();
    return !is_stopping_;
  }

  void wake_waiting() {
    const auto due = waiting_.upper_bound(Clock::now());
    for (auto it = waiting_.begin(); it != due; ++it) ready_.push_back(std::move(it->second));
    waiting_.erase(waiting_.begin(), due);
  }

  int poll_timeout_ms() const {
    if (waiting_.empty()) return kIdlePollMs;
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(waiting_.begin()->first - Clock::now());
    return static_cast<int>(std::clamp<int64_t>(wait.count(), 0, kIdlePollMs));
  }

  void begin_next() {
    auto transfer = std::make_unique<Transfer>();
    transfer->job = std::move(ready_.front());
    ready_.pop_front();
    transfer->exchange = transfer->job->begin(Clock::now());
    transfer->max_body_bytes = options_.max_response_bytes;
    transfer->easy = take_easy();
    set_up(*transfer);
    CURL* easy = transfer->easy.get();
    transfers_.emplace(easy, std::move(transfer));
    curl_multi_add_handle(multi_, easy);
  }

  Easy take_easy() {
    if (idle_.empty()) return Easy(curl_easy_init());
    Easy easy = std::move(idle_.back());
    idle_.pop_back();
    curl_easy_reset(easy.get());
    return easy;
  }

  void set_up(Transfer& transfer) {
    CURL* easy = transfer.easy.get();
    const HttpExchange& exchange = transfer.exchange;
    curl_easy_setopt(easy, CURLOPT_URL, exchange.url.c_str());
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);  // a subject may be called ".."
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    if (!exchange.headers.empty()) transfer.headers = make_headers(exchange.headers);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, (transfer.headers ? transfer.headers : headers_).get());
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "omashu");
    if (exchange.is_direct) curl_easy_setopt(easy, CURLOPT_PROXY, "");
    if (exchange.method != "GET") {
      curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, exchange.method.c_str());
      if (exchange.method != "DELETE") {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(exchange.body.size()));
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, exchange.body.c_str());
      }
    }
    if (!exchange.user.empty()) {
      curl_easy_setopt(easy, CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
      set(easy, CURLOPT_USERNAME, exchange.user);
      set(easy, CURLOPT_PASSWORD, exchange.password);
    } else if (!exchange.bearer_token.empty()) {
      curl_easy_setopt(easy, CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BEARER));
      set(easy, CURLOPT_XOAUTH2_BEARER, exchange.bearer_token);
    }
    set(easy, CURLOPT_CAINFO, options_.ca_file);
    set(easy, CURLOPT_SSLCERT, options_.certificate_file);
    set(easy, CURLOPT_SSLKEY, options_.key_file);
    set(easy, CURLOPT_KEYPASSWD, options_.key_password);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_timeout.count()));
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(exchange.timeout.count()));
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer.curl_message);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
  }

  // Whether any has finished.
  bool finish_transfers() {
    bool any = false;
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      any = true;
      const CURLcode code = message->data.result;
      CURL* easy = message->easy_handle;
      curl_multi_remove_handle(multi_, easy);
      auto node = transfers_.extract(easy);
      finish(*node.mapped(), code);
    }
    return any;
  }

  void finish(Transfer& transfer, CURLcode code) {
    HttpOutcome outcome = outcome_of(transfer, code);
    idle_.push_back(std::move(transfer.easy));
    const Clock::time_point now = Clock::now();
    if (const auto wait = transfer.job->end(std::move(outcome), now)) {
      waiting_.emplace(now + *wait, std::move(transfer.job));
    }
  }

  HttpOutcome outcome_of(Transfer& transfer, CURLcode code) const {
    CURL* easy = transfer.easy.get();
    HttpOutcome outcome;
    outcome.kind = kind_of(code);
    // The time that connecting took: 0 where it never came to that. A connection that was there already counts.
    outcome.was_connected = code == CURLE_OK || info_of<curl_off_t>(easy, CURLINFO_PRETRANSFER_TIME_T) > 0;
    if (transfer.is_too_large) {
      outcome.kind = Kind::kHopeless;
      outcome.detail = fmt::format("the answer is larger than {} bytes", options_.max_response_bytes);
    } else if (code != CURLE_OK) {
      outcome.detail = transfer.curl_message[0] != '\0' ? transfer.curl_message : curl_easy_strerror(code);
      if (is_tls_alert(code, outcome.detail)) outcome.kind = Kind::kHopeless;
      outcome.detail += tls_advice(code, outcome.detail);
    } else {
      outcome.status = static_cast<int>(info_of<long>(easy, CURLINFO_RESPONSE_CODE));
      outcome.retry_after =
          std::chrono::seconds(std::clamp<curl_off_t>(info_of<curl_off_t>(easy, CURLINFO_RETRY_AFTER), 0, 24 * 3600));
      outcome.content_type = text_info_of(easy, CURLINFO_CONTENT_TYPE);
      outcome.location = text_info_of(easy, CURLINFO_REDIRECT_URL);
      outcome.body = std::move(transfer.body);
    }
    return outcome;
  }

  void cancel_all() {
    HttpOutcome cancelled;
    cancelled.kind = Kind::kCancelled;
    const Clock::time_point now = Clock::now();
    for (auto& [easy, transfer] : transfers_) {
      curl_multi_remove_handle(multi_, easy);
      transfer->job->end(cancelled, now);
    }
    for (auto& [time, job] : waiting_) job->end(cancelled, now);
    for (auto& job : ready_) job->end(cancelled, now);
  }

  const HttpLoopOptions options_;
  CURLM* multi_ = nullptr;
  Slist headers_;
  std::thread runner_;

  Mutex mutex_;
  std::vector<std::shared_ptr<HttpJob>> submitted_ GUARDED_BY(mutex_);
  bool is_stopping_ GUARDED_BY(mutex_) = false;

  // Of the runner.
  std::deque<std::shared_ptr<HttpJob>> ready_;
  std::multimap<Clock::time_point, std::shared_ptr<HttpJob>> waiting_;
  std::unordered_map<CURL*, std::unique_ptr<Transfer>> transfers_;
  std::vector<Easy> idle_;
};

HttpLoop::HttpLoop(std::unique_ptr<Thread> thread) : thread_(std::move(thread)) {}
HttpLoop::~HttpLoop() = default;

Result<std::unique_ptr<HttpLoop>> HttpLoop::start(HttpLoopOptions options) {
  static const CURLcode global = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (global != CURLE_OK) return fail(ErrorCode::kIo, fmt::format("libcurl: {}", curl_easy_strerror(global)));
  auto thread = std::make_unique<Thread>(std::move(options));
  if (!thread->start()) return fail(ErrorCode::kIo, "libcurl could not be started: out of memory or file descriptors");
  return std::unique_ptr<HttpLoop>(new HttpLoop(std::move(thread)));
}

void HttpLoop::submit(std::shared_ptr<HttpJob> job) { thread_->submit(std::move(job)); }

}  // namespace omashu::schema_registry
