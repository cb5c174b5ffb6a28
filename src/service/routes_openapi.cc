// /openapi.json

#include <memory>
#include <utility>

#include "service/openapi/document.h"
#include "service/parts.h"

namespace omashu::service {

Operations openapi_operations(const Parts& parts, const Operations& others) {
  const auto all = std::make_shared<Operations>(others);
  Operation document{.pattern = "/openapi.json",
                     .id = "getOpenApi",
                     .tag = "System",
                     .summary = "This interface as OpenAPI 3.1",
                     .answers = {{200, {"The document", {{"application/json", R"({"type":"object"})"}}}}}};
  all->push_back(document);
  document.handler = [&parts, all = std::shared_ptr<const Operations>(all)](const http::ExchangePtr& exchange) {
    parts.executor.post([&parts, all, exchange] {
      exchange->answer({.content_type = "application/json",
                        .body = openapi_document(*all, parts.tables, parts.version),
                        .fields = {{"Cache-Control", "no-cache"}}});
    });
  };
  Operations operations;
  operations.push_back(std::move(document));
  return operations;
}

}  // namespace omashu::service
