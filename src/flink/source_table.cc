#include "flink/source_table.h"

#include <fmt/core.h>

#include <algorithm>

#include "flink/key_columns.h"
#include "flink/scalar_type.h"
#include "flink/sql_text.h"

namespace omashu::flink {

namespace {

using avro::LogicalType;
using avro::Type;
using provision::Desired;
using provision::DesiredTopic;

struct TopicSchemas {
  std::optional<avro::Schema> key = {};
  std::optional<avro::Schema> value = {};
  std::string problem = {};
};

TopicSchemas schemas_of(const Desired& desired, const std::string& topic) {
  TopicSchemas schemas;
  for (const provision::SchemaUse& use : desired.schema_uses) {
    if (use.topic != topic) continue;
    const provision::DesiredSchema& schema = desired.schemas[desired.subjects[use.subject].schema];
    if (!schema.schema) {
      schemas.problem = fmt::format("{} uses types that none of the files defines", schema.file.path);
      return schemas;
    }
    std::optional<avro::Schema>& part = use.is_key ? schemas.key : schemas.value;
    if (part) {
      schemas.problem = fmt::format("its {} have several schemas", use.is_key ? "keys" : "values");
      return schemas;
    }
    part = *schema.schema;
  }
  return schemas;
}

bool is_compacted(const DesiredTopic& topic) {
  const auto policy = topic.configs.find("cleanup.policy");
  return policy != topic.configs.end() && policy->second.find("compact") != std::string::npos;
}

const avro::Node& without_null(const avro::Node& type) {
  if (type.type != Type::kUnion) return type;
  const auto branch = readable_branch(type);
  return branch ? *branch->type : type;
}

// What the board of the topic shows as its state, or the first enum.
std::optional<std::string> state_field_of(const DesiredTopic& topic, const ReadableSchema& value) {
  const auto fields = value.fields();
  if (!topic.board.empty()) {
    const auto named = std::ranges::find(fields, topic.board[0], &avro::Field::name);
    if (named != fields.end()) return topic.board[0];
  }
  const auto is_enum = [](const avro::Field* field) { return without_null(*field->type).type == Type::kEnum; };
  const auto first = std::ranges::find_if(fields, is_enum);
  return first == fields.end() ? std::nullopt : std::optional((*first)->name);
}

// The instant in whole milliseconds of a number of finer units, rounded down before 1970 as behind it.
std::string instant_text(const std::string& field, int units) {
  const std::string name = sql_name(field);
  return fmt::format("AS TO_TIMESTAMP_LTZ(({0} - MOD(MOD({0}, {1}) + {1}, {1})) / {1}, 3)", name, units);
}

// Adds the columns that every table over a topic has.
class TableBuilder {
 public:
  TableBuilder(const ReadableSchema* value, const SourceOptions& options) : value_(value), options_(options) {
    if (value_ == nullptr) {
      columns_ = {"value"};
    } else {
      for (const avro::Field* field : value_->fields()) columns_.push_back(field->name);
    }
  }

  // The value's columns.
  const std::vector<std::string>& value_columns() const { return columns_; }

  void add_value(SourceTable& table) {
    if (value_ == nullptr) {
      table.columns.push_back({"value", "STRING"});
      return;
    }
    for (const avro::Field* field : value_->fields()) {
      table.columns.push_back({field->name, value_->sql_type(*field->type)});
    }
  }

  void add_notes(SourceTable& table) {
    if (value_ == nullptr) return;
    for (const FieldNote& note : value_->notes()) table.remarks.push_back(fmt::format("{} {}.", note.path, note.text));
  }

  void add_instants(SourceTable& table) {
    if (value_ == nullptr) return;
    for (const avro::Field* field : value_->fields()) {
      const LogicalType logical = without_null(*field->type).logical_type;
      if (logical != LogicalType::kTimestampMicros && logical != LogicalType::kTimestampNanos) continue;
      const int units = logical == LogicalType::kTimestampMicros ? 1'000 : 1'000'000;
      add(table, field->name + "_time", instant_text(field->name, units));
    }
  }

