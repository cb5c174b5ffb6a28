// A request on the wire: an easy handle of libcurl's, set up for one exchange, and what came so far. Private to this
// folder.

#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>
#include <vector>

#include "http_client/http_loop.h"

namespace omashu::http_client {

struct EasyDeleter {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
using Easy = std::unique_ptr<CURL, EasyDeleter>;

// libcurl keeps pointers into it, so it does not move.
class Transfer {
 public:
  Transfer(const HttpLoopOptions& options, std::shared_ptr<HttpJob> job, Easy easy);

  CURL* easy() const { return easy_.get(); }
  HttpJob& job() const { return *job_; }

  // Once libcurl has ended it.
  HttpOutcome outcome(CURLcode code);
  Easy release_easy() { return std::move(easy_); }
  std::shared_ptr<HttpJob> release_job() { return std::move(job_); }

 private:
  struct SlistDeleter {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };

  void set_up();
  void set_request();
  void set(CURLoption option, const std::string& text);
  bool take_header(std::string_view line);
  bool take_body(std::string_view bytes);
  HttpOutcome answer();
  std::string tls_advice(CURLcode code, const std::string& message) const;

  static size_t on_header(char* data, size_t, size_t size, void* transfer);
  static size_t on_body(char* data, size_t, size_t size, void* transfer);

  const HttpLoopOptions& options_;
  std::shared_ptr<HttpJob> job_;
  Easy easy_;
  HttpExchange exchange_;
  std::unique_ptr<curl_slist, SlistDeleter> headers_;
  char curl_message_[CURL_ERROR_SIZE] = "";

  HttpHead head_;
  bool is_head_complete_ = false;
  size_t header_bytes_ = 0;
  bool is_streamed_ = false;
  std::string body_;
  bool is_too_large_ = false;
  bool is_refused_ = false;  // by the job
};

}  // namespace omashu::http_client
