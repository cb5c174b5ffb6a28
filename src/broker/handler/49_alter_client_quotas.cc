// AlterClientQuotas, 0 and 1. There are no quotas: to set one is refused, to remove one changes nothing.

#include "broker/protocol/49_alter_client_quotas.h"

#include <algorithm>

#include "broker/handler/handlers.h"

namespace omashu::broker {
namespace {

using RequestEntry = AlterClientQuotasRequest::Entry;

AlterClientQuotasResponse::Entry alter(const RequestEntry& request_entry) {
  AlterClientQuotasResponse::Entry altered;
  for (const auto& [type, name] : request_entry.entity) {
    altered.entity.push_back({.entity_type = std::string(type), .entity_name = std::nullopt});
    if (name) altered.entity.back().entity_name = std::string(*name);
  }
  if (std::ranges::all_of(request_entry.ops, &AlterClientQuotasRequest::Op::remove)) return altered;
  altered.error_code = KafkaError::kUnsupportedVersion;
  altered.error_message = "This broker limits no clients: it has no quotas that could be set.";
  return altered;
}

}  // namespace

AlterClientQuotasResponse handle_alter_client_quotas(Broker&, const RequestContext&,
                                                     const AlterClientQuotasRequest& request) {
  AlterClientQuotasResponse response;
  for (const RequestEntry& entry : request.entries) response.entries.push_back(alter(entry));
  return response;
}

}  // namespace omashu::broker
