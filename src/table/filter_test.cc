#include "table/filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "avro/codec.h"

namespace omashu::table {
namespace {

using ::testing::HasSubstr;

// ---- values of a schema

constexpr std::string_view kSchema = R"({"type":"record","name":"R","fields":[
  {"name":"status","type":{"type":"enum","name":"Status","symbols":["QUEUED","RUNNING","FAILED"]}},
  {"name":"attempt","type":"int"},
  {"name":"bytes","type":["null","long"],"default":null},
  {"name":"ratio","type":"double"},
  {"name":"share","type":"float"},
  {"name":"ok","type":"boolean"},
  {"name":"reason","type":["null","string"],"default":null},
  {"name":"name","type":"string"},
  {"name":"price","type":{"type":"bytes","logicalType":"decimal","precision":20,"scale":2}},
  {"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}},
  {"name":"local","type":{"type":"long","logicalType":"local-timestamp-micros"}},
  {"name":"day","type":{"type":"int","logicalType":"date"}},
  {"name":"clock","type":{"type":"int","logicalType":"time-millis"}},
  {"name":"id","type":{"type":"string","logicalType":"uuid"}},
  {"name":"raw","type":"bytes"},
  {"name":"source","type":{"type":"record","name":"Source","fields":[
     {"name":"url","type":"string"},{"name":"sha256","type":["null","string"]}]}},
  {"name":"tags","type":{"type":"array","items":"string"}},
  {"name":"parts","type":{"type":"array","items":{"type":"record","name":"Part","fields":[
     {"name":"n","type":"int"}]}}},
  {"name":"labels","type":{"type":"map","values":"string"}},
  {"name":"either","type":["int","string"]},
  {"name":"key","type":"string"}]})";

constexpr std::string_view kValue = R"({"status":"FAILED","attempt":3,"bytes":9007199254740993,"ratio":0.5,"share":0.1,
  "ok":false,"reason":null,"name":"null","price":"1.50","at":"2024-01-01T00:00:00.000Z",
  "local":"2024-01-01T00:00:00.000000","day":"2024-02-29","clock":"08:15:00.000",
  "id":"123e4567-e89b-12d3-a456-426614174000","raw":"\u00ff","source":{"url":"http://x/a=b","sha256":null},
  "tags":["a","b"],"parts":[{"n":1},{"n":2}],"labels":{"a.b":"c","plain":"d"},"either":{"string":"7"},"key":"mine"})";

constexpr std::string_view kKeySchema =
    R"({"type":"record","name":"Key","fields":[{"name":"omashuId","type":"string"}]})";

avro::Schema parse(std::string_view text) {
  auto schema = avro::Schema::parse(text);
  EXPECT_TRUE(schema) << (schema ? "" : schema.error().message);
  return *schema;
}

// A value that was encoded and decoded.
class Encoded {
 public:
  Encoded(std::string_view schema_text, std::string_view json) : schema(parse(schema_text)) {
    const auto encoder = avro::Encoder::compile(schema);
    const auto done = encoder->from_json(json, bytes_);
    EXPECT_TRUE(done) << (done ? "" : done.error().message);
    decoder_.emplace(*avro::GenericDecoder::compile(schema));
    datum.emplace(*decoder_->decode(bytes_, arena_));
  }

  avro::Schema schema;
  std::optional<avro::Datum> datum;

 private:
  std::string bytes_;
  avro::Arena arena_;
  std::optional<avro::GenericDecoder> decoder_;
};

// "true", "false", or the error.
std::string answer(std::vector<std::string> where, std::vector<std::string> or_where = {}) {
  static const Encoded value(kSchema, kValue);
  static const Encoded key(kKeySchema, R"({"omashuId":"om-1"})");
  auto filter = Filter::parse(where, or_where);
  if (!filter) return filter.error().message;
  if (auto bound = filter->bind({.key = key.schema, .value = value.schema}); !bound) return bound.error().message;
  return filter->matches({.datum = &*key.datum}, {.datum = &*value.datum}) ? "true" : "false";
}