  std::string add_metadata(SourceTable& table, const std::string& name, const std::string& type,
                           const std::string& key) {
    return add(table, name, fmt::format("{} METADATA FROM '{}' VIRTUAL", type, key));
  }

  std::string add(SourceTable& table, const std::string& name, const std::string& sql) {
    std::vector<std::string> taken = columns_;
    for (const SourceColumn& column : table.columns) taken.push_back(column.name);
    table.columns.push_back({free_name(name, taken), sql});
    return table.columns.back().name;
  }

  // The options of the value's format; the prefix is "value." where keys are read too.
  void add_format(SourceTable& table, const std::string& prefix) {
    table.options.emplace_back(prefix + "format", value_ == nullptr ? "raw" : "avro-confluent");
    if (value_ == nullptr) return;
    table.options.emplace_back(prefix + "avro-confluent.url", options_.registry_url);
    table.options.emplace_back(prefix + "avro-confluent.schema", value_->reader_schema());
  }

  void add_connector(SourceTable& table, const std::string& connector, const std::string& topic) {
    table.options = {{"connector", connector},
                     {"topic", topic},
                     {"properties.bootstrap.servers", options_.bootstrap_servers},
                     {"properties.group.id", "flink-" + table.name}};
  }

  const std::string& registry_url() const { return options_.registry_url; }

  // The column that event time is read from.
  std::string event_time(SourceTable& table, const std::string& kafka_timestamp) {
    if (!options_.event_time || value_ == nullptr) return kafka_timestamp;
    for (const avro::Field* field : value_->fields()) {
      if (field->name != *options_.event_time) continue;
      const LogicalType logical = field->type->logical_type;
      if (logical == LogicalType::kTimestampMillis || logical == LogicalType::kLocalTimestampMillis) return field->name;
      if (logical == LogicalType::kTimestampMicros || logical == LogicalType::kTimestampNanos) {
        const auto is_instant = [&](const SourceColumn& column) {
          return column.sql.starts_with("AS TO_TIMESTAMP_LTZ((" + sql_name(field->name) + " ");
        };
        return std::ranges::find_if(table.columns, is_instant)->name;
      }
      table.remarks.push_back(
          fmt::format("{} is no timestamp that is always there: the time of the records counts.", field->name));
    }
    return kafka_timestamp;
  }

