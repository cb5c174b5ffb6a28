// A topic that is consumed and produced again, in each form, has the same bytes.

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "kafka/consumer.h"
#include "kafka/producer.h"
#include "real/support/omashu_command.h"
#include "real/support/run_command.h"
#include "real/support/scratch_folder.h"
#include "real/support/shared_servers.h"
#include "real/support/topics.h"

namespace omashu::real {
namespace {

using namespace std::string_literals;
using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::PrintToString;

using Arguments = std::vector<std::string>;
using Payload = std::optional<std::string>;
using Pairs = std::vector<std::pair<Payload, Payload>>;

// Of `consume` and of `produce`.
struct Form {
  const char* name;
  Arguments printed;
  Arguments read;
};

const Form kPlain{"plain", {}, {}};
const Form kAvroJson{"Avro's JSON", {"--avro-json"}, {"--avro-json"}};
const Form kConsole{"console",
                    {"--format", "console", "--property", "print.key=true"},
                    {"--format", "console", "--property", "parse.key=true"}};

kafka::ClientConfig config() {
  kafka::ClientConfig config;
  config.set("bootstrap.servers", shared_kafka().bootstrap_server());
  return config;
}

std::string new_topic() { return make_topic({.name = unique_name("copy"), .is_compacted = false}); }

void send(const std::string& topic, const Pairs& pairs) {
  auto producer = kafka::Producer::open(config());
  ASSERT_TRUE(producer);
  for (const auto& [key, value] : pairs) {
    kafka::Record record;
    record.topic = topic;
    record.key = key;
    record.value = value;
    ASSERT_TRUE((*producer)->send(std::move(record), [](const auto& result) { EXPECT_TRUE(result); }));
  }
  ASSERT_TRUE((*producer)->flush(seconds(60)));
}

Pairs records_of(const std::string& topic, size_t count) {
  Pairs pairs;
  auto consumer = kafka::Consumer::open(config());
  if (!consumer || !(*consumer)->assign({{{.topic = topic, .partition = 0}, kafka::Offset{0}}})) {
    ADD_FAILURE() << topic;
    return pairs;
  }
  while (pairs.size() < count) {
    auto events = (*consumer)->poll_batch(1'000, seconds(60));
    if (!events || events->empty()) {
      ADD_FAILURE() << (events ? "nothing came" : events.error().message);
      return pairs;
    }
    for (kafka::ConsumerEvent& event : *events) {
      if (auto* message = std::get_if<kafka::Message>(&event)) {
        pairs.emplace_back(std::move(message->key), std::move(message->value));
      }
    }
  }
  return pairs;
}

CommandResult consume(const std::string& topic, size_t count, const Arguments& options = {}) {
  Arguments arguments = {"consume", topic, "--from-beginning", "--max-messages", fmt::format("{}", count)};
  arguments.insert(arguments.end(), options.begin(), options.end());
  return run_omashu(arguments);
}

CommandResult produce(const std::string& topic, const std::string& lines, const Arguments& options = {}) {
  Arguments arguments = {"produce", topic, "-q"};
  arguments.insert(arguments.end(), options.begin(), options.end());
  return run_omashu(arguments, lines);
}

// Schemas that both topics have get the same ids.
void expect_same_bytes(const Form& form, const std::string& from, const std::string& to, size_t count) {
  SCOPED_TRACE(form.name);
  const CommandResult consumed = consume(from, count, form.printed);
  ASSERT_EQ(consumed.exit_code, 0) << PrintToString(consumed);
  const CommandResult produced = produce(to, consumed.out, form.read);
  ASSERT_EQ(produced.exit_code, 0) << consumed.out << PrintToString(produced);
  EXPECT_EQ(records_of(to, count), records_of(from, count)) << consumed.out;
}

void register_for(const std::string& topic, const char* key, const char* value) {
  register_schema(topic + "-key", key);
  register_schema(topic + "-value", value);
}

constexpr const char* kKey = R"({"type":"record","name":"K","fields":[{"name":"id","type":["int","long"]}]})";

constexpr const char* kEverything = R"({"type":"record","name":"n.V","fields":[
  {"name":"price","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}},
  {"name":"at","type":["string",{"type":"long","logicalType":"timestamp-millis"}]},
  {"name":"day","type":{"type":"int","logicalType":"date"}},
  {"name":"id","type":{"type":"string","logicalType":"uuid"}},
  {"name":"raw","type":["null","string","bytes",{"type":"fixed","name":"F","size":2}]},
  {"name":"real","type":["float","double"]},
  {"name":"event","type":[{"type":"record","name":"Created","fields":[{"name":"id","type":"string"}]},
     {"type":"record","name":"Deleted","fields":[{"name":"id","type":"string"}]},{"type":"map","values":"string"}]}]})";

const std::string kUuid = "123E4567-e89b-12d3-a456-426614174000";

TEST(Copies, AvroDataInEachForm) {
  const std::string from = new_topic();
  register_for(from, kKey, kEverything);
  // 123.45 is the bytes 30 39, which are the text "09".
  const std::string line = fmt::format(
      R"({{"key":{{"id":{{"long":5}}}},"value":{{"price":"09","at":{{"long":0}},"day":1,"id":"{}",)"
      R"("raw":{{"bytes":"ab"}},"real":{{"double":1.5}},"event":{{"n.Deleted":{{"id":"a"}}}}}}}})"
      "\n"
      R"({{"key":{{"id":{{"int":5}}}},"value":{{"price":"\u0000\u0005","at":{{"string":"1970-01-01T00:00:00.000Z"}},)"
      R"("day":-1,"id":"{}","raw":{{"n.F":"ab"}},"real":{{"double":"NaN"}},"event":{{"map":{{"id":"a"}}}}}}}})"
      "\n",
      kUuid, kUuid);
  ASSERT_EQ(produce(from, line + R"({"key":{"id":{"int":7}},"value":null})", {"--avro-json"}).exit_code, 0);
  EXPECT_THAT(consume(from, 1).out, HasSubstr(R"("price":"123.45","at":{"long":"1970-01-01T00:00:00.000Z"},)"));
  for (const Form& form : {kPlain, kAvroJson, kConsole}) {
    const std::string to = new_topic();
    register_for(to, kKey, kEverything);
    expect_same_bytes(form, from, to, 3);
  }
}

TEST(Copies, ANullDatumIsNoTombstoneAndAMapNoBytes) {
  const char* schema = R"(["null",{"type":"map","values":["null","string"]}])";
  const std::string from = new_topic();
  register_for(from, R"("string")", schema);
  const std::string lines = R"({"key":"a","value":null})"
                            "\n"
                            R"({"key":"b","value":{"avro":null}})"
                            "\n"
                            R"({"key":"c","value":{"avro":{"base64":"AA=="}}})"
                            "\n"
                            R"({"key":"d","value":{"map":{"avro":null}}})"
                            "\n";
  ASSERT_EQ(produce(from, lines).exit_code, 0);
  const Pairs records = records_of(from, 4);
  EXPECT_EQ(records[0].second, std::nullopt);
  EXPECT_EQ(records[1].second->size(), 6u);
  for (const Form& form : {kPlain, kAvroJson}) {
    const std::string to = new_topic();
    register_for(to, R"("string")", schema);
    expect_same_bytes(form, from, to, 4);
  }
}

TEST(Copies, ALineOfAvrosJsonSaysSo) {
  const std::string from = new_topic(), to = new_topic(), other = new_topic();
  for (const std::string& topic : {from, to, other}) register_for(topic, kKey, kEverything);
  const std::string line = fmt::format(R"({{"key":{{"id":5}},"value":{{"price":"123.45","at":"x","day":"2024-02-29",)"
                                       R"("id":"{}","raw":null,"real":1.5,"event":{{"id":"a"}}}}}})",
                                       kUuid);
  ASSERT_EQ(produce(from, line).exit_code, 0);
  ASSERT_EQ(produce(to, consume(from, 1, {"--avro-json"}).out).exit_code, 0);
  EXPECT_EQ(records_of(to, 1), records_of(from, 1));
  const CommandResult refused = produce(other, consume(from, 1).out, {"--avro-json"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("the line is plain JSON"));
}

TEST(Copies, TextAndBytesWithoutASchema) {
  const std::string from = new_topic();
  const Pairs pairs = {{"null"s, "null"s},
                       {"\"quoted\""s, "\"quoted\""s},
                       {"{\"base64\":\"AA==\"}"s, "{\"a\": 1}"s},
                       {""s, ""s},
                       {"\xff"s, "\0\0\0\0\0\0\0\5"s},
                       {"tab\tkey"s, "line\nline"s},
                       {"k"s, std::nullopt},
                       {std::nullopt, "5"s}};
  send(from, pairs);
  const auto both = [](const char* format) { return Arguments{"--key-format", format, "--value-format", format}; };
  for (const Form& form : {kPlain, Form{"string", both("string"), both("string")},
                           Form{"bytes", both("bytes"), both("bytes")}, kConsole}) {
    const std::string to = new_topic();
    expect_same_bytes(form, from, to, pairs.size());
  }
  const CommandResult text = consume(from, 1, {"--value-format", "string"});
  EXPECT_THAT(text.out, HasSubstr(R"("key":"null","value":"null")"));
}

TEST(Copies, JavasNumbers) {
  const std::string from = new_topic(), to = new_topic();
  const Pairs pairs = {{"\0\0\0\0\0\0\0\5"s, "\x3f\xf8\0\0\0\0\0\0"s},
                       {"\xff\xff\xff\xff\xff\xff\xff\xff"s, "\0\0\0\0\0\0\0\0"s}};
  send(from, pairs);
  const Arguments formats = {"--key-format", "long", "--value-format", "double"};
  const CommandResult consumed = consume(from, 2, formats);
  EXPECT_THAT(consumed.out, HasSubstr(R"("key":5,"value":1.5})"));
  EXPECT_THAT(consumed.out, HasSubstr(R"("key":-1,"value":0.0})"));
  EXPECT_EQ(consume(from, 2,
                    {"--consumer-property", "key.deserializer=org.apache.kafka.common.serialization.LongDeserializer",
                     "--property", "value.deserializer=org.apache.kafka.common.serialization.DoubleDeserializer"})
                .out,
            consumed.out);
  ASSERT_EQ(produce(to, consumed.out,
                    {"--property", "key.serializer=org.apache.kafka.common.serialization.LongSerializer",
                     "--producer-property", "value.serializer=org.apache.kafka.common.serialization.DoubleSerializer"})
                .exit_code,
            0);
  EXPECT_EQ(records_of(to, 2), pairs);
  EXPECT_THAT(consume(from, 1).out, HasSubstr(R"("key":{"base64":"AAAAAAAAAAU="})"));
  ScratchFolder folder;
  std::ofstream(folder.path() / "java.properties") << "key.deserializer=LongDeserializer\nclient.id=x\n";
  EXPECT_THAT(consume(from, 1, {"--command-config", folder.path() / "java.properties"}).out, HasSubstr(R"("key":5,)"));
  const CommandResult wrong = consume(from, 1, {"--property", "key.deserializer=org.example.LongDeserialiser"});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("did you mean LongDeserializer?"));
}

TEST(Copies, AKeyThatDoesNotDecodeLeavesItsValue) {
  const std::string topic = new_topic();
  send(topic, {{"\0\7\x77\x77\x77key"s, "one"s}, {"k"s, "two"s}});
  const CommandResult consumed = consume(topic, 2);
  EXPECT_EQ(consumed.exit_code, 1);
  EXPECT_THAT(consumed.out, HasSubstr(R"("key":{"base64":"AAd3d3drZXk="},"value":"one"})"));
  EXPECT_THAT(consumed.out, HasSubstr(R"("key":"k","value":"two"})"));
  EXPECT_THAT(consumed.err, HasSubstr(topic + "-0-0 key (schema id 125269879"));
  EXPECT_THAT(consumed.err, HasSubstr("--key-format bytes prints what is there, and long or double"));
  EXPECT_EQ(consume(topic, 2, {"--skip-message-on-error"}).exit_code, 0);

  const CommandResult values = consume(topic, 2, {"--format", "console"});
  EXPECT_EQ(values.exit_code, 0) << PrintToString(values);
  EXPECT_EQ(values.out, "one\ntwo\n");
}

TEST(Copies, RowsInAvrosJson) {
  const std::string from = new_topic(), to = new_topic();
  const char* schema = R"({"type":"record","name":"V","fields":[{"name":"id","type":"string"},
    {"name":"price","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}},
    {"name":"n","type":["int","long"]}]})";
  for (const std::string& topic : {from, to}) register_schema(topic + "-value", schema);
  const std::string value = R"({"id":"a","price":"09","n":{"long":5}})";
  ASSERT_EQ(run_omashu({"put", from, "a", value, "--avro-json", "-q"}).exit_code, 0);
  EXPECT_EQ(run_omashu({"get", from, "a"}).out, R"({"id":"a","price":"123.45","n":{"long":5}})"
                                                "\n");
  const CommandResult got = run_omashu({"get", from, "a", "--avro-json"});
  EXPECT_EQ(got.out, value + "\n");
  EXPECT_THAT(run_omashu({"list", from, "--avro-json", "--where", "price=123.45"}).out, HasSubstr(value));
  ASSERT_EQ(run_omashu({"put", to, "--from", "-", "--key-field", "id", "--avro-json", "-q"}, got.out).exit_code, 0);
  EXPECT_EQ(records_of(to, 1), records_of(from, 1));
}

TEST(Copies, WhatNoReaderWouldTakeIsRefused) {
  const std::string topic = new_topic();
  register_schema(topic + "-value", R"({"type":"record","name":"V","fields":[
    {"name":"id","type":{"type":"string","logicalType":"uuid"}}]})");
  const CommandResult uuid = produce(topic, R"({"value":{"id":"x"}})");
  EXPECT_EQ(uuid.exit_code, 1);
  EXPECT_THAT(uuid.err, HasSubstr("$.id: expected a UUID"));
  const CommandResult early = produce(topic, R"({"timestamp":-1,"value":{"id":")" + kUuid + R"("}})");
  EXPECT_EQ(early.exit_code, 1);
  EXPECT_THAT(early.err, HasSubstr("timestamp: -1 is before 1970"));
  const CommandResult untyped = produce(new_topic(), R"({"value":{"id":"x"}})");
  EXPECT_EQ(untyped.exit_code, 1);
  EXPECT_THAT(untyped.err, HasSubstr("there is no subject "));
}

}  // namespace
}  // namespace omashu::real