std::string answer(const char* condition) { return answer(std::vector<std::string>{condition}); }

#define EXPECT_HOLDS(condition) EXPECT_EQ(answer(condition), "true") << (condition)
#define EXPECT_FAILS(condition) EXPECT_EQ(answer(condition), "false") << (condition)

TEST(Filter, ReadsNumbersByTheirType) {
  EXPECT_HOLDS("attempt=3");
  EXPECT_HOLDS("attempt=3.0");
  EXPECT_HOLDS("attempt = +3");
  EXPECT_FAILS("attempt=30");
  EXPECT_HOLDS("attempt>2.5");
  EXPECT_HOLDS("attempt<=3");
  EXPECT_FAILS("attempt<3");
  EXPECT_HOLDS("bytes=9007199254740993");
  EXPECT_FAILS("bytes=9007199254740992") << "2^53+1 and 2^53 are one double";
  EXPECT_HOLDS("bytes>9007199254740992");
  EXPECT_HOLDS("bytes<1e30");
  EXPECT_HOLDS("ratio=0.50");
  EXPECT_HOLDS("share=0.1") << "0.1 is another number in a float than in a double";
  EXPECT_HOLDS("share>=0.1");
  EXPECT_FAILS("ratio=NaN");
  EXPECT_HOLDS("ratio<Infinity");
  EXPECT_THAT(answer("attempt=three"), HasSubstr("column 9: 'three' is no number"));
}

TEST(Filter, ReadsLogicalTypes) {
  EXPECT_HOLDS("price=1.5");
  EXPECT_HOLDS("price=1.500000000000000000000000000000");
  EXPECT_HOLDS("price<1.5000000000000000000000000001");
  EXPECT_HOLDS("price>-200");
  EXPECT_HOLDS("price>1e-30");
  EXPECT_FAILS("price>=1.51");
  EXPECT_THAT(answer("price=1,5"), HasSubstr("column 7: '1,5': expected a decimal"));
  EXPECT_HOLDS("at=2024-01-01T00:00:00Z");
  EXPECT_HOLDS("at=2024-01-01T01:00+01:00");
  EXPECT_HOLDS("at=2024-01-01");
  EXPECT_HOLDS("at=1704067200000");
  EXPECT_HOLDS("at>=2023-12-31T23:59:59.999Z");
  EXPECT_FAILS("at<2024-01-01");
  EXPECT_THAT(answer("at=yesterday"), HasSubstr("expected a timestamp such as"));
  EXPECT_HOLDS("local=2024-01-01");
  EXPECT_HOLDS("day=2024-02-29");
  EXPECT_HOLDS("day<2024-03-01");
  EXPECT_THAT(answer("day=2023-02-29"), HasSubstr("expected a date"));
  EXPECT_HOLDS("clock=08:15");
  EXPECT_HOLDS("id=123E4567-E89B-12D3-A456-426614174000");
  EXPECT_THAT(answer("id=123"), HasSubstr("column 4: '123'"));
  EXPECT_HOLDS("raw=\xc3\xbf");
}

TEST(Filter, KnowsSymbolsAndBooleans) {
  EXPECT_HOLDS("status=FAILED");
  EXPECT_HOLDS("status!=QUEUED");
  EXPECT_FAILS("status != FAILED");
  EXPECT_HOLDS("status in (QUEUED, FAILED)");
  EXPECT_FAILS("status in(QUEUED,RUNNING)");
  EXPECT_EQ(answer("status=RUNING"), "'status=RUNING', column 8: Status has no symbol 'RUNING': did you mean RUNNING?");
  EXPECT_THAT(answer("status in (QUEUED, FALED)"), HasSubstr("column 20: Status has no symbol 'FALED'"));
  EXPECT_THAT(answer("status<FAILED"), HasSubstr("values of type enum have no order"));
  EXPECT_HOLDS("ok=false");
  EXPECT_FAILS("ok=true");
  EXPECT_THAT(answer("ok=yes"), HasSubstr("column 4: 'yes' is no boolean: write true or false"));
}

