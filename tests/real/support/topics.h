// Topics and registered schemas, made with other tools than omashu's own.

#pragma once

#include <string>
#include <vector>

#include "real/support/kafka_broker.h"

namespace omashu::real {

struct NewTopic {
  std::string name;
  int partitions = 1;
  bool is_compacted = true;
};

// Each throws where it fails: GoogleTest reports the test as failed, with the reason.
void make_topic(const KafkaBroker& kafka, const NewTopic& topic);
void register_schema(const std::string& registry_url, const std::string& subject, const std::string& schema);

// On the shared servers; the name again.
std::string make_topic(const NewTopic& topic);
void register_schema(const std::string& subject, const std::string& schema);

// The lines of a text, without their ends.
std::vector<std::string> lines_of(const std::string& text);

}  // namespace omashu::real
