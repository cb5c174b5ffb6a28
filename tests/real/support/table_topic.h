// A compacted topic of small rows, with the schemas of its keys and values registered, made without omashu's help.

#pragma once

#include <string>

#include "real/support/kafka_broker.h"

namespace omashu::real {

// Keys are records {omashuId: string}, values {omashuId: string, count: long}; three partitions. Throws where it fails.
void make_table_topic(const KafkaBroker& kafka, const std::string& registry_url, const std::string& topic);

// The value of `id` as a line of JSON.
std::string table_row(int id, int count);

}  // namespace omashu::real
