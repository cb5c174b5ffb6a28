#include "client/connection.h"

namespace omashu::client {

kafka::ClientConfig kafka_config(const ClientOptions& options) {
  kafka::ClientConfig config;
  config.set("client.id", "omashu");
  config.set("bootstrap.servers", options.bootstrap_servers);
  for (const auto& [name, value] : options.properties) config.set(name, value);
  return config;
}

schema_registry::ClientOptions registry_options(const ClientOptions& options) {
  schema_registry::ClientOptions registry;
  registry.urls = options.registry_urls;
  registry.basic_auth_user_info = options.registry_user_info;
  registry.bearer_token = options.registry_token;
  registry.ca_file = options.registry_ca_file;
  registry.certificate_file = options.registry_certificate_file;
  registry.key_file = options.registry_key_file;
  registry.key_password = options.registry_key_password;
  registry.timeout = options.timeout;
  return registry;
}

}  // namespace omashu::client
