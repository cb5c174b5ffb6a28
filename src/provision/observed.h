// What the cluster and the registry hold now, as far as a plan depends on it.

#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "kafka/admin.h"
#include "provision/desired.h"
#include "provision/registry_schemas.h"
#include "schema_registry/client/client.h"

namespace omashu::provision {

struct ObservedTopic {
  int partitions = 0;
  int replication_factor = 0;
  kafka::TopicConfigs configs;  // all in force, defaults included
  std::vector<kafka::PartitionDescription> partition_descriptions = {};
};

struct ObservedSubject {
  // Ascending. The latest alone, unless the schema that is wanted differs from it: then all.
  std::vector<schema_registry::SubjectVersion> versions;
  std::string compatibility_level;  // in force
};

struct FoundType {
  std::string subject;
  int version = 0;  // its latest
};

struct Observed {
  kafka::ClusterDescription cluster;
  std::map<std::string, ObservedTopic> topics;            // the wanted ones that exist
  std::map<std::string, ObservedSubject> subjects;        // the wanted ones that exist
  std::map<std::string, std::string> absent_levels;       // in force for those that do not, where a level is wanted
  std::map<std::string, FoundType> found_types;           // by full name: those that no schema file defines
  RegistrySchemas schemas;                                // the versions above and all that they refer to
  std::vector<kafka::TopicDescription> topics_in_prefix;  // only with a prefix to prune
  std::vector<std::string> subjects_in_prefix;
};

struct ObserveOptions {
  std::optional<std::string> prune_prefix;
};

// Asks only about what is wanted; the two servers are asked in batches. The registry may be absent where no schema is
// wanted.
Result<Observed> observe(const Desired& desired, kafka::Admin& admin, schema_registry::Client* registry,
                         const ObserveOptions& options);

// The observed facts that a plan rests on, each by a name that a person understands. Two equal answers lead to the same
// plan.
std::map<std::string, std::string> live_state(const Desired& desired, const Observed& observed);

}  // namespace omashu::provision
