#include "flink/postgres_tables.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <string_view>

#include "flink/key_columns.h"
#include "flink/postgres_value.h"
#include "flink/sql_text.h"
#include "sink/postgres/names.h"
#include "sink/postgres/table_changes.h"
#include "sink/postgres/table_shape.h"

namespace omashu::flink {

namespace {

namespace pg = sink::postgres;

// What PostgreSQL does not take for a column without quotes (its appendix C, "reserved").
constexpr std::string_view kReserved[] = {"all",
                                          "analyse",
                                          "analyze",
                                          "and",
                                          "any",
                                          "array",
                                          "as",
                                          "asc",
                                          "asymmetric",
                                          "authorization",
                                          "binary",
                                          "both",
                                          "case",
                                          "cast",
                                          "check",
                                          "collate",
                                          "collation",
                                          "column",
                                          "concurrently",
                                          "constraint",
                                          "create",
                                          "cross",
                                          "current_catalog",
                                          "current_date",
                                          "current_role",
                                          "current_schema",
                                          "current_time",
                                          "current_timestamp",
                                          "current_user",
                                          "default",
                                          "deferrable",
                                          "desc",
                                          "distinct",
                                          "do",
                                          "else",
                                          "end",
                                          "except",
                                          "false",
                                          "fetch",
                                          "for",
                                          "foreign",
                                          "freeze",
                                          "from",
                                          "full",
                                          "grant",
                                          "group",
                                          "having",
                                          "ilike",
                                          "in",
                                          "initially",
                                          "inner",
                                          "intersect",
                                          "into",
                                          "is",
                                          "isnull",
                                          "join",
                                          "lateral",
                                          "leading",
                                          "left",
                                          "like",
                                          "limit",
                                          "localtime",
                                          "localtimestamp",
                                          "natural",
                                          "not",
                                          "notnull",
                                          "null",
                                          "offset",
                                          "on",
                                          "only",
                                          "or",
                                          "order",
                                          "outer",
                                          "overlaps",
                                          "placing",
                                          "primary",
                                          "references",
                                          "returning",
                                          "right",
                                          "select",
                                          "session_user",
                                          "similar",
                                          "some",
                                          "symmetric",
                                          "table",
                                          "tablesample",
                                          "then",
                                          "to",
                                          "trailing",
                                          "true",
                                          "union",
                                          "unique",
                                          "user",
                                          "using",
                                          "variadic",
                                          "verbose",
                                          "when",
                                          "where",
                                          "window",
                                          "with"};

std::string join(const std::vector<std::string>& parts, std::string_view between) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : std::string(between)) + part;
  return text;
}

// A name that means the same with and without quotes. Names of Avro are letters, digits and underscores.
std::string folded(std::string_view name, const std::vector<std::string>& taken) {
  std::string lower(name);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  if (std::ranges::find(kReserved, lower) != std::end(kReserved)) lower += '_';
  return free_name(std::move(lower), taken);
}

// Fills the columns of a shape from those of the topic's table.
class RowMaker {
 public:
  RowMaker(const TopicTables& tables, const avro::Schema& key, const avro::Schema& value)
      : tables_(tables), key_(key), value_(value) {}

  std::optional<PostgresValue> fill(const pg::Column& column) const {
    switch (column.source) {
      case pg::Source::kPartition: return PostgresValue{"INT", sql_name(tables_.entity.partition)};
      case pg::Source::kOffset: return PostgresValue{"BIGINT", sql_name(tables_.entity.offset)};
      case pg::Source::kTimestamp:
        return PostgresValue{"STRING", instant_of_session(sql_name(tables_.entity.timestamp))};
      case pg::Source::kKey: return from_part(key_, tables_.entity.key, column);
      case pg::Source::kValue: return from_part(value_, tables_.entity.value, column);
      default: return std::nullopt;
    }
  }

 private:
  // `names` are those of the fields that can be read, or of the one column of a part that is no record.
  static std::optional<PostgresValue> from_part(const avro::Schema& part, const std::vector<std::string>& names,
                                                const pg::Column& column) {
    const ReadableSchema readable(part.root());
    if (column.path.empty()) return postgres_value(readable, part.root(), column.type, sql_name(names.at(0)));
    const avro::Field& field = part.root().fields[column.path[0]];
    const auto fields = readable.fields();
    const auto found = std::ranges::find(fields, &field);
    if (found == fields.end()) return std::nullopt;
    return postgres_value(readable, *field.type, column.type, sql_name(names.at(found - fields.begin())));
  }

  const TopicTables& tables_;
  const avro::Schema& key_;
  const avro::Schema& value_;
};

// Keys and values that have no schema are text.
avro::Schema or_text(const std::optional<avro::Schema>& schema) {
  return schema ? *schema : avro::Schema::parse("\"string\"").value();
}

Result<pg::TableShape> shape_of(const std::string& topic, const avro::Schema& key, const avro::Schema& value) {
  const pg::TableName name{.schema = "", .name = pg::usable_name(topic)};
  auto shape = pg::shape_of(name, key, value, {});
  return shape ? std::move(shape) : pg::shape_of(name, key, value, {.key_prefix = "key_"});
}

std::string if_not_exists(std::string statement) {
  constexpr std::string_view kCreate = "CREATE TABLE ";
  if (statement.starts_with(kCreate)) statement.insert(kCreate.size(), "IF NOT EXISTS ");
  return statement;
}

std::string view_statement(const std::string& view, const std::vector<std::string>& columns, const std::string& table) {
  return fmt::format("CREATE OR REPLACE VIEW {} AS SELECT {} FROM {}", view, join(columns, ", "), table);
}

