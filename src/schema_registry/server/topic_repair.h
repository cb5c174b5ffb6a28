// Repairs a damaged topic _schemas: what can be read stays, what was damaged is copied to a file, and the registry is
// told (by a record in the topic) that the loss is accepted, and which ids may have been given out with it.

#pragma once

#include <chrono>
#include <string>

#include "omashu/result.h"
#include "schema_registry/server/kafka_topic.h"

namespace omashu::schema_registry::server {

struct TopicRepair {
  std::string damage;       // what was found, for people; "" where the topic is whole and nothing was done
  int damaged_records = 0;  // that were copied to the file
};

// `aside` is the path of the file, which must not be there: a JSON object a line, with the offset, the key and the
// value of each record in a batch whose CRC is wrong, as far as it can be made out. It is not made where there is none.
Result<TopicRepair> repair_topic(const KafkaTopic& topic, const std::string& aside, std::chrono::milliseconds timeout);

}  // namespace omashu::schema_registry::server
