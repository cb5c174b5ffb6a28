// Which Kafka and which registry to talk to, and how.
//
// A property is looked for in this order: its own flag, -X, the environment, the file of --command-config, the context
// (docs/connections.md), the default.
// Names are librdkafka's; those that start with schema.registry. (and Confluent's basic.auth.user.info and
// bearer.auth.token) are the registry's.

#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/properties.h"
#include "kafka/types.h"
#include "schema_registry/client/client.h"

namespace omashu::cli {

class OptionParser;

struct ConnectionOptions {
  std::optional<std::string> bootstrap_server;
  std::optional<std::string> registry;
  std::vector<std::string> properties;  // -X name=value
  std::optional<std::string> command_config;
  std::optional<std::string> context;  // a name of `omashu context`
  std::chrono::milliseconds timeout{30'000};
  std::optional<std::chrono::milliseconds> wait;  // for servers that are not there yet

  void declare(OptionParser& options);
  void declare_kafka(OptionParser& options);     // without the registry's
  void declare_registry(OptionParser& options);  // without Kafka's

 private:
  void declare_registry_url(OptionParser& options);
  void declare_shared(OptionParser& options);
};

struct Connection {
  std::string bootstrap_servers;  // as in `kafka`, for messages
  kafka::ClientConfig kafka;
  schema_registry::ClientOptions registry;
  std::chrono::milliseconds timeout{30'000};
  std::vector<std::string> warnings;  // for the user
};

// The value of an environment variable; empty ones count as not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;
std::optional<std::string> process_environment(const std::string& name);

// Errors are about the command line or the file; no message holds a property's value.
Result<Connection> resolve_connection(const ConnectionOptions& options,
                                      const Environment& environment = process_environment);

// Whether a property is one that a connection knows, and takes this value. References (value_reference.h) are taken for
// right.
Result<void> check_connection_property(const Property& property);

}  // namespace omashu::cli