TEST(Filter, TellsNullFromItsName) {
  EXPECT_HOLDS("reason=null");
  EXPECT_HOLDS("reason is null");
  EXPECT_FAILS("reason IS NOT NULL");
  EXPECT_FAILS("reason=\"null\"");
  EXPECT_FAILS("reason=");
  EXPECT_HOLDS("reason!=x");
  EXPECT_FAILS("reason<x");
  EXPECT_FAILS("reason~.");
  EXPECT_HOLDS("reason in (x, null)");
  EXPECT_HOLDS("name=\"null\"");
  EXPECT_THAT(answer("name=null"), HasSubstr("never null; write \"null\" for the text"));
  EXPECT_FAILS("name is null");
  EXPECT_HOLDS("bytes is not null");
  EXPECT_THAT(answer("bytes<null"), HasSubstr("null has no order"));
  EXPECT_HOLDS("source is not null");
}

TEST(Filter, SearchesTexts) {
  EXPECT_HOLDS("source.url~^http://");
  EXPECT_FAILS("source.url ~ ^https");
  EXPECT_HOLDS("status~^(FAIL|RUN)");
  EXPECT_HOLDS("at~^2024-01");
  EXPECT_THAT(answer("source.url~a(b"), HasSubstr("column 15: a ) is missing"));
}

TEST(Filter, FollowsDotsArraysAndMaps) {
  EXPECT_HOLDS("source.url=http://x/a=b");
  EXPECT_HOLDS("source.sha256=null");
  EXPECT_HOLDS("tags=b");
  EXPECT_FAILS("tags=c");
  EXPECT_FAILS("tags!=b");
  EXPECT_HOLDS("tags[1]=b");
  EXPECT_FAILS("tags[0]=b");
  EXPECT_HOLDS("tags[2] is null");
  EXPECT_HOLDS("tags is not null");
  EXPECT_HOLDS("parts.n=2");
  EXPECT_HOLDS("parts[0].n=1");
  EXPECT_FAILS("parts.n=3");
  EXPECT_HOLDS("labels[\"a.b\"]=c");
  EXPECT_HOLDS("labels.plain = d");
  EXPECT_HOLDS("labels.other is null");
  EXPECT_HOLDS("either=7");
  EXPECT_EQ(answer("statsu=FAILED"), "'statsu=FAILED', column 1: R has no field 'statsu': did you mean status?");
  EXPECT_THAT(answer(" source.ulr=x"), HasSubstr("column 9: Source has no field 'ulr': did you mean url?"));
  EXPECT_THAT(answer("source=x"), HasSubstr("column 1: source is a record: name one of its fields, as source.url"));
  EXPECT_THAT(answer("status.inner=x"), HasSubstr("a value of type enum has no field 'inner'"));
  EXPECT_THAT(answer("attempt[0]=x"), HasSubstr("this is no array"));
}

TEST(Filter, AsksTheKey) {
  EXPECT_HOLDS("key.omashuId=om-1");
  EXPECT_FAILS("key.omashuId=om-2");
  EXPECT_HOLDS("[\"key\"]=mine");
  EXPECT_THAT(answer("key.omashuid=om-1"), HasSubstr("column 5: Key has no field 'omashuid': did you mean omashuId?"));
  EXPECT_THAT(answer("key=om-1"), HasSubstr("key is a record: name one of its fields, as key.omashuId"));
}

TEST(Filter, AllOfOneKindAndOneOfTheOther) {
  EXPECT_EQ(answer(std::vector<std::string>{}), "true");
  EXPECT_EQ(answer({"status=FAILED", "attempt=3"}), "true");
  EXPECT_EQ(answer({"status=FAILED", "attempt=4"}), "false");
  EXPECT_EQ(answer({"status=FAILED", "attempt=4"}, {"ok=false"}), "true");
  EXPECT_EQ(answer({"status=QUEUED"}, {"ok=true", "attempt=4"}), "false");
  EXPECT_EQ(answer({}, {"ok=true"}), "false") << "no --where is not one that holds";
}

// ---- JSON without a schema

