// Plain HTTP, asked with curl's command line: what a registry holds is seen with other eyes than omashu's own client.

#pragma once

#include <string>

namespace omashu::real {

struct HttpAnswer {
  int status = 0;  // 0: no answer
  std::string body;
};

HttpAnswer http_get(const std::string& url);

// `method` as HTTP spells it, `body` JSON.
HttpAnswer http_send(const std::string& method, const std::string& url, const std::string& body,
                     const std::string& content_type = "application/vnd.schemaregistry.v1+json");

}  // namespace omashu::real
