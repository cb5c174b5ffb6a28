#include "provision/subject_name.h"

#include <fmt/format.h>

namespace omashu::provision {

std::string_view subject_name_strategy_name(SubjectNameStrategy strategy) {
  switch (strategy) {
    case SubjectNameStrategy::kTopicName: return "TopicNameStrategy";
    case SubjectNameStrategy::kRecordName: return "RecordNameStrategy";
    case SubjectNameStrategy::kTopicRecordName: return "TopicRecordNameStrategy";
  }
  return "";
}

std::optional<SubjectNameStrategy> parse_subject_name_strategy(std::string_view name) {
  if (const size_t dot = name.rfind('.'); dot != std::string_view::npos) name.remove_prefix(dot + 1);
  for (const auto strategy :
       {SubjectNameStrategy::kTopicName, SubjectNameStrategy::kRecordName, SubjectNameStrategy::kTopicRecordName}) {
    if (name == subject_name_strategy_name(strategy)) return strategy;
  }
  return std::nullopt;
}

std::string subject_name(SubjectNameStrategy strategy, std::string_view topic, bool is_key,
                         std::string_view record_name) {
  switch (strategy) {
    case SubjectNameStrategy::kTopicName: return fmt::format("{}-{}", topic, is_key ? "key" : "value");
    case SubjectNameStrategy::kRecordName: return std::string(record_name);
    case SubjectNameStrategy::kTopicRecordName: return fmt::format("{}-{}", topic, record_name);
  }
  return {};
}

}  // namespace omashu::provision