 private:
  const ReadableSchema* value_;
  const SourceOptions& options_;
  std::vector<std::string> columns_;
};

// Every record is a row; tombstones are none.
SourceTable log_table(const std::string& name, const TopicTables& tables, TableBuilder& builder) {
  SourceTable table{.name = name};
  builder.add_connector(table, "kafka", tables.topic);
  table.options.emplace_back("scan.startup.mode", "earliest-offset");
  // So that a partition without records does not hold the others back.
  table.options.emplace_back("scan.watermark.idle-timeout", "10 s");
  const bool has_text_key = !tables.key_schema;
  if (has_text_key) {
    const std::string key = free_name("key", builder.value_columns());
    table.columns.push_back({key, "STRING"});
    table.options.insert(table.options.end(),
                         {{"key.format", "raw"}, {"key.fields", key}, {"value.fields-include", "EXCEPT_KEY"}});
  } else if (!tables.latest) {
    table.remarks.push_back("The key is not read: Flink would pass over records without one.");
  }
  if (tables.latest) {
    table.remarks.push_back(fmt::format("Every record that {} is made of, tombstones left out.", tables.latest->name));
  } else {
    builder.add_notes(table);
  }
  builder.add_value(table);
  builder.add_format(table, has_text_key ? "value." : "");
  builder.add_instants(table);
  const std::string timestamp =
      builder.add_metadata(table, "kafka_timestamp", "TIMESTAMP_LTZ(3) NOT NULL", "timestamp");
  table.time_column = builder.event_time(table, timestamp);
  return table;
}

// A row for each key, changed and deleted as records come.
SourceTable latest_table(const std::string& name, TopicTables& tables, TableBuilder& builder) {
  SourceTable table{.name = name};
  const ReadableSchema* value = tables.value ? &*tables.value : nullptr;
  KeyColumns key =
      key_columns(tables.key_schema ? &tables.key_schema->root() : nullptr, value, builder.value_columns());
  table.remarks = key.remarks;
  builder.add_notes(table);
  for (auto& [column, sql] : key.columns) table.columns.push_back({column, sql});
  builder.add_value(table);
  for (auto& [column, sql] : key.computed) table.columns.push_back({column, sql});
  builder.add_instants(table);
  tables.entity = {
      .key = key.logical,
      .value = builder.value_columns(),
      .partition = builder.add_metadata(table, "kafka_partition", "INT NOT NULL", "partition"),
      .offset = builder.add_metadata(table, "kafka_offset", "BIGINT NOT NULL", "offset"),
      .timestamp = builder.add_metadata(table, "kafka_timestamp", "TIMESTAMP_LTZ(3) NOT NULL", "timestamp")};
  table.primary_key = key.primary_key;
  builder.add_connector(table, "upsert-kafka", tables.topic);
  for (auto& option : key.options) {
    if (option.first == "key.avro-confluent.schema") {
      table.options.emplace_back("key.avro-confluent.url", builder.registry_url());
    }
    table.options.push_back(option);
  }
  builder.add_format(table, "value.");
  return table;
}

}  // namespace

TableNames::TableNames(const Desired& desired) {
  for (const DesiredTopic& topic : desired.topics) taken_.push_back(topic.name);
}

std::string TableNames::take(std::string name) {
  name = free_name(std::move(name), taken_);
  taken_.push_back(name);
  return name;
}

TopicTables tables_of(const Desired& desired, const DesiredTopic& topic, const SourceOptions& options,
                      TableNames& names) {
  TopicTables tables{.topic = topic.name};
  const TopicSchemas schemas = schemas_of(desired, topic.name);
  tables.problem = schemas.problem;
  if (!tables.problem.empty()) return tables;
  tables.key_schema = schemas.key;
  tables.value_schema = schemas.value;
  if (tables.value_schema) {
    tables.value.emplace(tables.value_schema->root());
    tables.problem = tables.value->problem();
    if (!tables.problem.empty()) return tables;
  }
  TableBuilder builder(tables.value ? &*tables.value : nullptr, options);
  if (is_compacted(topic)) {
    tables.latest = latest_table(topic.name, tables, builder);
    if (tables.value) tables.state_field = state_field_of(topic, *tables.value);
  }
  tables.log = log_table(tables.latest ? names.take(topic.name + "_log") : topic.name, tables, builder);
  return tables;
}

std::string create_table_text(const SourceTable& table) {
  std::string text;
  for (const std::string& remark : table.remarks) text += fmt::format("-- {}\n", remark);
  text += fmt::format("CREATE TABLE {} (\n", sql_name(table.name));
  std::string lines;
  const auto add_line = [&lines](const std::string& line) { lines += (lines.empty() ? "  " : ",\n  ") + line; };
  for (const SourceColumn& column : table.columns) add_line(sql_name(column.name) + " " + column.sql);
  if (!table.time_column.empty()) {
    const std::string time = sql_name(table.time_column);
    add_line(fmt::format("WATERMARK FOR {0} AS {0} - INTERVAL '5' SECOND", time));
  }
  if (!table.primary_key.empty()) {
    std::string names;
    for (const std::string& name : table.primary_key) names += (names.empty() ? "" : ", ") + sql_name(name);
    add_line(fmt::format("PRIMARY KEY ({}) NOT ENFORCED", names));
  }
  text += lines + "\n) WITH (\n";
  lines.clear();
  for (const auto& [name, value] : table.options) add_line(sql_literal(name) + " = " + sql_literal(value));
  return text + lines + "\n);\n";
}

}  // namespace omashu::flink
