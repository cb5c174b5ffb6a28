// Whatever the fast encoder takes, the thorough one takes too, and makes the same bytes of it.

#include "avro/json_fast_encoder.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>
#include <string>

#include "avro/codec.h"
#include "avro/json_encoder.h"
#include "avro/testing/random_avro.h"

namespace omashu::avro {
namespace {

enum class Outcome { kGaveUp, kEncoded };

Outcome check(const EncodePlan& plan, const std::string& json, JsonForm form) {
  std::string fast = "before";
  const bool encoded = JsonFastEncoder(plan, json, form, fast).run();
  if (!encoded) {
    EXPECT_EQ(fast, "before") << json;
    return Outcome::kGaveUp;
  }
  std::string thorough = "before";
  const auto run = JsonEncoder(plan, json, form, thorough).run();
  EXPECT_TRUE(run) << json << "\n" << run.error().message;
  EXPECT_EQ(fast, thorough) << json;
  return Outcome::kEncoded;
}

EncodePlan plan_of(std::string_view schema) { return *compile_encode_plan(*Schema::parse(schema)); }

constexpr std::string_view kRecord =
    R"({"type":"record","name":"R","fields":[{"name":"a","type":"int"},{"name":"b","type":"string","default":"x"},
    {"name":"c","type":["null","string"],"default":null},{"name":"d","type":{"type":"enum","name":"E","symbols":["U","V"]}},
    {"name":"e","type":{"type":"map","values":"long"},"default":{}},{"name":"f","type":"double","default":0.5}]})";

TEST(JsonFastEncoder, TakesMembersInAnyOrderAndDefaultsWhereThereAreNone) {
  const EncodePlan plan = plan_of(kRecord);
  for (const char* json : {
           R"({"a":1,"b":"y","c":null,"d":"U","e":{},"f":1.25})",
           R"({"f":-1e3,"d":"V","a":2147483647,"c":"z"})",
           R"({ "a" : 1 , "d" : "U" })",
           R"({"d":"U","a":0,"e":{"x":1,"y":-2}})",
           R"({"a":1,"b":"\"\\\/\n\u00e9\u20ac","d":"U"})",
       }) {
    EXPECT_EQ(check(plan, json, JsonForm::kPlain), Outcome::kEncoded) << json;
  }
  EXPECT_EQ(check(plan, R"({"a":1,"c":{"string":"z"},"d":"U"})", JsonForm::kAvro), Outcome::kEncoded);
}

TEST(JsonFastEncoder, LeavesMistakesAndWhatIsRareToTheThoroughOne) {
  const EncodePlan plan = plan_of(kRecord);
  for (const char* json : {
           "",
           "{",
           R"({"a":1})",
           R"({"a":01,"d":"U"})",
           R"({"a":1.0,"d":"U"})",
           R"({"a":2147483648,"d":"U"})",
           R"({"a":1,"d":"W"})",
           R"({"a":1,"a":1,"d":"U"})",
           R"({"d":"U","a":1,"d":"U"})",
           R"({"a":1,"d":"U"} x)",
           R"({"a":1,"d":"U",})",
           R"({"a":1,"d":"U","g":1})",
           R"({"a":1,"d":"U","e":{"x":1,"x":2}})",
           R"({"a":1,"d":"U","b":"\ud800"})",
           "{\"a\":1,\"d\":\"U\",\"b\":\"\xff\"}",
           "{\"a\":1,\"d\":\"U\",\"b\":\"\n\"}",
           R"({"a":1,"d":"U","f":1.})",
           R"({"a":1,"d":"U","f":"NaN"})",
           R"({"a":1,"d":"U","f":1e999})",
           R"({"a":-,"d":"U"})",
           R"({"\u0061":1,"d":"U"})",
           R"({"a":1,"d":"U","b":"\x"})",
           R"({"a":1,"d":"U","b":")",
       }) {
    EXPECT_EQ(check(plan, json, JsonForm::kPlain), Outcome::kGaveUp) << json;
  }
}

TEST(JsonFastEncoder, NumbersAreTheNearestOnes) {
  const EncodePlan doubles = plan_of(R"("double")");
  const EncodePlan floats = plan_of(R"("float")");
  std::mt19937_64 random(3);
  for (int i = 0; i < 100'000; ++i) {
    std::string text = random() % 2 == 0 ? "-" : "";
    text += std::to_string(random() >> (random() % 64));
    if (random() % 2 == 0) text += fmt::format(".{:0{}}", random() >> (random() % 64), random() % 20);
    if (random() % 4 == 0) text += fmt::format("e{}", static_cast<int>(random() % 40) - 20);
    check(doubles, text, JsonForm::kPlain);
    check(floats, text, JsonForm::kPlain);
  }
}

// One change: a byte lost, doubled or replaced by one that JSON may have, or two parts swapped.
std::string damage(std::string text, std::mt19937_64& random) {
  constexpr std::string_view kBytes = "{}[]:,\"\\ 019.-+eEntfu\n\x80\xc3\xa9";
  if (text.empty()) return text;
  const size_t place = random() % text.size();
  switch (random() % 4) {
    case 0: text.erase(place, 1 + random() % 3); break;
    case 1: text.insert(place, text, place, random() % 12); break;
    case 2: text[place] = kBytes[random() % kBytes.size()]; break;
    default: text.insert(place, 1, kBytes[random() % kBytes.size()]); break;
  }
  return text;
}

TEST(JsonFastEncoder, DamagedTextsAreTakenOnlyAsTheThoroughOneTakesThem) {
  const char* wanted = std::getenv("OMASHU_CODEC_SEEDS");
  const uint64_t seeds = wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 500;
  size_t taken = 0;
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    testing::RandomAvro source(seed);
    const std::string text = source.schema(4);
    SCOPED_TRACE(fmt::format("seed {}: {}", seed, text));
    const Schema schema = *Schema::parse(text);
    const EncodePlan plan = *compile_encode_plan(schema);
    const Decoder decoder = *Decoder::compile(schema);
    std::mt19937_64 random(seed);
    std::string bytes;
    source.datum(schema.root(), bytes);
    for (const JsonForm form : {JsonForm::kPlain, JsonForm::kAvro}) {
      std::string json;
      ASSERT_TRUE(decoder.to_json(bytes, form, json));
      taken += check(plan, json, form) == Outcome::kEncoded ? 1 : 0;
      for (int i = 0; i < 20; ++i) check(plan, damage(json, random), form);
      if (HasFailure()) return;
    }
  }
  EXPECT_GT(taken, seeds / 2);
}

}  // namespace
}  // namespace omashu::avro
