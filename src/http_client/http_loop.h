// One thread that runs HTTP requests together over kept-alive connections (libcurl's multi interface).
//
// A job says what to send and, when that has ended, whether to try again. Jobs start in the order of submission, at
// most `max_in_flight` at a time; one that waits for its next try holds no place.

#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http_client/http_job.h"
#include "omashu/result.h"

namespace omashu::http_client {

// Faults of TLS that a setting mends.
enum class TlsFault {
  kOtherName,              // the server's certificate is for another name
  kUnknownAuthority,       // of the server's certificate
  kUnreadableAuthority,    // ca_file
  kOwnCertificate,         // certificate_file, key_file or key_password
  kOwnCertificateMissing,  // the server wants one
};

struct HttpLoopOptions {
  int max_in_flight = 1;
  size_t max_response_bytes = 0;
  std::chrono::milliseconds connect_timeout{0};
  std::vector<std::string> headers = {};  // of every request: "Content-Type: application/json"
  std::string ca_file = {}, certificate_file = {}, key_file = {}, key_password = {};  // TLS, PEM
  std::string (*tls_advice)(TlsFault) = nullptr;  // what to do, in the words of the user's settings
};

class HttpLoop {
 public:
  static Result<std::unique_ptr<HttpLoop>> start(HttpLoopOptions options);
  // Ends every job with kCancelled, then the thread.
  ~HttpLoop();

  // Thread-safe. The job is released when it is done.
  void submit(std::shared_ptr<HttpJob> job);

 private:
  class Thread;
  explicit HttpLoop(std::unique_ptr<Thread> thread);
  std::unique_ptr<Thread> thread_;
};

}  // namespace omashu::http_client
