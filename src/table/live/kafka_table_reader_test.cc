// The reader of live tables over librdkafka's mock of a cluster, with stores in memory.

#include "table/live/kafka_table_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <latch>

#include "base/testing/scratch_folder.h"
#include "kafka/mock_cluster.h"
#include "kafka/producer.h"
#include "schema_registry/client/testing/memory_registry.h"
#include "table/store/testing/memory_store.h"

namespace omashu::table {
namespace {

using schema_registry::testing::MemoryRegistry;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::MemoryDisk;
using testing::MemoryStore;

constexpr const char* kValue = R"({"type":"record","name":"V","fields":[{"name":"status","type":"string"}]})";
constexpr const char* kValueWithNumber = R"({"type":"record","name":"V","fields":[{"name":"status","type":"string"},
  {"name":"number","type":"int","default":7}]})";
constexpr int64_t kDay = 86'400'000;

class KafkaTableReaderTest : public ::testing::Test {
 protected:
  KafkaTableReaderTest() {
    mock_.create_topic("t", 2);
    mock_.create_topic("u", 1);
    for (const char* topic : {"t", "u"}) {
      facts_[topic] = {.id = "id", .partitions = topic[0] == 't' ? 2 : 1, .delete_retention_ms = kDay};
      EXPECT_TRUE(registry_.register_schema(std::string(topic) + "-value", {.schema = kValue}, false));
    }
    kafka::ClientConfig config = mock_.config();
    config.set("linger.ms", "0");
    producer_ = *kafka::Producer::open(config);
  }

  TableSources sources() {
    TableSources sources;
    sources.open_consumer = [this](TableSources::Pace) {
      ++consumers_;
      kafka::ClientConfig config = mock_.config();
      config.set("auto.offset.reset", "error");
      config.set("fetch.wait.max.ms", "10");
      return kafka::Consumer::open(config);
    };
    sources.open_producer = [this] { return kafka::Producer::open(mock_.config()); };
    sources.describe = [this](std::span<const std::string> topics) {
      std::vector<Result<TopicFacts>> facts;
      const MutexLock lock(mutex_);
      for (const std::string& topic : topics) {
        const auto found = facts_.find(topic);
        if (found == facts_.end()) {
          facts.push_back(fail(ErrorCode::kNotFound, "there is no topic " + topic));
        } else {
          facts.push_back(found->second);
        }
      }
      return facts;
    };
    sources.look = sources.describe;
    sources.open_store = [this](const std::string& folder,
                                const StoreIdentity& identity) -> Result<std::unique_ptr<TableStore>> {
      auto& disk = disks_[folder];
      if (disk == nullptr) disk = std::make_shared<MemoryDisk>();
      return std::make_unique<MemoryStore>(identity, disk);
    };
    return sources;
  }

  // Returns once the tables are restored.
  void open(std::vector<TableOptions> tables = {{.topic = "t"}}) {
    start(std::move(tables));
    for (const auto& table : reader_->tables()) {
      ASSERT_TRUE(eventually([&] { return !table->status().is_restoring; }));
    }
  }
  void start(std::vector<TableOptions> tables = {{.topic = "t"}}) {
    TableReaderOptions options;
    options.data_folder = folder_.path();
    options.tables = std::move(tables);
    options.look_every = milliseconds(20);
    options.is_partial = is_partial_;
    options.now = [this] { return std::chrono::system_clock::time_point(milliseconds(now_ms_)); };
    options.report = [this](const std::string& line) {
      const MutexLock lock(mutex_);
      reports_.push_back(line);
    };
    auto opened = open_table_reader(std::move(options), registry_, sources());
    ASSERT_TRUE(opened) << opened.error().message;
    reader_ = *std::move(opened);
  }
  LiveTable& table(size_t number = 0) { return *reader_->tables()[number]; }
  std::vector<std::string> reports() {
    const MutexLock lock(mutex_);
    return reports_;
  }
  void set_facts(const std::string& topic, std::optional<TopicFacts> facts) {
    const MutexLock lock(mutex_);
    if (facts) {
      facts_[topic] = *facts;
    } else {
      facts_.erase(topic);
    }
  }

