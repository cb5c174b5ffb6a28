// Random schemas with random data of them: every way through the codec gives the same datum back.
//
//   OMASHU_CODEC_SEEDS=100000 build/dev/src/avro/avro_test --gtest_filter='CodecProperty*'

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "avro/codec.h"
#include "avro/datum.h"
#include "avro/testing/random_avro.h"

namespace omashu::avro {
namespace {

void check(const Schema& schema, const std::string& bytes) {
  const Decoder decoder = *Decoder::compile(schema);
  const Encoder encoder = *Encoder::compile(schema);
  ASSERT_TRUE(decoder.validate(bytes));
  for (const JsonForm form : {JsonForm::kPlain, JsonForm::kAvro}) {
    std::string json;
    ASSERT_TRUE(decoder.to_json(bytes, form, json));
    std::string again;
    const auto encoded = encoder.from_json(json, again, form);
    ASSERT_TRUE(encoded) << json << "\n" << encoded.error().message;
    ASSERT_EQ(again, bytes) << json;
  }
  std::string written;
  append_datum(**GenericDecoder::compile(schema)->decode_owned(bytes), written);
  EXPECT_EQ(written, bytes);
  for (size_t size = 0; size < bytes.size(); size += 1 + size / 8) {
    std::string json;
    // A prefix may be a datum of its own only where what is left out has no bytes: never here.
    EXPECT_FALSE(decoder.to_json(std::string(bytes, 0, size), JsonForm::kPlain, json)) << size;
  }
}

TEST(CodecProperty, RandomDataOfRandomSchemasComesBack) {
  const char* wanted = std::getenv("OMASHU_CODEC_SEEDS");
  const uint64_t seeds = wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 1000;
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    testing::RandomAvro random(seed);
    const std::string text = random.schema(4);
    SCOPED_TRACE(fmt::format("seed {}: {}", seed, text));
    const auto schema = Schema::parse(text);
    ASSERT_TRUE(schema) << schema.error().message;
    for (int i = 0; i < 5; ++i) {
      std::string bytes;
      random.datum(schema->root(), bytes);
      check(*schema, bytes);
      if (HasFatalFailure()) return;
    }
  }
}

}  // namespace
}  // namespace omashu::avro
