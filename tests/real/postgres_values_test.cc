// Values of random schemas come back from PostgreSQL as what they are: each column is compared with the datum, by SQL
// that knows nothing of how it was written.
//
//   OMASHU_POSTGRES_SEEDS=10000 build/dev/tests/real/real_postgres_rows --gtest_filter='*PostgresValues*'

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

#include "avro/decimal_text.h"
#include "avro/float_widening.h"
#include "avro/logical_text.h"
#include "avro/testing/random_avro.h"
#include "real/support/postgres_server.h"
#include "real/support/sink_records.h"
#include "sink/postgres/postgres_sink.h"

namespace omashu::real {
namespace {

using avro::Datum;
using avro::LogicalType;
using avro::Node;
using avro::Type;
using sink::postgres::Mode;
using sink::postgres::quoted_text;
using sink::postgres::TableName;

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<uint8_t>(byte));
  return text;
}

int64_t little_endian(std::string_view bytes, size_t at) {
  int64_t value = 0;
  for (size_t i = 4; i-- > 0;) value = value << 8 | static_cast<uint8_t>(bytes[at + i]);
  return value;
}

std::string decimal(std::string_view unscaled, int scale) {
  std::string text(avro::kMaxDecimalText, '\0');
  text.resize(static_cast<size_t>(avro::write_decimal(text.data(), unscaled, scale) - text.data()));
  return text;
}

// That the SQL expression holds the integer of the datum, in units of the type.
std::string same_instant(const std::string& sql, int64_t value, int64_t per_second) {
  return fmt::format("(extract(epoch from {}) * {} = {})", sql, per_second, value);
}