  Position send(const std::string& topic, const std::string& key, std::optional<std::string> value,
                std::optional<int> partition = std::nullopt) {
    std::optional<Position> at;
    kafka::Record record{.topic = topic, .partition = partition, .key = key, .value = std::move(value)};
    record.timestamp_ms = now_ms_;
    const auto sent = producer_->send(std::move(record), [&](const Result<kafka::RecordMetadata>& written) {
      EXPECT_TRUE(written) << written.error().message;
      if (written) at = {.partition = written->partition, .offset = written->offset};
    });
    EXPECT_TRUE(sent);
    EXPECT_TRUE(producer_->flush(seconds(30)));
    return at.value_or(Position());
  }
  std::string value(const std::string& status, const char* topic = "t") {
    auto typed = TypedTopic::open(registry_, topic);
    return *typed->write_value(R"({"status":")" + status + R"("})");
  }

  static bool is_read(LiveTable& table, const Position& at) {
    std::atomic<int> told = 0;
    table.when_read({.topic = table.topic(), .offsets = {{at.partition, at.offset}}}, steady_clock::now() + seconds(30),
                    [&](bool is_read) {
                      told = is_read ? 1 : 2;
                      told.notify_all();
                    });
    told.wait(0);
    return told == 1;
  }
  static bool eventually(const std::function<bool()>& is_so) {
    const auto deadline = steady_clock::now() + seconds(30);
    while (!is_so()) {
      if (steady_clock::now() > deadline) return false;
      std::this_thread::yield();
    }
    return true;
  }
  RowState state(LiveTable& of, const std::string& key) { return of.find(key, Reach::kDisk)->state; }

  kafka::MockCluster mock_;
  MemoryRegistry registry_;
  std::unique_ptr<kafka::Producer> producer_;
  std::atomic<int> consumers_ = 0;
  bool is_partial_ = false;
  std::atomic<int64_t> now_ms_ = 1'700'000'000'000;
  std::map<std::string, std::shared_ptr<MemoryDisk>> disks_;
  Mutex mutex_;
  std::map<std::string, TopicFacts> facts_;
  std::vector<std::string> reports_;
  const ScratchFolder folder_;  // of this test alone: tests run at the same time
  std::unique_ptr<TableReader> reader_;
};

TEST_F(KafkaTableReaderTest, OneConsumerFeedsAllTables) {
  send("t", "a", value("X"));
  send("u", "b", value("Y", "u"));
  open({{.topic = "t"}, {.topic = "u"}});
  EXPECT_EQ(state(table(0), R"("a")"), RowState::kFound);
  EXPECT_EQ(state(table(1), R"("b")"), RowState::kFound);
  EXPECT_TRUE(is_read(table(0), send("t", "b", value("X"))));
  EXPECT_TRUE(is_read(table(1), send("u", "b", std::nullopt)));
  EXPECT_EQ(state(table(1), R"("b")"), RowState::kDeleted);
  EXPECT_EQ(table(0).status().rows, 2);
  EXPECT_LE(consumers_, 2);  // one to catch up, and one to follow
}

TEST_F(KafkaTableReaderTest, ATopicThatIsNotThereIsAnError) {
  TableReaderOptions options;
  options.tables = {{.topic = "v"}};
  const auto opened = open_table_reader(std::move(options), registry_, sources());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kNotFound);
}

TEST_F(KafkaTableReaderTest, ATopicThatIsNamedTwiceIsAnError) {
  TableReaderOptions options;
  options.tables = {{.topic = "t"}, {.topic = "t"}};
  EXPECT_FALSE(open_table_reader(std::move(options), registry_, sources()));
}

