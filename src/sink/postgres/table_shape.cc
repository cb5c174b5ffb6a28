#include "sink/postgres/table_shape.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/shown.h"

namespace omashu::sink::postgres {

namespace {

using avro::LogicalType;
using avro::Node;
using avro::Type;

constexpr int kMaxNumericPrecision = 1000;

struct Optional {
  const Node* node;  // without the null
  bool is_nullable;
};

// [null, X] and [X, null] are an X that may be null; [X] is X. Other unions are themselves.
Optional look_through(const Node& node) {
  if (node.type == Type::kNull) return {&node, true};
  if (node.type != Type::kUnion) return {&node, false};
  const auto is_null = [](const Node* branch) { return branch->type == Type::kNull; };
  const bool is_nullable = std::ranges::any_of(node.branches, is_null);
  const auto only = std::ranges::find_if_not(node.branches, is_null);
  const bool has_one = std::ranges::count_if(node.branches, is_null) + 1 == std::ssize(node.branches);
  return {has_one ? *only : &node, is_nullable};
}

std::optional<Kind> logical_kind(const Node& node) {
  switch (node.logical_type) {
    case LogicalType::kNone: return std::nullopt;
    case LogicalType::kDecimal:
    case LogicalType::kBigDecimal: return Kind::kNumeric;
    case LogicalType::kUuid: return Kind::kUuid;
    case LogicalType::kDate: return Kind::kDate;
    case LogicalType::kTimeMillis:
    case LogicalType::kTimeMicros: return Kind::kTime;
    case LogicalType::kTimestampMillis:
    case LogicalType::kTimestampMicros: return Kind::kTimestamptz;
    case LogicalType::kLocalTimestampMillis:
    case LogicalType::kLocalTimestampMicros: return Kind::kTimestamp;
    // PostgreSQL keeps microseconds; the nanoseconds stay the number that they are.
    case LogicalType::kTimestampNanos:
    case LogicalType::kLocalTimestampNanos: return Kind::kBigint;
    case LogicalType::kDuration: return Kind::kInterval;
  }
  return std::nullopt;
}

Kind kind_of(const Node& node) {
  if (const auto logical = logical_kind(node)) return *logical;
  switch (node.type) {
    case Type::kBoolean: return Kind::kBoolean;
    case Type::kInt: return Kind::kInteger;
    case Type::kLong: return Kind::kBigint;
    case Type::kFloat: return Kind::kReal;
    case Type::kDouble: return Kind::kDouble;
    case Type::kBytes:
    case Type::kFixed: return Kind::kBytea;
    case Type::kNull:
    case Type::kString: return Kind::kText;
    case Type::kEnum: return Kind::kEnum;
    case Type::kRecord:
    case Type::kArray:
    case Type::kMap:
    case Type::kUnion: return Kind::kJsonb;
  }
  return Kind::kJsonb;
}

ColumnType scalar_type(const Node& node) {
  ColumnType type = {.kind = kind_of(node)};
  if (type.kind == Kind::kEnum) type.symbols = node.symbols;
  if (node.logical_type == LogicalType::kDecimal && node.precision <= kMaxNumericPrecision) {
    type.precision = node.precision;
    type.scale = node.scale;
  }
  return type;
}

class Builder {
 public:
  Builder(const TableName& table, const ShapeOptions& options) : options_(options) {
    shape_.table = table;
    shape_.has_native_enums = options.has_native_enums;
  }

  Result<TableShape> build(const std::optional<avro::Schema>& key, const std::optional<avro::Schema>& value) {
    if (key) {
      part_ = {.source = Source::kKey, .is_nullable = options_.mode == Mode::kHistory, .prefix = options_.key_prefix};
      if (auto added = add_part(key->root(), options_.key_column); !added) return fail(std::move(added.error()));
    } else if (options_.mode == Mode::kLatest) {
      return fail(ErrorCode::kInvalidArgument, "the topic's keys have no schema, and a row per key needs a key");
    }
    if (options_.mode == Mode::kLatest && shape_.primary_key.empty()) {
      return fail(ErrorCode::kInvalidArgument, "the key's schema is a record without fields: no row can be told by it");
    }
    part_ = {.source = Source::kValue,
             .is_nullable = options_.mode == Mode::kHistory || options_.flags_tombstones,
             .prefix = ""};
    if (value) {
      if (auto added = add_part(value->root(), "value"); !added) return fail(std::move(added.error()));
    }
    if (auto added = add_kafka_columns(); !added) return fail(std::move(added.error()));
    return std::move(shape_);
  }

 private:
  struct Part {
    Source source;
    bool is_nullable;
    std::string prefix;
  };

  Result<void> add_part(const Node& root, const std::string& whole_name) {
    const Optional seen = look_through(root);
    if (seen.node->type != Type::kRecord) return add_value(root, part_.prefix + whole_name, part_.is_nullable);
    open_records_.assign(1, seen.node);
    return add_fields(*seen.node, part_.prefix, part_.is_nullable || seen.is_nullable);
  }

