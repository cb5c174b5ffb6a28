// AWS's signature of requests, version 4: the Authorization header. Pure; not thread-safe.
//
// Why not libcurl's own: it signs with the clock's time alone, so that it could not be held against the vectors that
// AWS publishes.

#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace omashu::sink::dynamodb {

// Its parts are secrets: they are never printed.
struct Credentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token = {};  // "" of keys that last
};

struct RequestToSign {
  std::string_view method;
  std::string_view path;                                         // encoded
  std::string_view query;                                        // encoded, its parameters sorted
  std::span<const std::pair<std::string, std::string>> headers;  // names in lower case and sorted; all are signed
  std::string_view body;
};

// "20150830T123600Z", the value of the header x-amz-date.
std::string amz_date(std::chrono::system_clock::time_point time);

class Signer {
 public:
  Signer(std::string region, std::string service) : region_(std::move(region)), service_(std::move(service)) {}

  // The value of the header Authorization.
  std::string authorization(const RequestToSign& request, const Credentials& credentials, std::string_view amz_date);

 private:
  const std::string& signing_key(const std::string& secret, std::string_view date);

  const std::string region_;
  const std::string service_;

  // Derived from the secret and the date: the same for all requests of a day.
  std::string key_;
  std::string key_secret_;
  std::string key_date_;
};

}  // namespace omashu::sink::dynamodb
