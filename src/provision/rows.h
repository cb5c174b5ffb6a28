// What the rows of a file say together: topics, and which schema file goes under which topic.

#pragma once

#include <map>
#include <string>
#include <vector>

#include "provision/desired.h"
#include "provision/ssv_file.h"

namespace omashu::provision {

// A schema that a row asks for.
struct SchemaRequest {
  std::string topic;
  bool is_key = false;
  bool is_shared_type = false;  // the row makes no topic
  std::string file;             // as the row names it
  Place place;
  std::optional<Placed<std::string>> compatibility;  // the level of its subject
  std::map<std::string, int> pinned_references;      // versions by subject
};

// Rows that say the same about a topic count once, with a warning where they are the same altogether. Noted as
// mistakes: rows that contradict each other, and topics whose names collide in metrics.
std::vector<DesiredTopic> collect_topics(const SsvFile& ssv, const std::string& file,
                                         serde::SubjectNameStrategy strategy, Findings& findings);

// In the order of the rows, the value's before the key's. Rows with a mistake elsewhere ask, too.
std::vector<SchemaRequest> collect_schema_requests(const SsvFile& ssv, const std::string& file);

}  // namespace omashu::provision
