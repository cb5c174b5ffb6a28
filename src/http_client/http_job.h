// A request over HTTP and what becomes of it, as whoever uses HttpLoop sees them.

#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace omashu::http_client {

struct HttpExchange {
  std::string method;
  std::string url;
  std::string body;
  std::string user, password;  // basic auth where `user` is set, else
  std::string bearer_token;
  std::vector<std::string> headers = {};  // beside those of the loop: "X-Forward: true"
  bool is_direct = false;                 // never through a proxy
  std::chrono::milliseconds timeout{0};   // for all of it; 0: none
};

// What became of one request, for those who decide whether to repeat it.
struct AttemptOutcome {
  enum class Kind {
    kAnswered,   // status is set
    kNoAnswer,   // no connection, or one that broke
    kTimedOut,   // no answer within the time of the attempt
    kHopeless,   // repeating it here would not help (TLS, an answer too large): only another URL may
    kCancelled,  // the loop is closing
  };
  Kind kind = Kind::kAnswered;
  int status = 0;
  std::chrono::milliseconds retry_after{0};  // what the server asked for; 0: nothing
  bool was_connected = false;                // somebody was there, whether or not an answer came
};

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;  // names as they came

struct HttpOutcome : AttemptOutcome {
  std::string detail;  // why there is no answer
  HttpHeaders headers;
  std::string content_type;
  std::string location;  // of a redirect: it is not followed
  std::string body;
};

// The start of an answer, before its body.
struct HttpHead {
  int status = 0;
  HttpHeaders headers;
};

// All calls come on the loop's thread and must not block.
class HttpJob {
 public:
  virtual ~HttpJob() = default;
  virtual HttpExchange begin(std::chrono::steady_clock::time_point now) = 0;

  // For an answer that is to be passed on while it comes: true, and its bytes go to on_body() instead of into the
  // outcome, without a bound on their number. Where on_body() returns false the request ends, as kHopeless.
  virtual bool on_head(const HttpHead&) { return false; }
  virtual bool on_body(std::string_view) { return false; }

  // The wait before begin() is called again; nothing where the job is done and will not be called any more.
  virtual std::optional<std::chrono::milliseconds> end(HttpOutcome outcome,
                                                       std::chrono::steady_clock::time_point now) = 0;
};

}  // namespace omashu::http_client
