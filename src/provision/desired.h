// What the files ask for: topics, and schemas under their subjects. Derived from the files alone.

#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "avro/schema.h"
#include "provision/mistake.h"
#include "provision/references.h"
#include "provision/schema_file.h"
#include "serde/subject_name.h"

namespace omashu::provision {

struct DesiredTopic {
  std::string name;
  int partitions = 1;  // or kBrokerDefault, as is the replication factor
  int replication_factor = 1;
  std::map<std::string, std::string> configs;  // the named ones, cleanup.policy among them; kDefaultValue resets one
  std::vector<std::string> indexes = {};       // fields of the table that is served of it
  std::optional<std::string> ttl = {};         // of its rows: "7d", "7d,updatedAt"
  std::vector<std::string> board = {};         // fields of its status board (kBoardFields); "-" is none
  std::map<std::string, Place> places;         // of "name", "partitions", "replication_factor" and each setting
};

struct DesiredSchema {
  SchemaFile file;
  std::vector<Link> links;
  size_t level = 0;
  std::optional<avro::Schema> schema;  // absent where a type must be found in the registry first
  size_t subject = 0;                  // into Desired::subjects: the one by which other schemas refer to it
  std::map<std::string, int> pinned_references = {};  // versions by subject; the schema waits for the plan then
};

// `file:line:column: note: …` of a type that only the registry may have.
std::string foreign_type_text(const DesiredSchema& schema, const Link& link);

struct DesiredSubject {
  std::string name;
  size_t schema = 0;                              // into Desired::schemas
  Place place;                                    // of the row that asks for it
  std::optional<std::string> compatibility = {};  // the level that it shall have
};

// That the keys or values of a topic are of a subject's schema.
struct SchemaUse {
  std::string topic;
  bool is_key = false;
  size_t subject = 0;  // into Desired::subjects
};

struct Desired {
  std::string file;                      // the list of topics, as the user named it
  std::vector<DesiredTopic> topics;      // in the order of the file
  std::set<std::string> named_topics;    // those of rows that make no topic, too
  std::vector<DesiredSchema> schemas;    // one for each schema file, in dependency order
  std::vector<DesiredSubject> subjects;  // in the order of the file
  std::vector<SchemaUse> schema_uses;    // in the order of the file
  std::vector<Mistake> warnings;         // ordered by place, as mistakes are
};

struct Source {
  std::string file;         // topics_and_schemas.txt, as the user named it
  std::string schemas_dir;  // "" means the folder of `file`
  serde::SubjectNameStrategy strategy = serde::SubjectNameStrategy::kTopicName;
  bool is_strict = false;  // warnings are mistakes
};

struct LoadedDesired {
  Desired desired;  // with mistakes, only its warnings and what nobody defines mean something
  std::vector<Mistake> mistakes;
};

// An error where the file itself cannot be read. Mistakes are all that can be told without a network, ordered by place.
Result<LoadedDesired> load_desired(const Source& source, const ReadFile& read);

}  // namespace omashu::provision
