// The topic _schemas on Kafka: where it is, and that it is as it must be.

#pragma once

#include <chrono>
#include <string>

#include "kafka/types.h"
#include "omashu/result.h"

namespace omashu::schema_registry::server {

struct KafkaTopic {
  kafka::ClientConfig kafka;
  std::string name = "_schemas";
};

// Makes the topic, with one partition, compacted, on three brokers where there are as many; or checks the one that is
// there. A topic that drops old records would lose schemas: that is an error, which says what to do. The answer is the
// cluster's id.
Result<std::string> prepare_topic(const KafkaTopic& topic, std::chrono::milliseconds timeout);

}  // namespace omashu::schema_registry::server
