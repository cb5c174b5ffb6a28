#include "sink/postgres/table_changes.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "base/shown.h"

namespace omashu::sink::postgres {

namespace {

std::string constraint_name(const Column& column) { return usable_name(column.name + "_symbols"); }

std::string enum_type_name(const TableShape& shape, const Column& column) {
  return shape.table.quoted_sibling(usable_name(shape.table.name + "_" + column.name));
}

std::string type_of(const TableShape& shape, const Column& column) {
  if (column.type.kind != Kind::kEnum || !shape.has_native_enums) return sql_type(column.type);
  return sql_type(column.type, enum_type_name(shape, column));
}

bool has_check(const TableShape& shape, const Column& column) {
  return column.type.kind == Kind::kEnum && !shape.has_native_enums;
}

std::string symbol_list(const std::vector<std::string>& symbols) {
  std::vector<std::string> texts;
  for (const std::string& symbol : symbols) texts.push_back(quoted_text(symbol));
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string check_of(const Column& column, const std::vector<std::string>& symbols) {
  const std::string name = quoted(column.name);
  if (!column.type.is_array) {
    return fmt::format("CONSTRAINT {} CHECK ({} IN ({}))", quoted(constraint_name(column)), name, symbol_list(symbols));
  }
  // A null item is equal to no symbol, and is taken away before the rest is looked at.
  return fmt::format("CONSTRAINT {} CHECK (array_remove({}, NULL) <@ ARRAY[{}]::text[])",
                     quoted(constraint_name(column)), name, symbol_list(symbols));
}

std::string definition(const TableShape& shape, const Column& column, bool is_nullable) {
  return fmt::format("{} {}{}", quoted(column.name), type_of(shape, column), is_nullable ? "" : " NOT NULL");
}

std::string enum_type_creation(const TableShape& shape, const Column& column) {
  return fmt::format("CREATE TYPE {} AS ENUM ({})", enum_type_name(shape, column), symbol_list(column.type.symbols));
}

struct Numeric {
  int precision = 0;  // 0: any
  int scale = 0;
};

std::optional<Numeric> numeric_of(std::string_view type) {
  if (type == "numeric") return Numeric{};
  if (!type.starts_with("numeric(")) return std::nullopt;
  Numeric numeric;
  const char* end = type.data() + type.size();
  const auto [comma, error] = std::from_chars(type.data() + 8, end, numeric.precision);
  if (error != std::errc() || comma == end || *comma != ',') return std::nullopt;
  std::from_chars(comma + 1, end, numeric.scale);
  return numeric;
}

bool holds(const Numeric& wide, const Numeric& narrow) {
  if (wide.precision == 0) return true;
  if (narrow.precision == 0) return false;
  return wide.scale >= narrow.scale && wide.precision - wide.scale >= narrow.precision - narrow.scale;
}

constexpr int kAnyNumericDigits = 1000;

// numeric(p,s) that holds both.
std::string common_numeric(const Numeric& a, const Numeric& b) {
  const int scale = std::max(a.scale, b.scale);
  const int precision = std::max(a.precision - a.scale, b.precision - b.scale) + scale;
  if (a.precision == 0 || b.precision == 0 || precision > kAnyNumericDigits) return "numeric";
  return fmt::format("numeric({},{})", precision, scale);
}

// Without the brackets of an array.
std::string_view item_type(std::string_view type) {
  return type.ends_with("[]") ? type.substr(0, type.size() - 2) : type;
}

bool is_among(std::string_view text, std::initializer_list<std::string_view> texts) {
  return std::ranges::find(texts, text) != texts.end();
}

// Whether a column of the type `wide` holds every value of the type `narrow`, both as scalars.
bool holds_type(std::string_view wide, std::string_view narrow, const ColumnType& type) {
  if (wide == narrow) return true;
  switch (type.kind) {
    case Kind::kInteger: return is_among(wide, {"bigint", "numeric", "double precision"});
    case Kind::kBigint: return wide == "numeric";
    case Kind::kReal: return wide == "double precision";
    // The server refuses a text that is too long for a varchar, and that row alone is set aside.
    case Kind::kText:
    case Kind::kEnum: return wide == "text" || wide.starts_with("character varying");
    case Kind::kUuid: return wide == "text";
    case Kind::kJsonb: return wide == "json";
    case Kind::kNumeric: {
      const auto numeric = numeric_of(wide);
      return numeric && holds(*numeric, {type.precision, type.scale});
    }
    default: return false;
  }
}

// The type that a column is widened to; nothing where that would lose, or is none of ours.
std::optional<std::string> widened(std::string_view actual, const ColumnType& type) {
  if (type.kind == Kind::kBigint && is_among(actual, {"smallint", "integer"})) return "bigint";
  if (type.kind == Kind::kInteger && actual == "smallint") return "integer";
  if (type.kind == Kind::kDouble && actual == "real") return "double precision";
  if (type.kind == Kind::kText && actual.starts_with("character varying")) return "text";
  if (type.kind == Kind::kNumeric) {
    if (const auto numeric = numeric_of(actual)) return common_numeric(*numeric, {type.precision, type.scale});
    if (is_among(actual, {"smallint", "integer", "bigint"}) && type.precision == 0) return "numeric";
  }
  return std::nullopt;
}

std::vector<std::string> missing_from(const std::vector<std::string>& there, const std::vector<std::string>& wanted) {
  std::vector<std::string> missing;
  for (const std::string& symbol : wanted) {
    if (std::ranges::find(there, symbol) == there.end()) missing.push_back(symbol);
  }
  return missing;
}

class Comparison {
 public:
  Comparison(const TableShape& shape, const ActualTable& table) : shape_(shape), table_(table) {}

  TableChanges compare() {
    for (const Column& column : shape_.columns) {
      if (const ActualColumn* actual = table_.find(column.name)) {
        compare_column(column, *actual);
      } else {
        add_column(column);
      }
    }
    for (const ActualColumn& actual : table_.columns) {
      const bool is_ours = std::ranges::find(shape_.columns, actual.name, &Column::name) != shape_.columns.end();
      if (!is_ours && actual.is_required) alter("ALTER COLUMN {} DROP NOT NULL", quoted(actual.name));
    }
    compare_key();
    return std::move(changes_);
  }

 private:
  template <class... Arguments>
  void alter(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    changes_.statements.push_back(fmt::format("ALTER TABLE {} {}", shape_.table.quoted(),
                                              fmt::format(format, std::forward<Arguments>(arguments)...)));
  }

  void add_column(const Column& column) {
    if (std::ranges::find(shape_.primary_key, column.name) != shape_.primary_key.end()) {
      changes_.refusals.push_back(
          fmt::format("the table has no column {}, by which its rows are told: write to another --table, or rename the "
                      "one that holds it",
                      shown(column.name)));
      return;
    }
    if (column.type.kind == Kind::kEnum && shape_.has_native_enums) {
      changes_.statements.push_back(enum_type_creation(shape_, column));
    }
    // Rows that are there have no value for it.
    const bool is_flag = column.source == Source::kDeleted;
    alter("ADD COLUMN {}{}", definition(shape_, column, !is_flag), is_flag ? " DEFAULT false" : "");
    if (has_check(shape_, column)) alter("ADD {}", check_of(column, column.type.symbols));
  }

  void compare_column(const Column& column, const ActualColumn& actual) {
    const bool is_array = actual.type.ends_with("[]");
    if (is_array != column.type.is_array) return refuse_type(column, actual);
    if (!actual.enum_labels.empty()) return compare_enum_type(column, actual);
    ColumnType scalar = column.type;
    scalar.is_array = false;
    if (!holds_type(item_type(actual.type), sql_type(scalar), scalar)) {
      const auto wider = widened(item_type(actual.type), scalar);
      if (!wider) return refuse_type(column, actual);
      alter("ALTER COLUMN {} TYPE {}{}", quoted(column.name), *wider, is_array ? "[]" : "");
    }
    if (column.type.kind == Kind::kEnum) compare_check(column);
    if (column.is_nullable && actual.is_required) alter("ALTER COLUMN {} DROP NOT NULL", quoted(column.name));
  }

  void compare_enum_type(const Column& column, const ActualColumn& actual) {
    if (column.type.kind != Kind::kEnum) return refuse_type(column, actual);
    for (const std::string& symbol : missing_from(actual.enum_labels, column.type.symbols)) {
      changes_.statements.push_back(
          fmt::format("ALTER TYPE {} ADD VALUE IF NOT EXISTS {}", item_type(actual.base_type), quoted_text(symbol)));
    }
    if (column.is_nullable && actual.is_required) alter("ALTER COLUMN {} DROP NOT NULL", quoted(column.name));
  }

  void compare_check(const Column& column) {
    const auto check = table_.check_symbols.find(constraint_name(column));
    if (check == table_.check_symbols.end()) return;
    const auto missing = missing_from(check->second, column.type.symbols);
    if (missing.empty()) return;
    std::vector<std::string> symbols = check->second;
    symbols.insert(symbols.end(), missing.begin(), missing.end());
    alter("DROP CONSTRAINT {}, ADD {}", quoted(check->first), check_of(column, symbols));
  }

  void refuse_type(const Column& column, const ActualColumn& actual) {
    changes_.refusals.push_back(
        fmt::format("column {} is {} and the schema asks for {}, which it cannot become without loss: write to another "
                    "--table, or ALTER it as you see fit",
                    shown(column.name), actual.type, type_of(shape_, column)));
  }

  void compare_key() {
    std::vector<std::string> wanted = shape_.primary_key;
    std::ranges::sort(wanted);
    for (std::vector<std::string> key : table_.unique_keys) {
      std::ranges::sort(key);
      if (key == wanted) return;
    }
    if (!changes_.refusals.empty()) return;
    std::vector<std::string> names;
    for (const std::string& name : shape_.primary_key) names.push_back(quoted(name));
    changes_.refusals.push_back(
        fmt::format("the table has no unique key over ({0}), by which rows are found: ALTER TABLE {1} ADD UNIQUE ({0})",
                    fmt::join(names, ", "), shape_.table.quoted()));
  }

  const TableShape& shape_;
  const ActualTable& table_;
  TableChanges changes_;
};

}  // namespace

const ActualColumn* ActualTable::find(const std::string& name) const {
  const auto found = std::ranges::find(columns, name, &ActualColumn::name);
  return found == columns.end() ? nullptr : &*found;
}

std::vector<std::string> creation_statements(const TableShape& shape) {
  std::vector<std::string> statements, parts, key;
  for (const Column& column : shape.columns) {
    if (column.type.kind == Kind::kEnum && shape.has_native_enums)
      statements.push_back(enum_type_creation(shape, column));
    parts.push_back(definition(shape, column, column.is_nullable));
  }
  for (const std::string& name : shape.primary_key) key.push_back(quoted(name));
  parts.push_back(fmt::format("PRIMARY KEY ({})", fmt::join(key, ", ")));
  for (const Column& column : shape.columns) {
    if (has_check(shape, column)) parts.push_back(check_of(column, column.type.symbols));
  }
  statements.push_back(fmt::format("CREATE TABLE {} ({})", shape.table.quoted(), fmt::join(parts, ", ")));
  return statements;
}

TableChanges changes_for(const TableShape& shape, const ActualTable& table) {
  return Comparison(shape, table).compare();
}

std::string positions_creation(const TableName& table) {
  return fmt::format(
      "CREATE TABLE IF NOT EXISTS {} (consumer_group text NOT NULL, target text NOT NULL, topic text NOT NULL, "
      "kafka_partition integer NOT NULL, next_offset bigint, updated_at timestamp with time zone NOT NULL DEFAULT "
      "now(), "
      "PRIMARY KEY (consumer_group, target, topic, kafka_partition))",
      table.quoted());
}

}  // namespace omashu::sink::postgres
