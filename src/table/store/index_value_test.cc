#include "table/store/index_value.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "avro/codec.h"
#include "table/store/ordered_bytes.h"
#include "table/store/ranges.h"

namespace omashu::table {
namespace {

using testing::HasSubstr;

constexpr std::string_view kSchema = R"({"type":"record","name":"R","fields":[
  {"name":"status","type":{"type":"enum","name":"Status","symbols":["QUEUED","RUNNING","FAILED"]}},
  {"name":"attempt","type":"int"},
  {"name":"bytes","type":["null","long"],"default":null},
  {"name":"ratio","type":"double"},
  {"name":"share","type":"float"},
  {"name":"ok","type":["boolean","null"]},
  {"name":"reason","type":["null","string"]},
  {"name":"price","type":["null",{"type":"bytes","logicalType":"decimal","precision":20,"scale":2}]},
  {"name":"big","type":{"type":"bytes","logicalType":"big-decimal"}},
  {"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}},
  {"name":"day","type":{"type":"int","logicalType":"date"}},
  {"name":"id","type":{"type":"string","logicalType":"uuid"}},
  {"name":"raw","type":"bytes"},
  {"name":"hash","type":{"type":"fixed","name":"H","size":2}},
  {"name":"source","type":["null",{"type":"record","name":"Source","fields":[{"name":"url","type":"string"}]}]},
  {"name":"tags","type":{"type":"array","items":"string"}},
  {"name":"parts","type":{"type":"array","items":{"type":"record","name":"Part","fields":[{"name":"n","type":"int"}]}}},
  {"name":"labels","type":{"type":"map","values":"string"}},
  {"name":"either","type":["int","string","double"]},
  {"name":"key","type":"string"}]})";

