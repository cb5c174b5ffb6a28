#include "cli/tables/table_job.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "schema_registry/client/testing/memory_registry.h"
#include "table/stored_value.h"

namespace omashu::cli {
namespace {

using schema_registry::testing::MemoryRegistry;
using ::testing::_;
using ::testing::ElementsAre;
using ::testing::Pair;

constexpr const char* kKey = R"({"type":"record","name":"K","fields":[{"name":"id","type":"string"}]})";
constexpr const char* kValue = R"({"type":"record","name":"V","fields":[{"name":"n","type":"int"}]})";

class TableJobTest : public ::testing::Test {
 protected:
  TableJobTest() {
    EXPECT_TRUE(registry_.register_schema("t-key", {.schema = kKey}, false));
    EXPECT_TRUE(registry_.register_schema("t-value", {.schema = kValue}, false));
    topic_.emplace(*table::TypedTopic::open(registry_, "t"));
  }

  void add(TableJob& job, const std::string& id, const std::optional<std::string>& value) {
    kafka::Message& message = job.batch.add();
    message.topic = "t";
    message.offset = next_offset_++;
    message.key = topic_->write_key(R"({"id":")" + id + "\"}").value();
    message.value = value;
  }
  std::string number(int n) { return topic_->write_value(R"({"n":)" + std::to_string(n) + "}").value(); }

  // Keys and what is kept of the values: how many bytes, or - for a tombstone; ! where the filter does not apply.
  static std::vector<std::string> records_of(const TableJob& job) {
    std::vector<std::string> records;
    job.for_each_record([&](const table::Record& record) {
      std::string text(record.key);
      if (record.value) {
        const table::StoredValue stored = table::read_stored_value(*record.value);
        text += (stored.is_match ? " " : " !") + std::to_string(stored.payload.size());
      } else {
        text += " -";
      }
      records.push_back(text);
    });
    return records;
  }

  MemoryRegistry registry_;
  std::optional<table::TypedTopic> topic_;
  kafka::Offset next_offset_ = 0;
};

TEST_F(TableJobTest, KeepsTheBytesOfValues) {
  const TableView view;
  TableJob job(*topic_, view);
  add(job, "a", number(1));
  add(job, "b", std::nullopt);
  job.run();
  EXPECT_THAT(records_of(job), ElementsAre(R"({"id":"a"} 6)", R"({"id":"b"} -)"));
}

TEST_F(TableJobTest, LeavesOutWhatDoesNotDecode) {
  const TableView view;
  TableJob job(*topic_, view);
  add(job, "a", number(1));
  add(job, "b", "garbage");
  job.batch.add().key = std::nullopt;
  add(job, "c", number(2));
  job.run();
  EXPECT_THAT(records_of(job), ElementsAre(R"({"id":"a"} 6)", R"({"id":"c"} 6)"));
  EXPECT_THAT(job.errors(), ElementsAre(Pair(1, _), Pair(2, _)));
}

TEST_F(TableJobTest, KeepsNoValueThatIsNotAskedFor) {
  auto filter = *table::Filter::parse(std::vector<std::string>{"n>1"});
  ASSERT_TRUE(filter.bind(topic_->schemas()));
  TableView view = {.filter = &filter};
  TableJob job(*topic_, view);
  add(job, "a", number(1));
  add(job, "b", number(2));
  job.run();
  EXPECT_THAT(records_of(job), ElementsAre(R"({"id":"a"} !0)", R"({"id":"b"} 6)"));

  view.keeps_others = true;
  job.run();
  EXPECT_THAT(records_of(job), ElementsAre(R"({"id":"a"} !6)", R"({"id":"b"} 6)"));
}

TEST_F(TableJobTest, LooksForOneKey) {
  const TableView view = {.key = R"({"id":"b"})"};
  TableJob job(*topic_, view);
  add(job, "a", "garbage");
  add(job, "b", number(2));
  job.run();
  EXPECT_THAT(records_of(job), ElementsAre(R"({"id":"b"} 6)"));
  EXPECT_THAT(job.errors(), ElementsAre()) << "what another key's value is does not matter";
}

}  // namespace
}  // namespace omashu::cli
