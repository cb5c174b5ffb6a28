// Under which subject a topic's schema is registered: Confluent's three strategies.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "avro/schema.h"
#include "omashu/result.h"
#include "serde/wire_format.h"

namespace omashu::serde {

enum class SubjectNameStrategy : uint8_t {
  kTopicName,        // "<topic>-key", "<topic>-value"
  kRecordName,       // the record's full name
  kTopicRecordName,  // "<topic>-<the record's full name>"
};

// "TopicNameStrategy", with or without a Java package before it, "topic_name" or "topic-name", in any case.
std::optional<SubjectNameStrategy> parse_subject_name_strategy(std::string_view name);
std::string_view subject_name_strategy_name(SubjectNameStrategy strategy);  // "TopicNameStrategy"

std::string topic_subject(std::string_view topic, RecordPart part);

// `record_name` is the full name of the schema's named type; under kTopicName it does not matter.
std::string subject_name(SubjectNameStrategy strategy, std::string_view topic, RecordPart part,
                         std::string_view record_name);

// `schema` may be null where the strategy does not look at it. The strategies by record need a named type.
Result<std::string> subject_name(SubjectNameStrategy strategy, std::string_view topic, RecordPart part,
                                 const avro::Schema* schema);

}  // namespace omashu::serde
