// DescribeClientQuotas, 0 and 1. Nobody is limited.

#include "broker/protocol/48_describe_client_quotas.h"

#include "broker/handler/handlers.h"

namespace omashu::broker {

DescribeClientQuotasResponse handle_describe_client_quotas(Broker&, const RequestContext&,
                                                           const DescribeClientQuotasRequest&) {
  DescribeClientQuotasResponse response;
  response.entries.emplace();
  return response;
}

}  // namespace omashu::broker
