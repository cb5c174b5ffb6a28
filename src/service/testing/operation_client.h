// Asks operations as the HTTP server does, without a connection.

#pragma once

#include <string>
#include <vector>

#include "http/router.h"
#include "service/operation.h"

namespace omashu::service::testing {

struct Question {
  http::Method method = http::Method::kGet;
  std::string target;                    // "/v1/tables/t/rows/om-1?history=10"
  std::vector<http::Field> fields = {};  // names in small letters
  std::string body = {};
};

class OperationClient {
 public:
  // Aborts where the declarations contradict themselves.
  explicit OperationClient(const Operations& operations);

  // Waits for the answer, and for the end of one that comes in pieces. A status of 0 is none in ten seconds, or one
  // that was cut.
  http::Response ask(Question question) const;
  http::Response get(const std::string& target, std::vector<http::Field> fields = {}) const {
    return ask({.target = target, .fields = std::move(fields)});
  }

 private:
  http::Router router_;
};

// The first field of that name; "" where there is none.
std::string field_of(const http::Response& response, std::string_view name);

}  // namespace omashu::service::testing
