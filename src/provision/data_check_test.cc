#include "provision/data_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "avro/codec.h"
#include "provision/data_check_text.h"
#include "provision/testing/provision_fixture.h"

namespace omashu::provision {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Records in memory.
class MemoryRecords : public RecordSource {
 public:
  std::map<std::string, std::vector<kafka::Message>> topics;
  std::vector<std::optional<int64_t>> questions;

  void add(const std::string& topic, std::optional<std::string> value, std::optional<std::string> key = {}) {
    kafka::Message message;
    message.topic = topic;
    message.partition = 1;
    message.offset = kafka::Offset{static_cast<int64_t>(topics[topic].size())};
    message.key = std::move(key);
    message.value = std::move(value);
    topics[topic].push_back(std::move(message));
  }

  Result<void> read_last(const std::string& topic, std::optional<int64_t> count,
                         const std::function<Result<void>(const kafka::Message&)>& visit) override {
    questions.push_back(count);
    for (const kafka::Message& message : topics[topic]) {
      if (auto visited = visit(message); !visited) return visited;
    }
    return {};
  }
};

std::string framed(int id, const std::string& schema, const std::string& json) {
  std::string out;
  serde::append_id_frame(out, schema_registry::SchemaId{id});
  const auto encoder = avro::Encoder::compile(avro::Schema::parse(schema).value()).value();
  EXPECT_TRUE(encoder.from_json(json, out)) << json;
  return out;
}

class DataCheckTest : public testing::Test {
 protected:
  std::vector<DataCheck> check(std::optional<int64_t> last = 1000) {
    const auto readers = planned_readers(fixture_.desired(), fixture_.observed());
    auto checks = check_data(readers, records_, fixture_.registry, last);
    if (!checks) ADD_FAILURE() << checks.error().message;
    return checks.value_or(std::vector<DataCheck>{});
  }

  const std::string colours_ = R"({"type":"enum","name":"C","symbols":["RED","BLUE"]})";
  const std::string fewer_colours_ = R"({"type":"enum","name":"C","symbols":["RED"]})";
  ProvisionFixture fixture_{.files = {{"f", "t 1 1 t.avsc false delete true compatibility=NONE\n"}}};
  MemoryRecords records_;
};

TEST_F(DataCheckTest, CountsWhatThePlannedSchemaWouldNotRead) {
  fixture_.admin.topics["t"] = {};
  fixture_.registry.put("t-value", colours_);
  for (const char* colour : {"\"RED\"", "\"BLUE\"", "\"RED\""}) records_.add("t", framed(1, colours_, colour));
  records_.add("t", std::nullopt);                      // a tombstone
  records_.add("t", std::string("\0\0\0\0\1\x04", 6));  // a third symbol, that nobody has
  records_.add("t", "plain text");
  records_.add("t", std::string("\0\0\0\0\x63\0", 6));  // a schema that the registry does not have

  fixture_.files["t.avsc"] = colours_;
  std::vector<DataCheck> checks = check();
  ASSERT_EQ(checks.size(), 1u);
  EXPECT_EQ(checks[0].readable, 3);
  EXPECT_TRUE(is_all_readable(checks));
  EXPECT_EQ(checks[0].undecodable.count, 3);

  fixture_.files["t.avsc"] = fewer_colours_;
  checks = check();
  EXPECT_FALSE(is_all_readable(checks));
  EXPECT_EQ(checks[0].readable, 2);
  EXPECT_EQ(checks[0].unreadable.count, 1);
  EXPECT_EQ(checks[0].undecodable.count, 3);
  const std::string text = data_check_text(checks);
  EXPECT_THAT(text, HasSubstr("data of t (t-value): 2 records can be read with t.avsc\n"
                              "data of t (t-value): 1 record could not be read with t.avsc:\n"
                              "    t-1-1: "));
  EXPECT_THAT(text, HasSubstr("data of t (t-value): 3 records cannot be read with any schema:\n    t-1-4: "));
  EXPECT_THAT(json::to_text(data_check_json(checks)),
              HasSubstr(R"("part":"value","subject":"t-value","file":"t.avsc","readable":2,"unreadable":{"count":1,)"
                        R"("first":[{"partition":1,"offset":1,"message":)"));
}

TEST_F(DataCheckTest, ASchemaThatReadsNothingOfAnotherIsSeenToo) {
  fixture_.admin.topics["t"] = {};
  fixture_.registry.put("t-value", record("T"));
  for (int i = 0; i < 7; ++i) records_.add("t", framed(1, record("T"), R"({"id":"a"})"));
  fixture_.files["t.avsc"] = record("T", {"id", "added"});
  const auto checks = check();
  EXPECT_EQ(checks[0].unreadable.count, 7);
  EXPECT_EQ(checks[0].unreadable.first.size(), FailedRecords::kMaxShown);
  EXPECT_THAT(data_check_text(checks), HasSubstr("\n    and 2 more\n"));
}

TEST_F(DataCheckTest, KeysAreReadWithTheKeysSchema) {
  fixture_.files = {{"f", "t 1 1 t.avsc true delete true\n"}, {"t.avsc", "\"string\""}, {"t-key.avsc", "\"long\""}};
  fixture_.admin.topics["t"] = {};
  fixture_.registry.put("t-value", "\"string\"");
  fixture_.registry.put("t-key", "\"int\"");
  records_.add("t", framed(1, "\"string\"", "\"a\""), framed(2, "\"int\"", "1"));
  records_.add("t", framed(1, "\"string\"", "\"a\""), framed(1, "\"string\"", "\"k\""));
  const auto checks = check(std::nullopt);
  ASSERT_EQ(checks.size(), 2u);
  EXPECT_EQ(checks[0].readable, 2);
  EXPECT_EQ(checks[1].subject, "t-key");
  EXPECT_EQ(checks[1].readable, 1);
  EXPECT_EQ(checks[1].unreadable.count, 1);
  EXPECT_THAT(records_.questions, ElementsAre(std::nullopt));  // the topic is read once
}

TEST_F(DataCheckTest, OfSeveralTypesInATopicEachHasItsOwn) {
  fixture_.files = {{"f", "t 1 1 a.avsc false delete true\nt 1 1 b.avsc false delete true\n"},
                    {"a.avsc", record("A")},
                    {"b.avsc", record("B")}};
  fixture_.strategy = serde::SubjectNameStrategy::kTopicRecordName;
  fixture_.admin.topics["t"] = {};
  fixture_.registry.put("t-A", record("A"));
  fixture_.registry.put("t-B", record("B"));
  fixture_.registry.put("t-C", record("C"));
  records_.add("t", framed(1, record("A"), R"({"id":"a"})"));
  records_.add("t", framed(2, record("B"), R"({"id":"b"})"));
  records_.add("t", framed(2, record("B"), R"({"id":"b"})"));
  records_.add("t", framed(3, record("C"), R"({"id":"c"})"));
  const auto checks = check();
  ASSERT_EQ(checks.size(), 2u);
  EXPECT_EQ(checks[0].readable, 1);
  EXPECT_EQ(checks[1].readable, 2);
}

TEST_F(DataCheckTest, TopicsThatDoNotExistHaveNoData) {
  fixture_.files["t.avsc"] = colours_;
  EXPECT_THAT(check(), IsEmpty());
  EXPECT_THAT(records_.questions, IsEmpty());
}

}  // namespace
}  // namespace omashu::provision