// What a field of the schema can be, as plain JSON, and operands that suit its type.
struct Field {
  const char* name;
  std::vector<const char*> values;
  std::vector<const char*> operands;
};
const std::vector<Field> kFields = {
    {"status", {R"("QUEUED")", R"("RUNNING")", R"("FAILED")"}, {"QUEUED", "RUNNING", "FAILED"}},
    {"attempt", {"-2147483648", "-1", "0", "1", "7"}, {"-1", "0", "0.5", "7", "9e99", "NaN", "-Infinity"}},
    {"bytes",
     {"null", "-9223372036854775808", "9007199254740992", "9007199254740993", "9223372036854775807", "0"},
     {"9007199254740993", "9007199254740992.0", "9.3e18", "-1e300", "0", "null"}},
    {"ratio",
     {"0.5", "-0.0", "0.0", "\"NaN\"", "\"Infinity\"", "\"-Infinity\"", "1e300"},
     {"0", "0.5", "NaN", "Infinity", "1"}},
    {"share", {"0.1", "0.5", "\"NaN\"", "-3.0"}, {"0.1", "0.5", "NaN", "-Infinity"}},
    {"ok", {"true", "false", "null"}, {"true", "false", "null"}},
    {"reason",
     {"null", R"("")", R"("null")", R"("a")", R"("a\u0000b")", R"("é")", R"("ab")"},
     {"a", "null", "\"null\"", "é", "ab", "\"\""}},
    {"price", {"null", R"("1.50")", R"("-0.01")", R"("0.00")", R"("100.00")"}, {"1.5", "0", "-1E-2", "1E+2", "99.995"}},
    {"big", {R"("1.50")", R"("1.5")", R"("-7")", R"("0")", R"("1E+5")"}, {"1.5", "100000", "-7.00"}},
    {"at",
     {R"("2024-01-01T00:00:00.000Z")", R"("1969-12-31T23:59:59.999Z")", R"("1970-01-01T00:00:00.000Z")"},
     {"2024-01-01", "0", "1970-01-01T00:00:00Z"}},
    {"day", {R"("2024-02-29")", R"("1970-01-01")"}, {"2024-02-29", "0"}},
    {"id",
     {R"("123e4567-e89b-12d3-a456-426614174000")", R"("023e4567-e89b-12d3-a456-426614174000")"},
     {"123E4567-e89b-12d3-a456-426614174000"}},
    {"raw", {R"("")", R"("\u0000")", R"("\u00ff\u0001")", R"("a")"}, {"a", "\"\"", "ÿ"}},
    {"hash", {R"("ab")", R"("\u0000\u0000")", R"("\u00ff\u00ff")"}, {"ab", "\"\\u0000\\u0000\""}},
    {"source.url", {"null", R"({"url":"http://x/a"})", R"({"url":""})"}, {"http://x/a", "null", "http"}},
    {"labels.one", {R"({})", R"({"one":"1"})", R"({"one":"2","two":"3"})"}, {"1", "null"}},
    {"either",
     {R"({"int":5})", R"({"string":"5"})", R"({"double":5.0})", R"({"double":4.5})", R"({"string":"x"})"},
     {"5", "4.5", "x"}},
};

avro::Schema schema() {
  static const avro::Schema parsed = avro::Schema::parse(kSchema).value();
  return parsed;
}

FilterSchemas schemas() { return {.value = schema()}; }

IndexedField field(std::string_view name) {
  auto opened = IndexedField::open(name, schemas());
  if (!opened) throw std::runtime_error(opened.error().message);
  return *std::move(opened);
}

// A value whose field has that JSON, and any value elsewhere.
class Value {
 public:
  Value(std::string_view name, std::string_view json, std::mt19937& random) {
    std::string text = R"({"key":"mine","tags":["a"],"parts":[])";
    for (const Field& other : kFields) {
      const std::string_view full = other.name, top = full.substr(0, full.find('.'));
      const std::string_view value = full == name ? json : other.values[random() % other.values.size()];
      text += fmt::format(R"(,"{}":{})", top, value);
    }
    text += "}";
    static const avro::Encoder encoder = *avro::Encoder::compile(schema());
    static const avro::GenericDecoder decoder = *avro::GenericDecoder::compile(schema());
    if (auto done = encoder.from_json(text, bytes_); !done)
      throw std::runtime_error(done.error().message + " in " + text);
    datum_.emplace(*decoder.decode(bytes_, arena_));
  }

  FilterPart part() const { return {.datum = &*datum_}; }

 private:
  std::string bytes_;
  avro::Arena arena_;
  std::optional<avro::Datum> datum_;
};

Filter filter_of(const std::vector<std::string>& where, const FilterSchemas& by,
                 const std::vector<std::string>& or_where = {}) {
  auto filter = Filter::parse(where, or_where);
  if (!filter) throw std::runtime_error(filter.error().message);
  if (auto bound = filter->bind(by); !bound) throw std::runtime_error(bound.error().message);
  return *std::move(filter);
}

bool contains(const std::vector<Range>& ranges, const std::string& value) {
  return std::ranges::any_of(
      ranges, [&](const Range& range) { return value >= range.from && (range.to.empty() || value < range.to); });
}

std::vector<std::string> conditions_of(const Field& of) {
  std::vector<std::string> conditions = {fmt::format("{} is null", of.name), fmt::format("{} is not null", of.name)};
  for (const char* operand : of.operands) {
    for (const char* comparison : {"=", "<", "<=", ">", ">="})
      conditions.push_back(fmt::format("{} {} {}", of.name, comparison, operand));
    for (const char* second : of.operands) conditions.push_back(fmt::format("{} in ({},{})", of.name, operand, second));
  }
  return conditions;
}

TEST(IndexValue, RangesHoldExactlyWhatAConditionMatches) {
  std::mt19937 random(1);
  size_t asked = 0;
  for (const Field& of : kFields) {
    const IndexedField index = field(of.name);
    for (const std::string& condition : conditions_of(of)) {
      auto parsed = Filter::parse(std::vector{condition});
      if (!parsed || !parsed->bind(schemas())) continue;  // the type has no order, or is never null
      const auto ranges = index.ranges(*parsed);
      ASSERT_TRUE(ranges) << condition;
      for (const char* json : of.values) {
        const Value value(of.name, json, random);
        const std::string ordered = index.value_of(value.part());
        ASSERT_EQ(contains(*ranges, ordered), parsed->matches({}, value.part())) << condition << " of " << json;
        ++asked;
      }
    }
  }
  EXPECT_GT(asked, 2'000u);
}

TEST(IndexValue, OfSeveralConditionsTheRangesHoldEverythingThatMatches) {
  std::mt19937 random(2);
  size_t helped = 0;
  for (int round = 0; round < 20'000; ++round) {
    const Field& of = kFields[random() % kFields.size()];
    const IndexedField index = field(of.name);
    std::vector<std::string> where, or_where;
    for (auto* list : {&where, &or_where}) {
      for (size_t i = random() % 3; i > 0; --i) {
        const auto conditions = conditions_of(random() % 4 == 0 ? kFields[random() % kFields.size()] : of);
        list->push_back(conditions[random() % conditions.size()]);
      }
    }
    auto filter = Filter::parse(where, or_where);
    if (!filter || !filter->bind(schemas())) continue;
    const auto ranges = index.ranges(*filter);
    if (!ranges) continue;
    ++helped;
    ASSERT_TRUE(std::ranges::adjacent_find(*ranges, [](const Range& a, const Range& b) {
                  return a.to.empty() || a.to >= b.from;
                }) == ranges->end());
    for (const char* json : of.values) {
      const Value value(of.name, json, random);
      if (!filter->matches({}, value.part())) continue;
      ASSERT_TRUE(contains(*ranges, index.value_of(value.part()))) << of.name << " = " << json;
    }
  }
  EXPECT_GT(helped, 1'000u);
}

TEST(IndexValue, AnIndexDoesNotHelpWithOtherFieldsPatternsAndWhatIsNotEqual) {
  const IndexedField status = field("status");
  for (const std::string condition : {"status != FAILED", "status ~ ^F", "attempt = 1", "key = mine"}) {
    if (condition.starts_with("key")) {
      EXPECT_FALSE(status.ranges(filter_of({condition}, {.value = schema()}))) << condition;
    } else {
      EXPECT_FALSE(status.ranges(filter_of({condition}, schemas()))) << condition;
    }
  }
  EXPECT_FALSE(status.ranges(Filter()));
  EXPECT_FALSE(status.ranges(filter_of({"status=FAILED"}, schemas(), {"attempt=1"})));
  EXPECT_FALSE(status.ranges(filter_of({"attempt=1"}, schemas(), {"status=FAILED"})));
  EXPECT_TRUE(status.ranges(filter_of({"status=FAILED", "attempt=1"}, schemas())));
  EXPECT_TRUE(status.ranges(filter_of({"status=FAILED"}, schemas(), {"status=QUEUED"})));
}

TEST(IndexValue, ValuesAreShownAsPlainJson) {
  std::mt19937 random(3);
  for (const auto& [name, in, out] : std::initializer_list<std::tuple<const char*, const char*, const char*>>{
           {"status", R"("FAILED")", R"("FAILED")"},
           {"attempt", "-7", "-7"},
           {"bytes", "null", "null"},
           {"bytes", "9007199254740993", "9007199254740993"},
           {"ratio", "0.1", "0.1"},
           {"ratio", "\"NaN\"", "\"NaN\""},
           {"share", "0.1", "0.1"},
           {"ok", "true", "true"},
           {"ok", "false", "false"},
           {"reason", R"("a\"b")", R"("a\"b")"},
           {"price", R"("1.50")", R"("1.50")"},
           {"price", R"("0.00")", R"("0.00")"},
           {"price", R"("100.00")", R"("100.00")"},
           {"big", R"("-1.50")", R"("-1.5")"},
           {"at", R"("2024-01-01T00:00:00.000Z")", R"("2024-01-01T00:00:00.000Z")"},
           {"day", R"("2024-02-29")", R"("2024-02-29")"},
           {"id", R"("123e4567-e89b-12d3-a456-426614174000")", R"("123e4567-e89b-12d3-a456-426614174000")"},
           {"raw", R"("\u00ff")", R"("ÿ")"},
           {"source.url", R"({"url":"http://x"})", R"("http://x")"},
           {"labels.one", R"({"one":"1"})", R"("1")"},
           {"either", R"({"string":"5"})", R"("5")"}}) {
    const IndexedField index = field(name);
    EXPECT_EQ(index.json_of(index.value_of(Value(name, in, random).part())), out) << name;
  }
}

TEST(IndexValue, FieldsWithoutOneValueAreRefused) {
  const auto error = [](std::string_view name) {
    const auto opened = IndexedField::open(name, schemas());
    return opened ? "fine" : opened.error().message;
  };
  EXPECT_EQ(
      error("source"),
      "source cannot be indexed: it may be of type record, which has no one value: name a field of it, as source.url");
  EXPECT_THAT(error("tags"), HasSubstr("tags cannot be indexed: it may be of type array"));
  EXPECT_THAT(error("labels"), HasSubstr("labels cannot be indexed: it may be of type map"));
  EXPECT_THAT(error("parts.n"), HasSubstr("it lies in an array, and a row has one value of each index"));
  EXPECT_EQ(error("parts[0].n"), "fine");
  EXPECT_THAT(error("statsu"), HasSubstr("did you mean"));
  EXPECT_THAT(error("a..b"), HasSubstr("a..b cannot be indexed: expected the name of a field"));
}

TEST(IndexValue, AFieldOfTheKeyIsAskedOfTheKey) {
  const auto key_schema =
      avro::Schema::parse(R"({"type":"record","name":"K","fields":[{"name":"region","type":"string"}]})").value();
  const FilterSchemas both{.key = key_schema, .value = schema()};
  const auto index = IndexedField::open("key.region", both);
  ASSERT_TRUE(index);
  EXPECT_TRUE(index->asks_key());
  EXPECT_EQ(index->name(), "key.region");
  EXPECT_TRUE(index->ranges(filter_of({"key.region = eu"}, both)));
  EXPECT_FALSE(index->ranges(filter_of({"status = FAILED"}, both)));
}

// ---- without a schema

TEST(IndexValue, JsonWithoutASchemaIsIndexedAsFiltersCompareIt) {
  const auto index = IndexedField::open("a", {});
  ASSERT_TRUE(index);
  const std::vector<const char*> values = {R"({"a":null})",
                                           "{}",
                                           R"({"a":"x"})",
                                           R"({"a":"5"})",
                                           R"({"a":5})",
                                           R"({"a":5.5})",
                                           R"({"a":9007199254740993})",
                                           R"({"a":true})",
                                           R"({"a":["x",5]})",
                                           R"({"a":[]})",
                                           R"({"a":{"b":1}})",
                                           "3",
                                           R"([{"a":"x"},{"a":1}])"};
  for (const char* operand :
       {"x", "5", "\"5\"", "5.0", "9007199254740992.0", "9007199254740993", "true", "null", "1e999"}) {
    for (const char* comparison : {"=", "<", "<=", ">", ">=", " is null", " is not null"}) {
      const std::string condition = fmt::format("a{}{}", comparison, comparison[0] == ' ' ? "" : operand);
      const auto filter = Filter::parse(std::vector{condition});
      if (!filter) continue;
      const auto ranges = index->ranges(*filter);
      ASSERT_TRUE(ranges) << condition;
      for (const char* text : values) {
        const auto json = json::parse(text).value();
        const FilterPart part{.json = &json};
        if (filter->matches({}, part)) {
          EXPECT_TRUE(contains(*ranges, index->value_of(part))) << condition << " of " << text;
        }
      }
    }
  }
  const auto shown = [&](const char* text) {
    const auto json = json::parse(text).value();
    return index->json_of(index->value_of({.json = &json}));
  };
  EXPECT_EQ(shown(R"({"a":5})"), "5");
  EXPECT_EQ(shown(R"({"a":[1,"x"]})"), R"([1,"x"])");
  EXPECT_EQ(shown(R"({"a":{"b":1}})"), R"({"b":1})");
  EXPECT_EQ(shown(R"({})"), "null");
}

TEST(IndexValue, WhatTheLatestSchemaCannotReadIsLookedAtByEveryFilter) {
  const auto json = json::parse(R"({"status":"GONE"})").value();
  const IndexedField status = field("status");
  const std::string value = status.value_of({.json = &json});
  EXPECT_TRUE(contains(*status.ranges(filter_of({"status = FAILED"}, schemas())), value));
  EXPECT_EQ(status.json_of(value), R"("GONE")");
}

TEST(IndexValue, LongTextsAreCutAndStillFound) {
  std::mt19937 random(4);
  const std::string long_text(3'000, 'x');
  const IndexedField reason = field("reason");
  const Value value("reason", fmt::format("\"{}y\"", long_text), random);
  const std::string ordered = reason.value_of(value.part());
  for (const std::string& condition :
       {"reason = " + long_text + "y", "reason < " + long_text + "z", "reason > " + long_text,
        "reason <= " + long_text + "y", "reason >= " + long_text + "y"}) {
    EXPECT_TRUE(filter_of({condition}, schemas()).matches({}, value.part()));
    EXPECT_TRUE(contains(*reason.ranges(filter_of({condition}, schemas())), ordered));
  }
  EXPECT_EQ(reason.json_of(ordered), "\"" + long_text.substr(0, kMaxOrderedBytes) + "…\"");
}

TEST(IndexValue, AnyBytesAreShownAsSomething) {
  const IndexedField status = field("status");
  std::mt19937 random(5);
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes;
    for (size_t i = random() % 8; i > 0; --i)
      bytes += static_cast<char>(random() % 4 == 0 ? random() : "\x01\x10\x20\x30\x40\x50\xf0\x02"[random() % 8]);
    EXPECT_TRUE(json::parse(status.json_of(bytes)));
  }
}

// ---- ranges

TEST(Ranges, AreUnitedAndIntersected) {
  std::mt19937 random(6);
  const auto random_ranges = [&] {
    Ranges ranges;
    for (size_t i = random() % 4; i > 0; --i) {
      ranges.push_back({.from = std::string(random() % 2, static_cast<char>('a' + random() % 6)),
                        .to = std::string(random() % 4 == 0 ? 0 : 1, static_cast<char>('a' + random() % 6))});
    }
    return ranges;
  };
  for (int round = 0; round < 20'000; ++round) {
    const Ranges a = random_ranges(), b = random_ranges();
    const Ranges either = unite([&] {
      Ranges all = a;
      all.insert(all.end(), b.begin(), b.end());
      return all;
    }());
    const Ranges both = intersect(unite(a), unite(b));
    for (const std::string value : {"", "a", "aa", "b", "c", "cc", "d", "e", "f", "g"}) {
      ASSERT_EQ(contains(either, value), contains(a, value) || contains(b, value));
      ASSERT_EQ(contains(both, value), contains(a, value) && contains(b, value));
    }
  }
}

}  // namespace
}  // namespace omashu::table