// More than one batch of each partition, so that several are under way and applied together.
TEST_F(KafkaTableReaderTest, ManyRecordsAreRestoredInTheirOrder) {
  constexpr int kRecords = 12'000, kKeys = 1'500;
  std::map<std::string, Position> last;
  for (int i = 0; i < kRecords; ++i) {
    const std::string key = "k" + std::to_string(i % kKeys);
    kafka::Record record{.topic = "t", .partition = i % 2, .key = key, .value = value("S" + std::to_string(i))};
    record.timestamp_ms = now_ms_ + i;
    ASSERT_TRUE(producer_->send(std::move(record), [&last, key](const Result<kafka::RecordMetadata>& written) {
      ASSERT_TRUE(written) << written.error().message;
      Position& at = last[key];
      if (written->offset >= at.offset) at = {.partition = written->partition, .offset = written->offset};
    }));
  }
  ASSERT_TRUE(producer_->flush(seconds(30)));
  open();
  EXPECT_EQ(table().status().rows, kKeys);
  for (const auto& [key, at] : last) {
    const auto found = table().find('"' + key + '"', Reach::kDisk);
    ASSERT_TRUE(found && found->row) << key;
    EXPECT_EQ(found->row->position, at) << key;
  }
  EXPECT_TRUE(is_read(table(), send("t", "k1", std::nullopt, 1)));
  EXPECT_EQ(state(table(), R"("k1")"), RowState::kDeleted);
  EXPECT_THAT(reports(), IsEmpty());
}

TEST_F(KafkaTableReaderTest, ReadsOnWhereItsStoreStands) {
  for (int i = 0; i < 10; ++i) send("t", "a", value("X"), 0);
  open();
  reader_.reset();
  const Position last = send("t", "a", value("Y"), 0);
  open();
  EXPECT_EQ(table().status().to_restore, 1);
  EXPECT_EQ(table().find(R"("a")", Reach::kDisk)->row->position, last);
  EXPECT_THAT(reports(), IsEmpty());
}

TEST_F(KafkaTableReaderTest, RowsThatAreOlderThanTombstonesLastAreReadAnew) {
  send("t", "a", value("X"), 0);
  open();
  reader_.reset();
  send("t", "b", value("Y"), 0);
  now_ms_ += kDay + 60'000;
  open();
  EXPECT_EQ(table().status().to_restore, 2);
  EXPECT_THAT(reports(), Contains(HasSubstr("delete.retention.ms")));
}

TEST_F(KafkaTableReaderTest, RowsThatWereUpToDateInTimeAreReadOnFromHoweverLongNothingWasWritten) {
  send("t", "a", value("X"), 0);
  open();
  now_ms_ += 2 * kDay;
  reader_.reset();  // nothing was missed until here
  send("t", "b", value("Y"), 0);
  now_ms_ += kDay / 2;
  open();
  EXPECT_EQ(table().status().to_restore, 1);
  EXPECT_THAT(reports(), IsEmpty());
}

TEST_F(KafkaTableReaderTest, RowsOfATopicThatWasMadeAnewAreForgotten) {
  send("t", "a", value("X"), 0);
  open();
  reader_.reset();
  set_facts("t", TopicFacts{.id = "other", .partitions = 2, .delete_retention_ms = kDay});
  open();
  EXPECT_EQ(table().status().to_restore, 1);
  EXPECT_THAT(reports(), Contains(HasSubstr("another table")));
}

TEST_F(KafkaTableReaderTest, ATopicThatIsMadeAnewMeanwhileIsReadAnew) {
  send("t", "a", value("X"), 0);
  open();
  const auto place = table().changes().end();
  set_facts("t", std::nullopt);
  ASSERT_TRUE(eventually([&] { return table().status().outage.has_value(); }));
  EXPECT_THAT(*table().status().outage, HasSubstr("deleted"));
  set_facts("t", TopicFacts{.id = "other", .partitions = 2, .delete_retention_ms = kDay});
  ASSERT_TRUE(eventually([&] { return !table().changes().read(place, 1).has_value(); }));
  EXPECT_TRUE(is_read(table(), send("t", "b", value("Y"), 0)));
  EXPECT_EQ(table().status().rows, 2);
  EXPECT_EQ(table().status().outage, std::nullopt);
  EXPECT_THAT(reports(), Contains(HasSubstr("made anew")));
}

