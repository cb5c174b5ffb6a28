#include "serde/deserializer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "schema_registry/client/testing/memory_registry.h"

namespace omashu::serde {
namespace {

using namespace std::string_literals;
using avro::JsonForm;
using schema_registry::SchemaText;
using schema_registry::testing::MemoryRegistry;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr RecordPlace kPlace{.topic = "t", .part = RecordPart::kValue, .partition = 3, .offset = 42};

class DeserializerTest : public ::testing::Test {
 protected:
  SchemaId add(const std::string& schema) {
    return registry_.register_schema("s" + std::to_string(++subjects_), {.schema = schema}, false).value();
  }

  static std::string framed(SchemaId id, std::string_view data) {
    std::string payload;
    append_id_frame(payload, id);
    return payload.append(data);
  }

  std::string json(Deserializer& deserializer, const std::string& payload,
                   std::optional<std::string_view> header = std::nullopt) {
    std::string out;
    const Result<bool> there = deserializer.to_json(payload, header, kPlace, JsonForm::kPlain, out);
    EXPECT_TRUE(there.has_value()) << there.error().message;
    return out;
  }

  Error error_of(Deserializer& deserializer, const std::string& payload) {
    std::string out = "kept";
    const Result<bool> there = deserializer.to_json(payload, std::nullopt, kPlace, JsonForm::kPlain, out);
    EXPECT_FALSE(there.has_value());
    EXPECT_EQ(out, "kept");
    return there ? Error{} : there.error();
  }

  MemoryRegistry registry_;
  int subjects_ = 0;
};

TEST_F(DeserializerTest, TheBytesOfConfluentsClients) {
  Deserializer deserializer(registry_);
  const SchemaId status = add(R"({"type":"record","name":"Status","fields":[{"name":"omashuId","type":"string"},
      {"name":"status","type":{"type":"enum","name":"State","symbols":["QUEUED","RUNNING","DONE"]}}]})");
  EXPECT_EQ(json(deserializer, framed(status, "\x08om-1\x02")), R"({"omashuId":"om-1","status":"RUNNING"})");
  EXPECT_EQ(json(deserializer, framed(add("\"string\""), "\4hi")), R"("hi")");
}

TEST_F(DeserializerTest, TopLevelBytesAreRawUnlessTheirWriterWasGos) {
  const SchemaId bytes = add("\"bytes\"");
  Deserializer java(registry_);
  EXPECT_EQ(json(java, framed(bytes, "\1\2\3")), R"("\u0001\u0002\u0003")");
  EXPECT_EQ(json(java, framed(bytes, "\6\1\2\3")), R"("\u0006\u0001\u0002\u0003")") << "never guessed at";
  EXPECT_EQ(json(java, framed(bytes, "")), R"("")");
  Deserializer go(registry_, {.top_level_bytes = TopLevelBytes::kWithLength});
  EXPECT_EQ(json(go, framed(bytes, "\6\1\2\3")), R"("\u0001\u0002\u0003")");
}

TEST_F(DeserializerTest, TheGuidOfAHeaderFindsTheSchema) {
  Deserializer deserializer(registry_);
  add("\"int\"");
  const std::string header = "\1"s + std::string(15, '\0') + "\1";
  EXPECT_EQ(json(deserializer, "\2", header), "1");
  EXPECT_THAT(registry_.calls(), ::testing::Contains("GET guid " + MemoryRegistry::guid_of(SchemaId{1})));
}

TEST_F(DeserializerTest, AnAbsentPayloadIsATombstoneAndAnEmptyOneAnError) {
  Deserializer deserializer(registry_);
  std::string out;
  EXPECT_FALSE(deserializer.to_json(std::nullopt, std::nullopt, kPlace, JsonForm::kPlain, out).value());
  EXPECT_EQ(out, "");
  EXPECT_THAT(error_of(deserializer, "").message, HasSubstr("the payload is empty"));
}

TEST_F(DeserializerTest, AnErrorSaysWhereTheRecordStands) {
  Deserializer deserializer(registry_);
  const Error unknown = error_of(deserializer, framed(SchemaId{9}, ""));
  EXPECT_EQ(unknown.code, ErrorCode::kNotFound);
  EXPECT_THAT(unknown.message, HasSubstr("t-3-42 value (schema id 9, subject t-value): "));
  const Error truncated = error_of(deserializer, framed(add("\"string\""), "\4h"));
  EXPECT_EQ(truncated.code, ErrorCode::kCorrupt);
  EXPECT_THAT(truncated.message, HasSubstr("t-3-42 value (schema id 1, subject t-value): "));
  EXPECT_THAT(error_of(deserializer, "hello").message, HasSubstr("t-3-42 value: the payload starts with byte 0x68"));
  EXPECT_EQ(to_text(RecordPlace{.topic = "t", .part = RecordPart::kKey}), "t key");
  EXPECT_EQ(to_text(RecordPlace{}), "value");
}