PostgresTable small_table(const std::string& view, TableNames& names, const std::string& key,
                          const std::string& key_type, const std::string& number) {
  PostgresTable table;
  table.name = names.take(view + "_postgres");
  table.columns = {{key, "STRING NOT NULL"}, {number, "BIGINT NOT NULL"}};
  table.key = {key};
  table.target = pg::quoted(pg::usable_name(view));
  table.source = view;
  table.postgres_statements = {fmt::format("CREATE TABLE IF NOT EXISTS {} ({} {} PRIMARY KEY, {} bigint NOT NULL)",
                                           table.target, pg::quoted(key), key_type, pg::quoted(number))};
  return table;
}

}  // namespace

Result<void> check_jdbc_url(const std::string& url) {
  constexpr std::string_view kStart = "jdbc:postgresql:";
  if (!url.starts_with(kStart)) {
    return fail(ErrorCode::kInvalidArgument,
                "--jdbc takes the URL of a PostgreSQL: jdbc:postgresql://HOST:PORT/DATABASE");
  }
  std::string lower = url;
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
  if (lower.find("password=") != std::string::npos) {
    return fail(ErrorCode::kInvalidArgument,
                "a password in --jdbc would stand in the script: leave it out, and let Flink's machines have it in "
                "~/.pgpass");
  }
  if (lower.find("stringtype=") != std::string::npos && lower.find("stringtype=unspecified") == std::string::npos) {
    return fail(ErrorCode::kInvalidArgument, "the statements need stringtype=unspecified: leave it out of --jdbc");
  }
  return {};
}

PostgresTable latest_rows(const TopicTables& tables, TableNames& names) {
  PostgresTable table;
  if (tables.entity.key.empty()) {
    table.problem = "Flink cannot read the key's fields";
    return table;
  }
  const avro::Schema key = or_text(tables.key_schema), value = or_text(tables.value_schema);
  auto shape = shape_of(tables.topic, key, value);
  if (!shape) {
    table.problem = shape.error().message;
    return table;
  }
  table.name = names.take(tables.topic + "_postgres");
  table.target = pg::quoted(pg::usable_name(tables.topic + "_flink"));
  table.source = tables.latest->name;
  const RowMaker maker(tables, key, value);
  std::vector<std::string> taken, view_columns;
  std::vector<pg::Column> filled;
  for (const pg::Column& column : shape->columns) {
    const auto made = maker.fill(column);
    const bool is_key = std::ranges::find(shape->primary_key, column.name) != shape->primary_key.end();
    if (!made && is_key) {
      table.problem = fmt::format("the JDBC connector cannot write its key's {}", column.name);
      return table;
    }
    if (!made) {
      table.remarks.push_back(
          fmt::format("{} is left out: Flink cannot write it as {}.", column.name, pg::sql_type(column.type)));
      continue;
    }
    const std::string name = folded(column.name, taken);
    taken.push_back(name);
    view_columns.push_back(fmt::format("{} AS {}", pg::quoted(column.name), name));
    table.columns.emplace_back(name, made->sql_type + (is_key ? " NOT NULL" : ""));
    if (is_key) table.key.push_back(name);
    table.expressions.push_back(made->expression);
    filled.push_back(column);
  }
  shape->columns = std::move(filled);
  for (std::string& statement : pg::creation_statements(*shape)) {
    table.postgres_statements.push_back(if_not_exists(std::move(statement)));
  }
  table.postgres_statements.push_back(view_statement(table.target, view_columns, shape->table.quoted()));
  return table;
}

PostgresTable counts(const TopicTables& tables, const std::string& view, TableNames& names) {
  PostgresTable table = small_table(view, names, "state", "text", "count");
  const std::string state = sql_name(*tables.state_field);
  const avro::Field* field = tables.value_schema->root().find_field(*tables.state_field);
  const bool is_nullable = field->type->type == avro::Type::kUnion && readable_branch(*field->type)->is_nullable;
  table.expressions = {is_nullable ? fmt::format("COALESCE({}, 'null')", state) : state, "`count`"};
  return table;
}

PostgresTable throughput(const std::string& view, TableNames& names) {
  PostgresTable table = small_table(view, names, "minute", "timestamptz", "records");
  table.expressions = {instant_of_session("`window_start`"), "`records`"};
  return table;
}

std::string create_table_text(const PostgresTable& table, const JdbcOptions& options) {
  std::string text, key;
  for (const std::string& remark : table.remarks) text += fmt::format("-- {}\n", remark);
  text += fmt::format("CREATE TABLE {} (\n", sql_name(table.name));
  for (const auto& [name, type] : table.columns) text += fmt::format("  {} {},\n", sql_name(name), type);
  for (const std::string& name : table.key) key += (key.empty() ? "" : ", ") + sql_name(name);
  const bool has_user = options.url.find("user=") != std::string::npos;
  const bool is_typed = options.url.find("stringtype=") == std::string::npos;
  std::string url = options.url;
  if (is_typed) url += (url.find('?') == std::string::npos ? "?" : "&") + std::string("stringtype=unspecified");
  text += fmt::format("  PRIMARY KEY ({}) NOT ENFORCED\n) WITH (\n  'connector' = 'jdbc',\n  'url' = {},\n", key,
                      sql_literal(url));
  if (!has_user) text += "  'username' = '${POSTGRES_USER}',\n  'password' = '${POSTGRES_PASSWORD}',\n";
  return text + fmt::format("  'table-name' = {}\n);\n", sql_literal(table.target));
}

std::string insert_text(const PostgresTable& table) {
  return fmt::format("INSERT INTO {}\nSELECT {}\nFROM {};\n", sql_name(table.name), join(table.expressions, ",\n  "),
                     sql_name(table.source));
}

}  // namespace omashu::flink
