#include "real/support/schema_registry_server.h"

#include "real/support/apicurio_registry.h"
#include "real/support/kafka_broker.h"
#include "real/support/omashu_up.h"

namespace omashu::real {

Result<std::unique_ptr<SchemaRegistryServer>> SchemaRegistryServer::start() {
  if (!is_on_omashu()) return ApicurioRegistry::start();
  auto up = OmashuUp::start();
  if (!up) return fail(std::move(up.error()));
  return std::make_unique<OmashuRegistry>(*std::move(up));
}

}  // namespace omashu::real
