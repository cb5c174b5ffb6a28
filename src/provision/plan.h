// The difference between what the files ask for and what is there, as actions; and what forbids them.

#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "kafka/admin.h"
#include "provision/desired.h"
#include "provision/observed.h"
#include "schema_registry/types.h"

namespace omashu::provision {

struct RegisterSchema {
  std::string subject;
  int version = 0;  // that it will be, as far as can be known: deleted versions are not seen
  schema_registry::SchemaText text;
  std::optional<schema_registry::SubjectVersion> latest;  // what the registry holds now
  size_t level = 0;                                       // needs only schemas of lower levels
  bool is_referenced = false;                             // later registrations carry its version
  bool is_refused = false;                                // a violation says why
  std::string file;
};

// Before the schemas of a subject that exists, which are then checked at the new level; after the first schema of one
// that does not.
struct SetCompatibility {
  std::string subject;
  std::string before;  // in force
  std::string after;
};

struct CreateTopic {
  kafka::NewTopic topic;
};

struct AddPartitions {
  std::string topic;
  int before = 0;
  int after = 0;
};

// The brokers move the replicas by themselves, after the plan was carried out.
struct ReassignReplicas {
  struct Partition {
    std::vector<int32_t> before;
    std::vector<int32_t> after;  // the preferred leader first
  };

  std::string topic;
  int before = 0;  // replication factor
  int after = 0;
  std::map<kafka::PartitionId, Partition> partitions;  // those that change
};

struct ConfigDifference {
  std::string name;
  std::string before;
  bool was_default = false;  // `before` was not set on the topic itself
  std::string after;
  bool is_reset = false;  // `after` is the broker's default, and no value
};

struct AlterConfigs {
  std::string topic;
  std::vector<ConfigDifference> changes;
};

struct DeleteTopic {
  std::string topic;
  int partitions = 0;
};

struct DeleteSubject {
  std::string subject;
};

using Action = std::variant<RegisterSchema, SetCompatibility, CreateTopic, AddPartitions, ReassignReplicas,
                            AlterConfigs, DeleteTopic, DeleteSubject>;

struct Plan {
  // In the order in which they are applied: compatibility levels of subjects that exist, schemas by level,
  // compatibility levels of new subjects, then topics, partitions, replicas, settings, deletions.
  std::vector<Action> actions;
  std::vector<Mistake> violations;  // nothing may be applied while there is one
  std::vector<std::string> notes;
  size_t unchanged_topics = 0;
  size_t unchanged_schemas = 0;
  std::vector<Mistake> warnings = {};  // of the files
};

struct PlanOptions {
  bool allow_repartition = false;  // more partitions for a compacted topic, though keys move
  bool allow_reassign = false;     // move replicas between brokers for another replication factor
  bool prune = false;              // delete what ObserveOptions::prune_prefix found and the files do not name
  bool may_be_empty = false;       // prune although the files name nothing
};

Plan make_plan(const Desired& desired, const Observed& observed, const PlanOptions& options);

}  // namespace omashu::provision