TEST_F(KafkaTableReaderTest, WaitsForARegistryThatIsAway) {
  open();
  ASSERT_TRUE(registry_.register_schema("t-value", {.schema = kValueWithNumber}, false));
  const std::string bytes = value("X");
  std::atomic<bool> is_away = true;
  registry_.intercept = [&](const std::string&) -> std::optional<Error> {
    if (!is_away) return std::nullopt;
    return Error{ErrorCode::kUnavailable, "the registry is away", std::nullopt};
  };
  const Position at = send("t", "a", bytes);
  ASSERT_TRUE(eventually([&] { return table().status().outage.has_value(); }));
  EXPECT_THAT(*table().status().outage, HasSubstr("away"));
  EXPECT_EQ(table().status().unreadable, 0);
  is_away = false;
  EXPECT_TRUE(is_read(table(), at));
  EXPECT_EQ(state(table(), R"("a")"), RowState::kFound);
  EXPECT_EQ(table().status().outage, std::nullopt);
}

TEST_F(KafkaTableReaderTest, StopsWhileARegistryIsAway) {
  open();
  ASSERT_TRUE(registry_.register_schema("t-value", {.schema = kValueWithNumber}, false));
  const std::string bytes = value("X");
  registry_.intercept = [](const std::string&) { return Error{ErrorCode::kUnavailable, "away", std::nullopt}; };
  send("t", "a", bytes);
  ASSERT_TRUE(eventually([&] { return table().status().outage.has_value(); }));
  reader_.reset();
}

TEST_F(KafkaTableReaderTest, SeesValuesThroughANewSchemaOnceARecordHasIt) {
  open();
  ASSERT_TRUE(is_read(table(), send("t", "a", value("OLD"))));
  ASSERT_TRUE(registry_.register_schema("t-value", {.schema = kValueWithNumber}, false));
  ASSERT_TRUE(is_read(table(), send("t", "b", value("NEW"))));
  const LiveRow old = *table().find(R"("a")", Reach::kDisk)->row;
  EXPECT_EQ(table().typed()->row_value(old.view())->text, R"({"status":"OLD","number":7})");
  EXPECT_EQ(table().status().rows, 2);
}

