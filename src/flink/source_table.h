// The tables over a topic, as Flink's Kafka connectors read it.

#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "flink/readable_schema.h"
#include "provision/desired.h"

namespace omashu::flink {

struct SourceOptions {
  std::string bootstrap_servers = {};
  std::string registry_url = {};
  std::optional<std::string> event_time =
      {};  // the field by which throughput is counted, where a topic's values have it
};

struct SourceColumn {
  std::string name;
  std::string sql;  // what follows the name: "STRING NOT NULL", "AS …", "… METADATA VIRTUAL"
};

struct SourceTable {
  std::string name;
  std::vector<std::string> remarks = {};  // comments above it
  std::vector<SourceColumn> columns = {};
  std::vector<std::string> primary_key = {};
  std::string time_column = {};  // of the watermark; "" where there is none
  std::vector<std::pair<std::string, std::string>> options = {};
};

// Where the columns of the latest rows are.
struct EntityColumns {
  std::vector<std::string> key;    // of the key's fields, in their order; or of the one key that is no record
  std::vector<std::string> value;  // of the value's fields that can be read, in the order of the schema
  std::string partition, offset, timestamp;
};

struct TopicTables {
  std::string topic;
  std::string problem = {};  // why there are no tables; "" where there are

  // A compacted topic has its latest rows, and its log: every record, for what counts records. Other topics have the
  // log alone, under the topic's name.
  std::optional<SourceTable> latest = {};
  SourceTable log = {};

  std::optional<avro::Schema> key_schema = {};    // absent where keys have none
  std::optional<avro::Schema> value_schema = {};  // absent where values have none
  std::optional<ReadableSchema> value = {};       // of `value_schema`
  EntityColumns entity = {};                      // of `latest`
  std::optional<std::string> state_field = {};    // the enum that tells the state of a row
};

// Names that were given to tables and views: no two statements create the same.
class TableNames {
 public:
  explicit TableNames(const provision::Desired& desired);
  // The name, or the next free one with underscores behind it.
  std::string take(std::string name);

 private:
  std::vector<std::string> taken_;
};

TopicTables tables_of(const provision::Desired& desired, const provision::DesiredTopic& topic,
                      const SourceOptions& options, TableNames& names);

std::string create_table_text(const SourceTable& table);

}  // namespace omashu::flink