bool matches_json(std::vector<std::string> where) {
  static const auto value =
      json::parse(R"({"status":"FAILED","attempt":3,"ratio":0.50,"ok":false,"reason":null,"text":"null",)"
                  R"("tags":["a","b"],"parts":[{"n":1},{"n":2}]})");
  static const json::Value key("om-1");
  auto filter = Filter::parse(where);
  EXPECT_TRUE(filter && filter->bind({}));
  return filter && filter->matches({.json = &key}, {.json = &*value});
}

TEST(Filter, AsksJsonWithoutASchema) {
  EXPECT_TRUE(matches_json({"status=FAILED"}));
  EXPECT_FALSE(matches_json({"status=failed"}));
  EXPECT_TRUE(matches_json({"attempt=3.0"}));
  EXPECT_TRUE(matches_json({"attempt>2"}));
  EXPECT_FALSE(matches_json({"attempt=\"3\""}));
  EXPECT_TRUE(matches_json({"ok=false"}));
  EXPECT_TRUE(matches_json({"reason=null"}));
  EXPECT_FALSE(matches_json({"text=null"}));
  EXPECT_TRUE(matches_json({"text=\"null\""}));
  EXPECT_TRUE(matches_json({"missing is null"}));
  EXPECT_TRUE(matches_json({"missing!=x"}));
  EXPECT_TRUE(matches_json({"status.inner=null"}));
  EXPECT_TRUE(matches_json({"tags=b"}));
  EXPECT_TRUE(matches_json({"parts[1].n=2"}));
  EXPECT_TRUE(matches_json({"status~^F"}));
  EXPECT_TRUE(matches_json({"status>E"}));
  EXPECT_TRUE(matches_json({"key=om-1"}));
}

TEST(Filter, WhatIsNotThereIsNull) {
  auto filter = Filter::parse(std::vector<std::string>{"status=FAILED"});
  ASSERT_TRUE(filter);
  EXPECT_FALSE(filter->matches({}, {}));
  filter = Filter::parse(std::vector<std::string>{"status is null"});
  EXPECT_TRUE(filter->matches({}, {}));
  EXPECT_TRUE(filter->asks_value());
  EXPECT_FALSE(filter->asks_key());
  EXPECT_TRUE(filter->matches_json("\"a\"", R"({"status":null})"));
  EXPECT_FALSE(filter->matches_json("\"a\"", R"({"status":1})"));
  EXPECT_TRUE(filter->matches_json(std::nullopt, std::nullopt));
}

TEST(Filter, SaysWhereAConditionIsWrong) {
  const std::pair<const char*, size_t> wrong[] = {{"status", 7},
                                                  {"=x", 1},
                                                  {"a..b=x", 3},
                                                  {".a=x", 1},
                                                  {"", 1},
                                                  {"a is", 5},
                                                  {"a is not nil", 10},
                                                  {"a in QUEUED", 6},
                                                  {"a in (b", 8},
                                                  {"a in (\"b\" c)", 11},
                                                  {"a=\"b", 3},
                                                  {"a=\"b\"c", 6},
                                                  {"a[=1", 3},
                                                  {"a[\"b]=1", 3},
                                                  {"a[1=1", 4},
                                                  {"a ! b", 3},
                                                  {"a~*", 3}};
  for (const auto& [text, column] : wrong) {
    const auto filter = Filter::parse(std::vector<std::string>{text});
    ASSERT_FALSE(filter) << text;
    EXPECT_THAT(filter.error().message, HasSubstr("column " + std::to_string(column) + ":")) << text;
  }
}

TEST(Filter, ASchemaThatRefersToItselfEnds) {
  auto schema = parse(R"({"type":"record","name":"A","fields":[{"name":"a","type":["null","A",
    {"type":"record","name":"B","fields":[{"name":"a","type":["null","A","B"]}]}]}]})");
  std::string path = "a";
  for (int i = 0; i < 200; ++i) path += ".a";
  auto filter = Filter::parse(std::vector<std::string>{path + " is null"});
  ASSERT_TRUE(filter);
  EXPECT_TRUE(filter->bind({.value = schema}));
}

}  // namespace
}  // namespace omashu::table
