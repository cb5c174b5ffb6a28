#include "serde/subject_name.h"

#include <fmt/core.h>

namespace omashu::serde {

namespace {

// Lower case, without "-", "_" and a closing "Strategy".
std::string folded(std::string_view name) {
  name.remove_prefix(name.rfind('.') + 1);
  std::string out;
  for (const char c : name) {
    if (c != '-' && c != '_') out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  }
  if (out.ends_with("strategy")) out.resize(out.size() - std::string_view("strategy").size());
  return out;
}

}  // namespace

std::optional<SubjectNameStrategy> parse_subject_name_strategy(std::string_view name) {
  const std::string word = folded(name);
  if (word == "topicname") return SubjectNameStrategy::kTopicName;
  if (word == "recordname") return SubjectNameStrategy::kRecordName;
  if (word == "topicrecordname") return SubjectNameStrategy::kTopicRecordName;
  return std::nullopt;
}

std::string_view subject_name_strategy_name(SubjectNameStrategy strategy) {
  switch (strategy) {
    case SubjectNameStrategy::kTopicName: return "TopicNameStrategy";
    case SubjectNameStrategy::kRecordName: return "RecordNameStrategy";
    case SubjectNameStrategy::kTopicRecordName: return "TopicRecordNameStrategy";
  }
  return "";
}

std::string topic_subject(std::string_view topic, RecordPart part) {
  return fmt::format("{}-{}", topic, record_part_name(part));
}

std::string subject_name(SubjectNameStrategy strategy, std::string_view topic, RecordPart part,
                         std::string_view record_name) {
  switch (strategy) {
    case SubjectNameStrategy::kTopicName: break;
    case SubjectNameStrategy::kRecordName: return std::string(record_name);
    case SubjectNameStrategy::kTopicRecordName: return fmt::format("{}-{}", topic, record_name);
  }
  return topic_subject(topic, part);
}

Result<std::string> subject_name(SubjectNameStrategy strategy, std::string_view topic, RecordPart part,
                                 const avro::Schema* schema) {
  if (strategy == SubjectNameStrategy::kTopicName) return topic_subject(topic, part);
  if (schema == nullptr) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("{} of topic {}: {} needs a schema to take the name from", record_part_name(part), topic,
                            subject_name_strategy_name(strategy)));
  }
  if (!schema->root().is_named()) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("{} of topic {}: {} needs a schema with a name, a record; this one is a {}; "
                            "TopicNameStrategy takes any",
                            record_part_name(part), topic, subject_name_strategy_name(strategy),
                            avro::type_name(schema->root().type)));
  }
  return subject_name(strategy, topic, part, schema->root().full_name);
}

}  // namespace omashu::serde
