// Requests to the other members of the group, and to this one where all are asked alike: each once, and no further.
// Thread-safe.

#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "http/exchange.h"
#include "http/message.h"
#include "omashu/result.h"

namespace omashu::http_client {
class HttpLoop;
}

namespace omashu::service {

// Of a request that comes from another member. Whoever gets it answers it or says that it cannot: it goes no further,
// so no request runs in a circle.
inline constexpr const char* kForwardedHeader = "omashu-forwarded";
// Of an answer: the member does not own what it was asked for, and has done nothing.
inline constexpr const char* kNotOwnerHeader = "omashu-not-owner";

struct PeerRequest {
  std::string url;  // of the member
  http::Request request = {};
  std::chrono::milliseconds timeout{30'000};
};

struct PeerAnswer {
  enum class Kind : uint8_t { kAnswered, kNotOwner, kNoAnswer };
  Kind kind = Kind::kNoAnswer;
  http::Response response = {};
  std::string detail = {};  // why there is no answer
};

struct PeerOptions {
  std::string ca_file = {};  // whom to trust where members have HTTPS (PEM); "": the system's own list
};

class PeerClient {
 public:
  static Result<std::unique_ptr<PeerClient>> open(const PeerOptions& options);
  ~PeerClient();  // what is under way has no answer

  // `done` is called once, on the client's thread, which it must not keep waiting.
  void ask(PeerRequest request, std::function<void(PeerAnswer answer)> done);

  // What a client sent, as it goes to another member: with its own credentials, which all members know.
  static http::Request forwarded(const http::Request& request);

 private:
  explicit PeerClient(std::unique_ptr<http_client::HttpLoop> loop);
  const std::unique_ptr<http_client::HttpLoop> loop_;
};

}  // namespace omashu::service
