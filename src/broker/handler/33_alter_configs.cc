// AlterConfigs, 0 to 2. What is not named goes back to its default. Deprecated in favour of IncrementalAlterConfigs,
// since two clients that read, change and write lose each other's changes; old ones have nothing else.

#include "broker/protocol/33_alter_configs.h"

#include "broker/handler/broker.h"
#include "broker/handler/config_alteration.h"
#include "broker/handler/handlers.h"

namespace omashu::broker {

AlterConfigsResponse handle_alter_configs(Broker& broker, const RequestContext&, const AlterConfigsRequest& request) {
  std::vector<IncrementalAlterConfigsRequest::Resource> resources;
  for (const auto& request_resource : request.resources) {
    auto& resource = resources.emplace_back();
    resource.resource_type = request_resource.resource_type;
    resource.resource_name = request_resource.resource_name;
    for (const auto& config : request_resource.configs) {
      resource.configs.push_back({.name = config.name, .config_operation = AlterConfigOp::kSet, .value = config.value});
    }
  }
  AlterConfigsResponse response;
  for (auto& altered : alter_configs(broker, resources, AlterFrom::kDefaults, request.validate_only)) {
    response.responses.push_back({.error_code = altered.error_code,
                                  .error_message = std::move(altered.error_message),
                                  .resource_type = altered.resource_type,
                                  .resource_name = std::move(altered.resource_name)});
  }
  return response;
}

}  // namespace omashu::broker
