// A live cluster as the folder that describes it: topics_and_schemas.txt and the .avsc files.

#pragma once

#include <map>
#include <string>
#include <vector>

#include "kafka/admin.h"
#include "provision/files.h"
#include "schema_registry/client/client.h"
#include "serde/subject_name.h"

namespace omashu::provision {

struct ExportOptions {
  std::string prefix;  // of the topics; "" for all
  serde::SubjectNameStrategy strategy = serde::SubjectNameStrategy::kTopicName;
};

struct LiveCluster {
  struct Topic {
    kafka::TopicDescription description;
    kafka::TopicConfigs configs;
  };
  std::vector<Topic> topics;
  std::vector<schema_registry::SubjectVersion> subjects;  // the latest version of each
  std::map<std::string, std::string> levels;              // of subjects whose level is not the global one
  std::map<std::string, int> latest_versions;             // of `subjects`, and of those that they refer to
};

// Kafka's own topics left out.
Result<LiveCluster> read_live_cluster(kafka::Admin& admin, schema_registry::Client& registry,
                                      const ExportOptions& options);

inline constexpr std::string_view kExportedFileName = "topics_and_schemas.txt";

struct Export {
  FileTexts files;  // by path inside the folder
  size_t topics = 0;
  size_t schemas = 0;
  std::vector<std::string> warnings;  // what such a folder cannot say
};

// Only settings that are set on the topic itself are written. Subjects that the strategy does not name are left out
// with a warning.
Export export_cluster(const LiveCluster& cluster, const ExportOptions& options);

}  // namespace omashu::provision