  Result<void> add_fields(const Node& record, const std::string& prefix, bool is_nullable) {
    for (size_t i = 0; i < record.fields.size(); ++i) {
      const avro::Field& field = record.fields[i];
      path_.push_back(i);
      auto added = add_value(*field.type, prefix + field.name, is_nullable);
      path_.pop_back();
      if (!added) return added;
    }
    return {};
  }

  Result<void> add_value(const Node& node, const std::string& name, bool is_nullable) {
    const Optional seen = look_through(node);
    is_nullable = is_nullable || seen.is_nullable;
    // A record that holds itself has no end of columns: the inner one is JSON.
    const bool is_open = std::ranges::find(open_records_, seen.node) != open_records_.end();
    if (options_.flattens_records && seen.node->type == Type::kRecord && !is_open) {
      open_records_.push_back(seen.node);
      auto added = add_fields(*seen.node, name + "_", is_nullable);
      open_records_.pop_back();
      return added;
    }
    return add({.name = usable_name(name),
                .type = column_type(node),
                .is_nullable = is_nullable,
                .source = part_.source,
                .path = path_});
  }

  Result<void> add_kafka_columns() {
    const bool is_history = options_.mode == Mode::kHistory;
    std::vector<Column> columns;
    auto column = [&](std::string_view name, Kind kind, bool is_nullable, Source source) {
      columns.push_back(
          {.name = std::string(name), .type = {.kind = kind}, .is_nullable = is_nullable, .source = source});
    };
    if (is_history) column(kTopicColumn, Kind::kText, false, Source::kTopic);
    column(kPartitionColumn, Kind::kInteger, false, Source::kPartition);
    column(kOffsetColumn, Kind::kBigint, false, Source::kOffset);
    column(kTimestampColumn, Kind::kTimestamptz, true, Source::kTimestamp);
    if (is_history || options_.flags_tombstones) column(kDeletedColumn, Kind::kBoolean, false, Source::kDeleted);
    for (Column& added : columns) {
      if (auto result = add(std::move(added)); !result) return result;
    }
    if (is_history) {
      for (const std::string_view name : {kTopicColumn, kPartitionColumn, kOffsetColumn}) {
        shape_.primary_key.emplace_back(name);
      }
    }
    return {};
  }

  Result<void> add(Column column) {
    const auto there = std::ranges::find(shape_.columns, column.name, &Column::name);
    if (there == shape_.columns.end()) {
      if (column.source == Source::kKey && options_.mode == Mode::kLatest) {
        column.is_nullable = false;  // of a primary key
        shape_.primary_key.push_back(column.name);
      }
      shape_.columns.push_back(std::move(column));
      return {};
    }
    if (there->source == Source::kKey && column.source == Source::kValue && there->type == column.type) return {};
    return fail(ErrorCode::kInvalidArgument, describe_collision(*there, column));
  }

  static std::string_view described(Source source) {
    return source == Source::kKey ? "the key" : source == Source::kValue ? "the value" : "omashu's own columns";
  }

  std::string describe_collision(const Column& first, const Column& second) const {
    if (first.source == Source::kKey && second.source == Source::kValue) {
      return fmt::format(
          "key and value both have {}, {} and {}: give the key's columns other names with --key-prefix key_",
          shown(first.name), sql_type(first.type), sql_type(second.type));
    }
    if (first.source == second.source) {
      return fmt::format(
          "two fields of {} become the column {}: leave records as JSON with --nested jsonb, or rename one",
          described(first.source), shown(first.name));
    }
    return fmt::format("a field of {} has the name of {}, {}: {}", described(first.source), described(second.source),
                       shown(first.name),
                       first.source == Source::kKey ? "give the key's columns other names with --key-prefix key_"
                                                    : "rename the field");
  }

  const ShapeOptions& options_;
  TableShape shape_;
  Part part_ = {};
  std::vector<size_t> path_;
  std::vector<const Node*> open_records_;
};

}  // namespace

ColumnType column_type(const Node& node) {
  const Node& seen = *look_through(node).node;
  if (seen.type == Type::kArray) {
    const Optional items = look_through(*seen.items);
    ColumnType type = scalar_type(*items.node);
    if (type.kind != Kind::kJsonb && items.node->type != Type::kNull) {
      type.is_array = true;
      type.may_hold_nulls = items.is_nullable;
      return type;
    }
  }
  return scalar_type(seen);
}

Result<TableShape> shape_of(const TableName& table, const std::optional<avro::Schema>& key,
                            const std::optional<avro::Schema>& value, const ShapeOptions& options) {
  return Builder(table, options).build(key, value);
}

}  // namespace omashu::sink::postgres
