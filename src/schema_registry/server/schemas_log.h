// The way into the topic.

#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "omashu/result.h"
#include "schema_registry/server/schemas_topic.h"

namespace omashu::schema_registry::server {

class SchemasLog {
 public:
  virtual ~SchemasLog() = default;

  // Appends the records in their order, marked with the term and with how many ids had been given before (Store), and
  // waits until they are durable; their offsets.
  // kInvalidArgument: one is larger than the topic takes. kIo: the broker could not store them. Other errors leave it
  // open which of them are in the topic, or will still come to be.
  virtual Result<std::vector<int64_t>> append(std::span<const TopicRecord> records, const Term& term,
                                              int64_t given_ids) = 0;
};

}  // namespace omashu::schema_registry::server
