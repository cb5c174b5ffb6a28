// Under which subject the schemas of a topic are registered: Confluent's three strategies.

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace omashu::provision {

enum class SubjectNameStrategy {
  kTopicName,        // status-download-value
  kRecordName,       // downloads.DownloadStatus
  kTopicRecordName,  // status-download-downloads.DownloadStatus
};

// "TopicNameStrategy"…; a Java class name that ends so is accepted, too.
std::optional<SubjectNameStrategy> parse_subject_name_strategy(std::string_view name);
std::string_view subject_name_strategy_name(SubjectNameStrategy strategy);

// `record_name` is the full name of the schema's named type; the topic's name alone decides under kTopicName.
std::string subject_name(SubjectNameStrategy strategy, std::string_view topic, bool is_key,
                         std::string_view record_name);

}  // namespace omashu::provision