TEST_F(KafkaTableReaderTest, WritesTombstonesOfRowsWhoseTtlIsOverIfAsked) {
  TableOptions options{.topic = "t"};
  options.ttl = TimeToLive{.duration = milliseconds(1'000), .field = {}, .writes_tombstones = true};
  open({options});
  const Position at = send("t", "a", value("X"), 1);
  ASSERT_TRUE(is_read(table(), at));
  EXPECT_EQ(state(table(), R"("a")"), RowState::kFound);
  now_ms_ += 1'000;
  send("t", "b", value("Y"), 1);  // wakes the reader
  EXPECT_TRUE(is_read(table(), {.partition = 1, .offset = at.offset + 2}));
  EXPECT_EQ(state(table(), R"("a")"), RowState::kDeleted);
  EXPECT_EQ(table().find(R"("a")", Reach::kDisk)->row->position.offset, at.offset + 2);
}

TEST_F(KafkaTableReaderTest, WhatWaitsIsToldThatTheReaderStops) {
  open();
  std::atomic<int> told = 0;
  table().when_read({.topic = "t", .offsets = {{0, 100}}}, steady_clock::now() + seconds(600),
                    [&](bool is_read) { told = is_read ? 1 : 2; });
  const auto held = reader_->tables()[0];
  reader_.reset();
  EXPECT_EQ(told, 2);
  EXPECT_EQ(state(*held, R"("a")"), RowState::kNeverSeen);  // a table that is held longer can still be asked
}

// ---- partial tables

class PartialTableTest : public KafkaTableReaderTest {
 protected:
  void SetUp() override {
    for (int i = 0; i < 2; ++i) {
      const std::string number = std::to_string(i);
      send("t", "in-" + number, value("X"), i);
    }
  }
  void hold(std::set<kafka::PartitionId> partitions) {
    std::set<kafka::TopicPartition> held;
    for (const kafka::PartitionId partition : partitions) held.insert({"t", partition});
    reader_->hold(held);
    ASSERT_TRUE(eventually([&] {
      for (const kafka::PartitionId partition : {0, 1}) {
        if (table().has_read(partition) != partitions.contains(partition)) return false;
      }
      return true;
    }));
  }
};

TEST_F(PartialTableTest, ReadsThePartitionsThatItHoldsAndNoOthers) {
  is_partial_ = true;
  open();
  EXPECT_FALSE(table().has_read(0));
  EXPECT_EQ(table().status().rows, 0);
  hold({1});
  EXPECT_EQ(state(table(), R"("in-1")"), RowState::kFound);
  EXPECT_EQ(state(table(), R"("in-0")"), RowState::kNeverSeen);
  hold({0, 1});
  EXPECT_EQ(state(table(), R"("in-0")"), RowState::kFound);
  EXPECT_TRUE(is_read(table(), send("t", "later", value("X"), 0)));
}

TEST_F(PartialTableTest, WhatItHoldsNoMoreIsNotSeenAndIsReadOnFromThereWhenItComesBack) {
  is_partial_ = true;
  open();
  hold({0, 1});
  hold({1});
  EXPECT_EQ(state(table(), R"("in-0")"), RowState::kNeverSeen);
  EXPECT_EQ(state(table(), R"("in-1")"), RowState::kFound);
  EXPECT_FALSE(table().positions().offsets.contains(0));
  send("t", "in-0", std::nullopt, 0);
  send("t", "new", value("Y"), 0);
  hold({0, 1});
  EXPECT_EQ(state(table(), R"("in-0")"), RowState::kDeleted);
  EXPECT_EQ(state(table(), R"("new")"), RowState::kFound);
}

TEST_F(PartialTableTest, OthersPartitionsAreNotWaitedFor) {
  is_partial_ = true;
  open();
  hold({1});
  EXPECT_TRUE(is_read(table(), {.partition = 0, .offset = 1'000}));
}

TEST_F(PartialTableTest, WhatWasLeftLongerThanTombstonesLastIsReadFromItsBeginning) {
  is_partial_ = true;
  open();
  hold({0, 1});
  hold({1});
  send("t", "new", value("Y"), 0);
  now_ms_ += kDay + 1'000;
  hold({0, 1});
  EXPECT_EQ(state(table(), R"("in-0")"), RowState::kFound);
  EXPECT_EQ(state(table(), R"("new")"), RowState::kFound);
  EXPECT_EQ(state(table(), R"("in-1")"), RowState::kFound);
  EXPECT_EQ(table().status().rows, 3);
  EXPECT_THAT(reports(), Contains(HasSubstr("partitions 0 are read from their beginning, since it was last read")));
}

TEST_F(PartialTableTest, APartitionThatWasNotHeldIsAsOldAsWhenItWasLastReadAlsoAfterARestart) {
  is_partial_ = true;
  open();
  hold({0, 1});
  reader_.reset();
  now_ms_ += kDay / 2;
  open();
  hold({1});
  reader_.reset();
  send("t", "new", value("Y"), 0);
  now_ms_ += kDay * 3 / 4;
  open();
  hold({1});
  EXPECT_THAT(reports(), IsEmpty());
  hold({0, 1});
  EXPECT_THAT(reports(), Contains(HasSubstr("partitions 0 are read from their beginning")));
  EXPECT_EQ(state(table(), R"("in-0")"), RowState::kFound);
}

}  // namespace
}  // namespace omashu::table
