// How the records of one live table are read: through the latest schemas of its topic, with the fields found that are
// indexed and that say how long a row lives. Immutable; another one takes its place when a subject has a new version.
//
// Thread-safe; each thread has a Scratch of its own.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kafka/types.h"
#include "omashu/result.h"
#include "schema_registry/client/client.h"
#include "table/live/table_options.h"
#include "table/live/ttl_field.h"
#include "table/part_reader.h"
#include "table/row.h"
#include "table/store/index_value.h"
#include "table/typed_topic.h"

namespace omashu::table {

// What is kept of a record. Filled again and again: reading many allocates little.
struct DecodedRecord {
  std::string key;        // logical
  std::string key_bytes;  // as they stand on the topic
  bool has_value = false;
  std::string value;  // a KeptValue
  Position position;
  int64_t timestamp_ms = -1;

  Record view() const {
    return {.key_bytes = key_bytes,
            .key = key,
            .value = has_value ? std::optional<std::string_view>(value) : std::nullopt,
            .position = position,
            .timestamp_ms = timestamp_ms};
  }
};

class TableSchema {
 public:
  // kInvalidArgument where a field is not in the value's schema, or is nothing that an index can order.
  static Result<std::shared_ptr<const TableSchema>> open(schema_registry::Client& registry,
                                                         const TableOptions& options);

  const std::shared_ptr<TypedTopic>& typed() const { return typed_; }
  const std::vector<IndexedField>& indexes() const { return indexes_; }

  struct Scratch {
    PartReader::Scratch key, value;
    std::vector<std::string> index_values;
  };
  // kCorrupt where the record is at fault: another one may be read.
  Result<void> decode(const kafka::Message& message, Scratch& scratch, DecodedRecord& out) const;

  // What logical keys depend on: "" where they are plain. A key that was written without a field is seen with the
  // field's default, so defaults are part of it.
  const std::string& key_fingerprint() const { return key_fingerprint_; }
  // The fields of the indexes and of the ttl, each with what its values depend on: where that is another, what was
  // stored for it must be made anew.
  const std::vector<std::string>& field_fingerprints() const { return field_fingerprints_; }

 private:
  TableSchema() = default;

  std::shared_ptr<TypedTopic> typed_;
  std::vector<IndexedField> indexes_;
  bool asks_key_ = false;
  std::optional<TtlField> ttl_;
  std::string key_fingerprint_;
  std::vector<std::string> field_fingerprints_;
};

}  // namespace omashu::table
