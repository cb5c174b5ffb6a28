// ApiVersions, 0 to 3. A version that is newer never comes here: dispatch() answers it.

#include "broker/protocol/18_api_versions.h"

#include "broker/handler/handlers.h"
#include "broker/protocol/apis.h"

namespace omashu::broker {

ApiVersionsResponse handle_api_versions(Broker&, const RequestContext&, const ApiVersionsRequest&) {
  return api_versions(all_apis());
}

}  // namespace omashu::broker