TEST_F(DeserializerTest, WhatIsTheRecordsOwnIsToldFromTheRegistrysAbsence) {
  Deserializer deserializer(registry_);
  EXPECT_TRUE(is_records_own(error_of(deserializer, framed(SchemaId{9}, "")).code));
  EXPECT_TRUE(is_records_own(error_of(deserializer, "hello").code));
  registry_.intercept = [](const std::string&) { return Error{ErrorCode::kUnavailable, "away", {}}; };
  EXPECT_FALSE(is_records_own(error_of(deserializer, framed(SchemaId{1}, "")).code));
}

TEST_F(DeserializerTest, TextIsToldFromFramedPayloads) {
  EXPECT_TRUE(is_framed(framed(SchemaId{1}, ""), std::nullopt));
  EXPECT_TRUE(is_framed("", "\1"));
  EXPECT_FALSE(is_framed("hello", std::nullopt));
  EXPECT_FALSE(is_framed("\0\0\0\0"s, std::nullopt));
  EXPECT_FALSE(is_framed("\0\0\0\0\0\0\0\5"s, std::nullopt)) << "no registry gives the id 0";
  EXPECT_FALSE(is_framed("\0\x80\0\0\0"s, std::nullopt)) << "an id is not negative";
  EXPECT_TRUE(is_framed("\0\0\0\0\1\0\0\0"s, std::nullopt));
}

TEST_F(DeserializerTest, AReaderSchemaIsResolved) {
  const SchemaId writer = add(R"({"type":"record","name":"R","fields":[{"name":"a","type":"int"}]})");
  const avro::Schema reader = avro::Schema::parse(R"({"type":"record","name":"R","fields":[
      {"name":"b","type":"string","default":"new"},{"name":"a","type":"long"}]})")
                                  .value();
  Deserializer deserializer(registry_, {.reader = reader});
  EXPECT_EQ(json(deserializer, framed(writer, "\2")), R"({"b":"new","a":1})");
  EXPECT_EQ(error_of(deserializer, framed(add("\"boolean\""), "\1")).code, ErrorCode::kIncompatible);
}

TEST_F(DeserializerTest, TheRegistryIsAskedOnceForASchema) {
  Deserializer deserializer(registry_);
  const SchemaId id = add("\"int\"");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(json(deserializer, framed(id, "\2")), "1");
  EXPECT_EQ(std::ranges::count(registry_.calls(), "GET id 1"), 1);
}

TEST_F(DeserializerTest, AFailureIsNotKept) {
  Deserializer deserializer(registry_);
  error_of(deserializer, framed(SchemaId{1}, "\2"));
  EXPECT_EQ(json(deserializer, framed(add("\"int\""), "\2")), "1");
}

TEST_F(DeserializerTest, TheOldestProgramMakesRoom) {
  Deserializer deserializer(registry_, {.capacity = 2});
  const SchemaId a = add("\"int\"");
  const SchemaId b = add("\"long\"");
  const SchemaId c = add("\"boolean\"");
  json(deserializer, framed(a, "\2"));
  json(deserializer, framed(b, "\2"));
  json(deserializer, framed(c, "\1"));
  json(deserializer, framed(b, "\2"));
  EXPECT_EQ(std::ranges::count(registry_.calls(), "GET id 2"), 1);
  json(deserializer, framed(a, "\2"));
  EXPECT_EQ(std::ranges::count(registry_.calls(), "GET id 1"), 2);
}

TEST_F(DeserializerTest, ADatumCarriesItsSchemaAndItsAvroBytes) {
  Deserializer deserializer(registry_);
  const auto datum = deserializer.read(framed(add("\"bytes\""), "\1\2\3"), std::nullopt, kPlace).value();
  EXPECT_EQ(datum.bytes, "\6\1\2\3");
  EXPECT_EQ(datum.writer->schema.root().type, avro::Type::kBytes);
  EXPECT_EQ(std::get<SchemaId>(datum.key), SchemaId{1});
}

TEST_F(DeserializerTest, ThreadsReadTogether) {
  Deserializer deserializer(registry_, {.capacity = 3});
  std::vector<std::string> payloads;
  for (const char* type : {"\"int\"", "\"long\"", "[\"int\"]", "{\"type\":\"array\",\"items\":\"int\"}"}) {
    payloads.push_back(framed(add(type), type[0] == '[' ? "\0\2"s : type[0] == '{' ? "\2\2\0"s : "\2"s));
  }
  std::atomic<int> read = 0;
  std::vector<std::thread> threads;
  for (size_t t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (size_t i = 0; i < 200; ++i) {
        std::string out;
        if (deserializer.to_json(payloads[(t + i) % 4], std::nullopt, kPlace, JsonForm::kPlain, out)) ++read;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(read, 1600);
}

}  // namespace
}  // namespace omashu::serde
