#include "http_client/http_loop.h"

#include <fmt/core.h>

#include <algorithm>
#include <deque>
#include <iterator>
#include <map>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "base/thread_signals.h"
#include "http_client/transfer.h"

namespace omashu::http_client {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kIdlePollMs = 60'000;

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
    auto transfer = std::make_unique<Transfer>(options_, std::move(ready_.front()), take_easy());
    ready_.pop_front();
    CURL* easy = transfer->easy();
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
    HttpOutcome outcome = transfer.outcome(code);
    idle_.push_back(transfer.release_easy());
    const Clock::time_point now = Clock::now();
    if (const auto wait = transfer.job().end(std::move(outcome), now)) {
      waiting_.emplace(now + *wait, transfer.release_job());
    }
  }

  void cancel_all() {
    HttpOutcome cancelled;
    cancelled.kind = AttemptOutcome::Kind::kCancelled;
    const Clock::time_point now = Clock::now();
    for (auto& [easy, transfer] : transfers_) {
      curl_multi_remove_handle(multi_, easy);
      transfer->job().end(cancelled, now);
    }
    for (auto& [time, job] : waiting_) job->end(cancelled, now);
    for (auto& job : ready_) job->end(cancelled, now);
  }

  const HttpLoopOptions options_;
  CURLM* multi_ = nullptr;
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

}  // namespace omashu::http_client
