#include "table/aggregation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "avro/codec.h"

namespace omashu::table {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view kSchema = R"({"type":"record","name":"R","fields":[
  {"name":"status","type":{"type":"enum","name":"S","symbols":["A","B"]}},
  {"name":"n","type":["null","long"]},{"name":"d","type":"double"},
  {"name":"price","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}},
  {"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}},
  {"name":"name","type":"string"},{"name":"tags","type":{"type":"array","items":"string"}},
  {"name":"inner","type":{"type":"record","name":"I","fields":[{"name":"x","type":"int"}]}}]})";

std::string row(std::string_view status, std::string_view n, std::string_view d, std::string_view price, int at,
                std::string_view tags = "[]") {
  return R"({"status":")" + std::string(status) + R"(","n":)" + std::string(n) + R"(,"d":)" + std::string(d) +
         R"(,"price":")" + std::string(price) + R"(","at":)" + std::to_string(at) + R"(,"name":"x","tags":)" +
         std::string(tags) + R"(,"inner":{"x":1}})";
}

struct Request {
  std::vector<std::string> by = {};
  std::vector<std::pair<AggregateFunction, std::string>> aggregates = {};
};

Result<Aggregation> make(const Request& request, const std::optional<avro::Schema>& schema) {
  std::vector<FieldPath> by;
  for (const std::string& path : request.by) by.push_back(*FieldPath::parse(path));
  std::vector<Aggregate> aggregates;
  for (const auto& [function, path] : request.aggregates) {
    aggregates.push_back({.function = function, .path = *FieldPath::parse(path)});
  }
  return Aggregation::make(by, aggregates, {.key = std::nullopt, .value = schema});
}

// Lines of values and the count, of rows that were encoded and decoded.
std::vector<std::string> lines_of(const AggregateTotals& totals) {
  std::vector<std::string> lines;
  for (const auto& group : totals.groups()) {
    std::string line;
    for (const std::string& value : group.by) line += value + " ";
    line += std::to_string(group.count);
    for (const std::string& value : group.aggregates) line += " " + value;
    lines.push_back(line);
  }
  return lines;
}

std::vector<std::string> counted(const Request& request, const std::vector<std::string>& rows) {
  const auto schema = avro::Schema::parse(kSchema);
  const auto encoder = avro::Encoder::compile(*schema);
  const auto decoder = avro::GenericDecoder::compile(*schema);
  const auto aggregation = make(request, *schema);
  if (!aggregation) return {aggregation.error().message};
  AggregateTotals totals(*aggregation);
  for (const std::string& json : rows) {
    std::string bytes;
    const auto encoded = encoder->from_json(json, bytes);
    EXPECT_TRUE(encoded) << (encoded ? "" : encoded.error().message);
    avro::Arena arena;
    const auto datum = decoder->decode(bytes, arena);
    std::string contribution;
    aggregation->append_contribution({}, {.datum = &*datum}, contribution);
    totals.add(contribution);
  }
  return lines_of(totals);
}

using enum AggregateFunction;

TEST(Aggregation, CountsByAllFieldsTogether) {
  const std::vector<std::string> rows = {row("A", "1", "0.5", "1.50", 1), row("A", "1", "0.5", "1.50", 1),
                                         row("B", "null", "0.5", "1.50", 2)};
  EXPECT_THAT(counted({}, rows), ElementsAre("3"));
  EXPECT_THAT(counted({.by = {"status"}}, rows), ElementsAre("\"A\" 2", "\"B\" 1"));
  EXPECT_THAT(counted({.by = {"status", "n", "at"}}, rows),
              ElementsAre("\"A\" 1 \"1970-01-01T00:00:00.001Z\" 2", "\"B\" null \"1970-01-01T00:00:00.002Z\" 1"));
  EXPECT_THAT(counted({.by = {"price", "inner.x"}}, rows), ElementsAre("\"1.50\" 1 3"));
}

TEST(Aggregation, ARowCountsForEachItemOfAnArray) {
  EXPECT_THAT(counted({.by = {"tags"}}, {row("A", "1", "0", "0", 0, R"(["x","y"])"),
                                         row("A", "1", "0", "0", 0, R"(["x"])"), row("A", "1", "0", "0", 0)}),
              ElementsAre("\"x\" 2", "\"y\" 1"));
}

TEST(Aggregation, AddsAndComparesByType) {
  const std::vector<std::string> rows = {row("A", "1", "0.5", "0.10", 1'000), row("A", "4", "0.25", "0.20", 2'000),
                                         row("A", "null", "1", "-9.99", 3'000)};
  EXPECT_THAT(counted({.aggregates = {{kSum, "n"}, {kAverage, "n"}, {kMin, "n"}, {kMax, "n"}}}, rows),
              ElementsAre("3 5 2.5 1 4"))
      << "null is no number, and counts for no average";
  EXPECT_THAT(counted({.aggregates = {{kSum, "d"}, {kMax, "d"}}}, rows), ElementsAre("3 1.75 1.0"));
  EXPECT_THAT(counted({.aggregates = {{kSum, "price"}, {kAverage, "price"}, {kMin, "price"}}}, rows),
              ElementsAre("3 \"-9.69\" \"-3.23\" \"-9.99\""));
  EXPECT_THAT(counted({.aggregates = {{kMin, "at"}, {kMax, "name"}}}, rows),
              ElementsAre("3 \"1970-01-01T00:00:01.000Z\" \"x\""));
  EXPECT_THAT(counted({.by = {"status"}, .aggregates = {{kSum, "n"}}}, {row("B", "null", "0", "0", 0)}),
              ElementsAre("\"B\" 1 null"));
}

TEST(Aggregation, SumsBeyond64BitsAreExactAndNamed) {
  const auto schema = avro::Schema::parse(R"({"type":"long"})");
  const auto aggregation = make({.aggregates = {{kSum, "n"}, {kAverage, "n"}}}, std::nullopt);
  ASSERT_TRUE(aggregation);
  AggregateTotals totals(*aggregation);
  const auto value = json::parse(R"({"n":9223372036854775807})");
  for (int i = 0; i < 2; ++i) {
    std::string contribution;
    aggregation->append_contribution({}, {.json = &*value}, contribution);
    totals.add(contribution);
  }
  EXPECT_THAT(lines_of(totals), ElementsAre("2 18446744073709551614 9223372036854775807"));
  EXPECT_THAT(totals.wide_sums(), ElementsAre("sum(n)"));
}

TEST(Aggregation, SaysWhatCannotBeAdded) {
  EXPECT_THAT(counted({.aggregates = {{kSum, "status"}}}, {}),
              ElementsAre("--sum: status is of type enum: only numbers and decimals can be added"));
  EXPECT_THAT(counted({.aggregates = {{kAverage, "at"}}}, {}),
              ElementsAre(HasSubstr("at is of type timestamp-millis")));
  EXPECT_THAT(counted({.aggregates = {{kMin, "status"}}}, {}), ElementsAre(HasSubstr("--min: status is of type enum")));
  EXPECT_THAT(counted({.aggregates = {{kMax, "nn"}}}, {}), ElementsAre(HasSubstr("R has no field 'nn'")));
  EXPECT_THAT(counted({.by = {"inner"}}, {}), ElementsAre("--by: inner is of type record: name one of its fields"));
}

}  // namespace
}  // namespace omashu::table
