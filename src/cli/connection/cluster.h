// The Kafka and the registry that a command line names: opened when first needed, with errors that say the address.

#pragma once

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cli/command.h"
#include "cli/connection/connection.h"
#include "cli/connection/wait_notice.h"
#include "kafka/admin.h"
#include "kafka/consumer.h"
#include "kafka/group_admin.h"
#include "kafka/producer.h"
#include "schema_registry/client/client.h"

namespace omashu::cli {

class Cluster {
 public:
  using Properties = std::vector<std::pair<std::string, std::string>>;

  // Tells on the context's terminal what takes long.
  static Result<Cluster> open(Context& context, const ConnectionOptions& options);

  // The topic, which must exist: else the error suggests the nearest that does. Asking first also keeps a broker that
  // creates topics by itself from creating a mistyped one.
  Result<kafka::TopicDescription> topic(const std::string& name);

  // Whether cleanup.policy of the topic has compact in it; no where the brokers do not tell.
  bool is_compacted(const std::string& topic);

  Result<schema_registry::Client*> registry();
  Result<kafka::Admin*> admin();
  Result<kafka::GroupAdmin*> group_admin();

  // That there is no such topic, with the nearest that there is.
  Error unknown_topic(const std::string& name);

  // `properties` are defaults: what the user set wins.
  Result<std::unique_ptr<kafka::Consumer>> consumer(const Properties& properties = {}) const;
  // Gives a record up after the timeout of the connection.
  Result<std::unique_ptr<kafka::Producer>> producer(const Properties& properties = {}) const;

  std::chrono::milliseconds timeout() const { return connection_.timeout; }
  const std::string& bootstrap_servers() const { return connection_.bootstrap_servers; }

 private:
  Cluster(Context& context, Connection connection);
  kafka::ClientConfig with_defaults(const Properties& properties) const;

  Connection connection_;
  std::unique_ptr<WaitNotice> kafka_notice_;
  std::unique_ptr<WaitNotice> registry_notice_;  // outlives the client that uses it
  std::unique_ptr<schema_registry::Client> registry_;
  std::unique_ptr<kafka::Admin> admin_;
  std::unique_ptr<kafka::GroupAdmin> group_admin_;
};

}  // namespace omashu::cli