std::string same_logical(const std::string& sql, const Datum& datum) {
  switch (datum.type().logical_type) {
    case LogicalType::kDate: return fmt::format("({} - date '1970-01-01' = {})", sql, datum.as_long());
    case LogicalType::kTimeMillis:
    case LogicalType::kTimestampMillis:
    case LogicalType::kLocalTimestampMillis: return same_instant(sql, datum.as_long(), 1'000);
    case LogicalType::kTimeMicros:
    case LogicalType::kTimestampMicros:
    case LogicalType::kLocalTimestampMicros: return same_instant(sql, datum.as_long(), 1'000'000);
    case LogicalType::kTimestampNanos:
    case LogicalType::kLocalTimestampNanos: return fmt::format("({} = {})", sql, datum.as_long());
    case LogicalType::kDecimal:
      return fmt::format("({} = '{}'::numeric)", sql, decimal(datum.as_bytes(), datum.type().scale));
    case LogicalType::kBigDecimal: {
      std::string_view unscaled;
      int32_t scale = 0;
      if (!avro::split_big_decimal(datum.as_bytes(), unscaled, scale)) return "false";
      return fmt::format("({} = '{}'::numeric)", sql, decimal(unscaled, scale));
    }
    case LogicalType::kUuid:
      if (datum.type().type == Type::kString) return fmt::format("({}::text = lower('{}'))", sql, datum.as_bytes());
      return fmt::format("(replace({}::text, '-', '') = '{}')", sql, hex(datum.as_bytes()));
    case LogicalType::kDuration:
      // Without the other parts: extract() justifies days and hours.
      return fmt::format("({} = make_interval(months => {}, days => {}, secs => {} / 1000.0::numeric))", sql,
                         little_endian(datum.as_bytes(), 0), little_endian(datum.as_bytes(), 4),
                         little_endian(datum.as_bytes(), 8));
    case LogicalType::kNone: break;
  }
  return "false";
}

// A condition that holds where the column has the value.
std::string same(const std::string& sql, const Datum& datum, const avro::Schema& schema) {
  if (datum.is_null()) return fmt::format("({} IS NULL)", sql);
  const Node& node = datum.type();
  const auto type = sink::postgres::column_type(datum.declared_type());
  if (type.kind == sink::postgres::Kind::kJsonb) {
    std::string bytes, json;
    avro::append_datum(datum, bytes);
    EXPECT_TRUE(avro::Decoder::compile(schema.at(datum.declared_type()))->to_json(bytes, avro::JsonForm::kPlain, json));
    return fmt::format("({} = {}::jsonb)", sql, quoted_text(json));
  }
  if (type.is_array) {
    std::string all = fmt::format("(cardinality({}) = {})", sql, datum.size());
    for (size_t i = 0; i < datum.size(); ++i) {
      all += " AND " + same(fmt::format("({})[{}]", sql, i + 1), datum.item(i), schema);
    }
    return all;
  }
  if (node.logical_type != LogicalType::kNone) return same_logical(sql, datum);
  switch (node.type) {
    case Type::kBoolean: return fmt::format("({} = {})", sql, datum.as_boolean());
    case Type::kInt:
    case Type::kLong: return fmt::format("({} = {})", sql, datum.as_long());
    case Type::kFloat: return fmt::format("({} = '{}'::real)", sql, avro::narrow(datum.as_double()));
    case Type::kDouble: return fmt::format("({} = '{}'::double precision)", sql, datum.as_double());
    case Type::kBytes:
    case Type::kFixed: return fmt::format("(encode({}, 'hex') = '{}')", sql, hex(datum.as_bytes()));
    case Type::kString:
    case Type::kEnum:
      return fmt::format("(encode(convert_to({}::text, 'UTF8'), 'hex') = '{}')", sql, hex(datum.as_string()));
    default: return "false";
  }
}

// Reasons for which a random datum may be refused.
bool is_expected(const std::string& reason) {
  for (const char* known : {"holds a NUL", "is NaN", "is infinite", "is beyond what PostgreSQL can hold",
                            "no big-decimal", "digits and its schema allows", "value overflows numeric format"}) {
    if (reason.find(known) != std::string::npos) return true;
  }
  return false;
}

class PostgresValues : public ::testing::TestWithParam<bool> {};

// Three fields of random types, and data of them.
struct Trial {
  explicit Trial(uint64_t seed) : random(seed), topic(fmt::format("values-{}", seed)) {}

  std::string value_schema() {
    std::string fields;
    for (const char* name : {"a", "Order", "e"}) {
      std::string type = random.schema(2);
      if (random.pick(3) == 0) type = fmt::format(R"({{"type":"array","items":{}}})", type);
      if (random.pick(4) == 0 && type.front() != '[' && type != R"("null")") type = fmt::format(R"(["null",{}])", type);
      fields += fmt::format(R"({}{{"name":"{}","type":{}}})", fields.empty() ? "" : ",", name, type);
    }
    return fmt::format(R"({{"type":"record","name":"Value","fields":[{}]}})", fields);
  }

  avro::testing::RandomAvro random;
  SinkTopic topic;
};

TEST_P(PostgresValues, OfRandomSchemasComeBack) {
  PostgresServer postgres;
  const char* wanted = std::getenv("OMASHU_POSTGRES_SEEDS");
  const uint64_t seeds = wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 60;
  std::string questions;
  size_t asked = 0, refused = 0;
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    Trial trial(seed);
    const std::string text = trial.value_schema();
    SCOPED_TRACE(fmt::format("seed {}: {}", seed, text));
    trial.topic.set_key_schema(R"("int")");
    trial.topic.set_value_schema(text);
    const avro::Schema schema = *avro::Schema::parse(text);
    const avro::GenericDecoder decoder = *avro::GenericDecoder::compile(schema);

    // A table name that has to be quoted.
    const TableName table = {.schema = "", .name = fmt::format("Ta\"b'le \\ {}", seed)};
    auto sink = sink::postgres::make_postgres_sink(
        trial.topic.registry(), {.dsn = postgres.dsn(),
                                 .table = table,
                                 .positions_table = *TableName::parse("omashu_positions"),
                                 .topic = trial.topic.name(),
                                 .group = "g",
                                 .shape = {.mode = Mode::kHistory, .has_native_enums = seed % 2 == 0},
                                 .setup = {.creates = true},
                                 .copy_rows = GetParam() ? size_t{1} : size_t{1'000}});
    const std::vector<kafka::TopicPartition> partitions = {{trial.topic.name(), static_cast<kafka::PartitionId>(0)}};
    const auto begun = sink->begin(partitions, {});
    ASSERT_TRUE(begun) << begun.error().error.message;
    std::vector<std::string> data(8);
    for (size_t i = 0; i < data.size(); ++i) {
      trial.random.datum(schema.root(), data[i]);
      trial.topic.add_encoded({.offset = static_cast<int64_t>(i)}, "1", data[i]);
    }
    NotedRejections rejections;
    const auto written = sink->write(trial.topic.take(), rejections, {});
    ASSERT_TRUE(written) << written.error().error.message;
    for (size_t i = 0; i < data.size(); ++i) {
      if (const auto reason = rejections.reasons.find(i); reason != rejections.reasons.end()) {
        EXPECT_TRUE(is_expected(reason->second)) << reason->second;
        ++refused;
        continue;
      }
      const auto datum = decoder.decode_owned(data[i]);
      for (const avro::Field& field : schema.root().fields) {
        const std::string column = sink::postgres::quoted(field.name);
        const std::string condition = same(column, *(*datum)->find(field.name), schema);
        questions += fmt::format(
            "SELECT 'seed {} record {} field {}: ' || coalesce({}::text, '?') FROM {} WHERE NOT "
            "coalesce({}, false) AND kafka_offset = {};\n",
            seed, i, field.name, column + "::text", table.quoted(), condition, i);
        questions += fmt::format("SELECT 'missing {} {}' WHERE NOT EXISTS (SELECT FROM {} WHERE kafka_offset = {});\n",
                                 seed, i, table.quoted(), i);
        ++asked;
      }
    }
  }
  EXPECT_EQ(postgres.query(questions), "");
  EXPECT_GT(asked, refused) << "most of the values are compared";
}

INSTANTIATE_TEST_SUITE_P(ArraysAndCopy, PostgresValues, ::testing::Bool(),
                         [](const auto& test) { return test.param ? "ByCopy" : "ByArrays"; });

}  // namespace
}  // namespace omashu::real
