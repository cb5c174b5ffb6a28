#include "sink/batch_decoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "schema_registry/client/testing/memory_registry.h"

namespace omashu::sink {
namespace {

using namespace std::string_literals;
using schema_registry::testing::MemoryRegistry;
using serde::PayloadFormat;
using ::testing::HasSubstr;

class BatchDecoderTest : public ::testing::Test {
 protected:
  BatchDecoder make(PartFormats formats = {}) {
    return BatchDecoder(registry_, formats, [](const std::string& topic) { return topic == "t.retry.1m"; });
  }

  static kafka::Message message(std::optional<std::string> key, std::optional<std::string> value) {
    kafka::Message message;
    message.topic = "t";
    message.partition = kafka::PartitionId{1};
    message.offset = kafka::Offset{7};
    message.key = std::move(key);
    message.value = std::move(value);
    return message;
  }

  std::string framed(const std::string& schema, std::string_view data) {
    std::string payload;
    serde::append_id_frame(payload, registry_.register_schema("t-value", {.schema = schema}, false).value());
    return payload.append(data);
  }

  static Result<void> decode(BatchDecoder& decoder, const kafka::Message& message) {
    const kafka::Message* pointer = &message;
    return decoder.decode(std::span(&pointer, 1));
  }

  MemoryRegistry registry_;
};

TEST_F(BatchDecoderTest, AvroIsSeenAsItsWriterSawIt) {
  BatchDecoder decoder = make();
  const kafka::Message record =
      message("om-1", framed(R"({"type":"record","name":"S","fields":[{"name":"n","type":"long"}]})", "\x06"));
  const std::vector<const kafka::Message*> twice = {&record, &record};
  ASSERT_TRUE(decoder.decode(twice));
  ASSERT_EQ(decoder.records().size(), 2u);
  const SinkRecord& first = decoder.records()[0];
  EXPECT_EQ(first.topic, "t");
  EXPECT_EQ(first.offset, kafka::Offset{7});
  EXPECT_EQ(first.key->datum.as_string(), "om-1");
  EXPECT_EQ(first.key->writer->schema.root().type, avro::Type::kString);
  EXPECT_FALSE(first.key->schema_key);
  EXPECT_EQ(first.value->datum.find("n")->as_long(), 3);
  EXPECT_EQ(first.value->data, "\x06");
  EXPECT_TRUE(first.value->schema_key);
  EXPECT_EQ(first.value->writer, decoder.records()[1].value->writer);
}

TEST_F(BatchDecoderTest, WhatHasNoSchemaIsAvroToo) {
  BatchDecoder decoder = make({PayloadFormat::kLong, PayloadFormat::kAuto});
  ASSERT_TRUE(decode(decoder, message("\0\0\0\0\0\0\0\x2a"s, "\xff\xfe\xfd"s)));
  ASSERT_EQ(decoder.records().size(), 1u);
  EXPECT_EQ(decoder.records()[0].key->datum.as_long(), 42);
  EXPECT_EQ(decoder.records()[0].value->datum.type().type, avro::Type::kBytes);
  EXPECT_EQ(decoder.records()[0].value->datum.as_bytes(), "\xff\xfe\xfd");
}

TEST_F(BatchDecoderTest, ATombstoneHasNoValue) {
  BatchDecoder decoder = make();
  ASSERT_TRUE(decode(decoder, message("k", std::nullopt)));
  ASSERT_EQ(decoder.records().size(), 1u);
  EXPECT_FALSE(decoder.records()[0].value);
}

TEST_F(BatchDecoderTest, WhatDoesNotDecodeIsSetAsideAndTheOthersAreNot) {
  BatchDecoder decoder = make();
  const std::string schema = R"({"type":"record","name":"S","fields":[{"name":"n","type":"long"}]})";
  const kafka::Message bad_value = message("k", framed(schema, "\x06\x06"));
  const kafka::Message bad_key = message("\0\0\0\x27\x0f"s, "v");
  const kafka::Message good = message("k", framed(schema, "\x06"));
  const std::vector<const kafka::Message*> all = {&bad_value, &bad_key, &good};
  ASSERT_TRUE(decoder.decode(all));
  EXPECT_EQ(decoder.records().size(), 1u);
  ASSERT_EQ(decoder.undecodable().size(), 2u);
  EXPECT_EQ(decoder.undecodable()[0].stage, FailedStage::kValueConverter);
  EXPECT_THAT(decoder.undecodable()[0].reason.message, HasSubstr("t-1-7 value"));
  EXPECT_EQ(decoder.undecodable()[1].message, &bad_key);
  EXPECT_EQ(decoder.undecodable()[1].stage, FailedStage::kKeyConverter);
}

TEST_F(BatchDecoderTest, ARecordOfARetryTopicIsWhereItWasWrittenFirst) {
  BatchDecoder decoder = make();
  kafka::Message record = message("k", "v");
  record.headers = {{"omashu.retry.origin", "t-0-3"}};
  ASSERT_TRUE(decode(decoder, record));
  EXPECT_EQ(decoder.records()[0].offset, kafka::Offset{7}) << "headers of other topics are not believed";
  record.topic = "t.retry.1m";
  ASSERT_TRUE(decode(decoder, record));
  EXPECT_EQ(decoder.records()[0].topic, "t");
  EXPECT_EQ(decoder.records()[0].partition, kafka::PartitionId{0});
  EXPECT_EQ(decoder.records()[0].offset, kafka::Offset{3});
  EXPECT_EQ(decoder.records()[0].message->offset, kafka::Offset{7});
}

}  // namespace
}  // namespace omashu::sink
