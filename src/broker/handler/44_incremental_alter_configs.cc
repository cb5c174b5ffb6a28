// IncrementalAlterConfigs, 0 and 1. Lists can be appended to and subtracted from; one that is not set starts as its
// default.

#include "broker/protocol/44_incremental_alter_configs.h"

#include "broker/handler/broker.h"
#include "broker/handler/config_alteration.h"
#include "broker/handler/handlers.h"

namespace omashu::broker {

IncrementalAlterConfigsResponse handle_incremental_alter_configs(Broker& broker, const RequestContext&,
                                                                 const IncrementalAlterConfigsRequest& request) {
  return {.responses = alter_configs(broker, request.resources, AlterFrom::kPresent, request.validate_only)};
}

}  // namespace omashu::broker
