// Live tables on a real Kafka and a real registry: in this process, and in one that is killed at random moments.
//
// OMASHU_LIVE_TABLE_ROUNDS says how many rounds of kills (2), OMASHU_LIVE_TABLE_SEED when and what (fixed).

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "kafka/admin.h"
#include "kafka/producer.h"
#include "real/support/eventually.h"
#include "real/support/omashu_up.h"
#include "real/support/process.h"
#include "real/support/scratch_folder.h"
#include "real/support/shared_servers.h"
#include "real/support/topics.h"
#include "serde/wire_format.h"
#include "table/latest_table.h"
#include "table/live/table_reader.h"
#include "table/stored_value.h"

namespace omashu::real {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using table::LiveRow;
using table::LiveTable;
using table::Position;
using table::PositionSet;
using table::RowState;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr const char* kKey = R"({"type":"record","name":"Key","fields":[{"name":"omashuId","type":"string"}]})";
constexpr const char* kKeyWithTenant = R"({"type":"record","name":"Key","fields":[{"name":"omashuId","type":"string"},)"
                                       R"({"name":"tenant","type":"string","default":"main"}]})";
constexpr const char* kValue = R"({"type":"record","name":"Status","fields":[{"name":"status","type":"string"}]})";
constexpr const char* kValueWithNumber = R"({"type":"record","name":"Status","fields":[)"
                                         R"({"name":"status","type":"string"},)"
                                         R"({"name":"number","type":"long","default":0}]})";

template <class T>
T value_of(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

int64_t number_from_environment(const char* name, int64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::atoll(text);
}

kafka::ClientConfig client_config(const KafkaBroker& kafka) {
  kafka::ClientConfig config;
  config.set("bootstrap.servers", kafka.bootstrap_server());
  return config;
}

std::unique_ptr<schema_registry::Client> open_registry() {
  schema_registry::ClientOptions options;
  options.urls = {shared_registry().url()};
  return value_of(schema_registry::Client::open(options));
}

// Writes records one by one, and knows where they landed.
class Writer {
 public:
  explicit Writer(const KafkaBroker& kafka = shared_kafka()) {
    kafka::ClientConfig config = client_config(kafka);
    config.set("linger.ms", "0");
    config.set("message.timeout.ms", "60000");
    producer_ = value_of(kafka::Producer::open(config));
  }

  Position send(kafka::Record record) {
    std::optional<Result<kafka::RecordMetadata>> sent;
    value_of(producer_->send(std::move(record), [&](const Result<kafka::RecordMetadata>& result) { sent = result; }));
    while (!sent) producer_->poll(milliseconds(100));
    const kafka::RecordMetadata metadata = value_of(*sent);
    return {.partition = metadata.partition, .offset = metadata.offset};
  }

 private:
  std::unique_ptr<kafka::Producer> producer_;
};

// Whether the table has read the record within a minute.
bool is_read(LiveTable& table, const PositionSet& positions) {
  std::atomic<int> told = 0;
  table.when_read(positions, std::chrono::steady_clock::now() + seconds(60), [&](bool is_read) {
    told = is_read ? 1 : 2;
    told.notify_all();
  });
  told.wait(0);
  return told == 1;
}
bool is_read(LiveTable& table, const Position& position) {
  return is_read(table, {.topic = table.topic(), .offsets = {{position.partition, position.offset}}});
}

class LiveTables : public ::testing::Test {
 protected:
  explicit LiveTables(const char* value = kValue, const char* key = nullptr)
      : topic_(make_topic({.name = unique_name("live"), .partitions = 3})), registry_(open_registry()) {
    register_schema(topic_ + "-value", value);
    if (key != nullptr) register_schema(topic_ + "-key", key);
    reopen_typed();
  }

  void reopen_typed() {
    typed_ = std::make_unique<table::TypedTopic>(value_of(table::TypedTopic::open(*registry_, topic_)));
  }

  void open(std::vector<std::string> indexes = {}) {
    table::TableReaderOptions options;
    options.kafka = client_config(shared_kafka());
    options.data_folder = folder_.path();
    options.tables = {{.topic = topic_, .indexes = std::move(indexes)}};
    options.look_every = milliseconds(500);
    options.report = [this](const std::string& line) {
      const std::lock_guard lock(mutex_);
      reports_.push_back(line);
    };
    reader_ = value_of(table::TableReader::open(std::move(options), *registry_));
    ASSERT_TRUE(eventually([this] { return !table().status().is_restoring; }));
  }
  LiveTable& table() { return *reader_->tables()[0]; }
  std::vector<std::string> reports() {
    const std::lock_guard lock(mutex_);
    return reports_;
  }

  Position put(const std::string& key, const std::string& json) {
    return writer_.send({.topic = topic_,
                         .key = value_of(typed_->write_key(value_of(typed_->key_from_text(key)))),
                         .value = value_of(typed_->write_value(json))});
  }
  Position remove(const std::string& key) {
    return writer_.send({.topic = topic_, .key = value_of(typed_->write_key(value_of(typed_->key_from_text(key))))});
  }
  static std::string status(const std::string& status) { return R"({"status":")" + status + R"("})"; }

  // "FOUND {…}", "DELETED", …
  std::string find(const std::string& key) {
    const table::Lookup found = value_of(table().find(key, table::Reach::kDisk));
    switch (found.state) {
      case RowState::kFound: return text_of(*found.row);
      case RowState::kDeleted: return "deleted";
      case RowState::kNeverSeen: return "never seen";
      case RowState::kNotYetSeen: return "not yet seen";
    }
    return "";
  }
  std::string text_of(const LiveRow& row) {
    return row.value ? value_of(table().typed()->row_value(row.view())).text : "deleted";
  }

  const std::string topic_;
  const std::unique_ptr<schema_registry::Client> registry_;
  ScratchFolder folder_;
  std::unique_ptr<table::TypedTopic> typed_;
  Writer writer_;
  std::mutex mutex_;
  std::vector<std::string> reports_;
  std::unique_ptr<table::TableReader> reader_;
};

TEST_F(LiveTables, AreRestoredAndThenFollowTheirTopic) {
  put("a", status("QUEUED"));
  put("b", status("QUEUED"));
  remove("b");
  open({"status"});
  EXPECT_EQ(find(R"("a")"), status("QUEUED"));
  EXPECT_EQ(find(R"("b")"), "deleted");
  EXPECT_EQ(find(R"("c")"), "never seen");
  ASSERT_TRUE(is_read(table(), put("a", status("RUNNING"))));
  EXPECT_EQ(find(R"("a")"), status("RUNNING"));
  ASSERT_TRUE(is_read(table(), remove("a")));
  EXPECT_EQ(find(R"("a")"), "deleted");
  EXPECT_EQ(table().status().rows, 0);
}

TEST_F(LiveTables, ReadOnWhereTheyStopped) {
  put("a", status("QUEUED"));
  open({"status"});
  reader_.reset();
  put("b", status("QUEUED"));
  open({"status"});
  EXPECT_EQ(table().status().to_restore, 1);
  EXPECT_EQ(find(R"("a")"), status("QUEUED"));
  EXPECT_EQ(find(R"("b")"), status("QUEUED"));
  EXPECT_THAT(reports(), ::testing::IsEmpty());
}

TEST_F(LiveTables, AreMadeAnewWhereTheirIndexesAreOthers) {
  put("a", status("QUEUED"));
  open();
  reader_.reset();
  open({"status"});
  EXPECT_EQ(table().status().to_restore, 1);
  const auto counts = value_of(table().snapshot()->counts(0));
  ASSERT_THAT(counts, SizeIs(1));
  EXPECT_EQ(counts[0].value, R"("QUEUED")");
}

TEST_F(LiveTables, NoticeAFieldThatANewSchemaHas) {
  put("a", status("QUEUED"));
  open();
  register_schema(topic_ + "-value", kValueWithNumber);
  reopen_typed();
  ASSERT_TRUE(is_read(table(), put("b", R"({"status":"QUEUED","number":7})")));
  EXPECT_EQ(find(R"("b")"), R"({"status":"QUEUED","number":7})");
  EXPECT_EQ(find(R"("a")"), R"({"status":"QUEUED","number":0})");
}

TEST_F(LiveTables, AreMadeAnewWhenTheirTopicIs) {
  put("a", status("QUEUED"));
  put("b", status("QUEUED"));
  open();
  const auto admin = value_of(kafka::Admin::open(client_config(shared_kafka()), seconds(60)));
  const std::vector<std::string> topics = {topic_};
  value_of(admin->delete_topics(topics).at(0));
  ASSERT_TRUE(eventually([&] { return table().status().outage.has_value(); }));
  ASSERT_TRUE(eventually([&] { return !admin->describe_topics(topics).at(0); }));
  make_topic({.name = topic_, .partitions = 3});
  put("c", status("NEW"));
  ASSERT_TRUE(eventually([&] { return find(R"("c")") == status("NEW"); })) << table().status().outage.value_or("");
  EXPECT_TRUE(eventually([&] { return find(R"("a")") == "never seen"; }));
  EXPECT_TRUE(eventually([&] { return !table().status().outage; }));
  EXPECT_THAT(reports(), ::testing::Contains(HasSubstr("made anew")));
}

TEST_F(LiveTables, ReadThePartitionsThatATopicGets) {
  open();
  const auto admin = value_of(kafka::Admin::open(client_config(shared_kafka()), seconds(60)));
  const kafka::Admin::NewPartitions more = {.topic = topic_, .total = 4};
  value_of(admin->create_partitions(std::span(&more, 1), false).at(0));
  std::optional<Position> at;
  ASSERT_TRUE(eventually([&] {
    try {
      at = writer_.send(
          {.topic = topic_, .partition = 3, .key = "a", .value = value_of(typed_->write_value(status("X")))});
    } catch (const std::runtime_error&) {  // the producer does not know of the partition yet
    }
    return at.has_value();
  }));
  ASSERT_TRUE(is_read(table(), *at));
  EXPECT_EQ(find(R"("a")"), status("X"));
}

TEST_F(LiveTables, FindTheEarlierRecordsOfAKey) {
  std::vector<std::string> all;
  for (int i = 0; i < 30; ++i) {
    put("a", status(fmt::format("S{}", i)));
    put("b", status("OTHER"));
    all.push_back(status(fmt::format("S{}", i)));
  }
  remove("a");
  all.push_back("deleted");
  std::ranges::reverse(all);
  open();
  const auto texts = [&](size_t max, std::optional<int64_t> not_after_ms = {}) {
    std::vector<std::string> found;
    const LiveTable::History history = value_of(table().history(R"("a")", max, not_after_ms));
    for (const LiveRow& row : history.records) found.push_back(text_of(row));
    EXPECT_EQ(history.is_scanned, max > 10);
    EXPECT_EQ(history.is_complete, max >= 31);
    return found;
  };
  EXPECT_THAT(texts(3), ElementsAre(all[0], all[1], all[2]));
  EXPECT_THAT(texts(20), ElementsAreArray(all.begin(), all.begin() + 20));
  EXPECT_THAT(texts(50), ElementsAreArray(all));
  const auto fifth = value_of(table().history(R"("a")", 5, {})).records[4];
  const auto as_of = value_of(table().history(R"("a")", 1, fifth.timestamp_ms));
  ASSERT_THAT(as_of.records, SizeIs(1));
  EXPECT_LE(as_of.records[0].timestamp_ms, fifth.timestamp_ms);
  EXPECT_GE(as_of.records[0].position.offset, fifth.position.offset);
  EXPECT_THAT(value_of(table().history(R"("never")", 5, {})).records, SizeIs(0));
}

class LiveTablesWithKeys : public LiveTables {
 protected:
  LiveTablesWithKeys() : LiveTables(kValue, kKey) {}
};

TEST_F(LiveTablesWithKeys, AreMadeAnewWhenTheKeySchemaChanges) {
  put("a", status("QUEUED"));
  open();
  EXPECT_EQ(find(R"({"omashuId":"a"})"), status("QUEUED"));
  register_schema(topic_ + "-key", kKeyWithTenant);
  reopen_typed();
  put(R"({"omashuId":"b","tenant":"main"})", status("NEW"));
  ASSERT_TRUE(eventually([&] { return find(R"({"omashuId":"b","tenant":"main"})") == status("NEW"); }));
  EXPECT_TRUE(eventually([&] { return find(R"({"omashuId":"a","tenant":"main"})") == status("QUEUED"); }));
  EXPECT_EQ(find(R"({"omashuId":"a"})"), "never seen");
}

TEST(LiveTablesOfOneBroker, GoOnWhenItIsBack) {
  const auto kafka = value_of(KafkaBroker::start());
  const std::string topic = "back";
  make_topic(*kafka, {.name = topic, .partitions = 1});
  const auto registry = open_registry();
  ScratchFolder folder;
  table::TableReaderOptions options;
  options.kafka = client_config(*kafka);
  options.data_folder = folder.path();
  options.tables = {{.topic = topic}};
  const auto reader = value_of(table::TableReader::open(std::move(options), *registry));
  LiveTable& table = *reader->tables()[0];
  Writer writer(*kafka);
  ASSERT_TRUE(is_read(table, writer.send({.topic = topic, .key = "a", .value = "1"})));
  kafka->kill9();
  EXPECT_TRUE(eventually([&] { return table.status().outage.has_value(); }));
  EXPECT_EQ(value_of(table.find(R"("a")", table::Reach::kDisk)).state, RowState::kFound);
  value_of(kafka->start_again());
  ASSERT_TRUE(is_read(table, writer.send({.topic = topic, .key = "b", .value = "2"})));
  EXPECT_TRUE(eventually([&] { return !table.status().outage; }));
  EXPECT_EQ(table.status().rows, 2);
}

TEST(LiveTablesOfOneBroker, PassOverABatchThatIsDamaged) {
  const auto up = value_of(OmashuUp::start());
  make_topic(*up, {.name = "damaged", .partitions = 2});
  Writer writer(*up);
  for (const char* key : {"a", "b", "c"}) {
    writer.send({.topic = "damaged", .partition = 0, .key = key, .value = fmt::format("value of {}", key)});
  }
  for (int i = 0; i < 100; ++i) {
    writer.send({.topic = "damaged", .partition = 1, .key = fmt::format("k{}", i), .value = "1"});
  }
  const std::string log = up->data_folder() + "/damaged-0/00000000000000000000.log";
  std::string bytes = read_file(log);
  const size_t at = bytes.find("value of b");
  ASSERT_NE(at, std::string::npos);
  {
    std::fstream file(log, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(at));
    file.put('V');
  }
  const auto registry = open_registry();
  ScratchFolder folder;
  table::TableReaderOptions options;
  options.kafka = client_config(*up);
  options.data_folder = folder.path();
  options.tables = {{.topic = "damaged"}};
  const auto reader = value_of(table::TableReader::open(std::move(options), *registry));
  LiveTable& table = *reader->tables()[0];
  ASSERT_TRUE(eventually([&] { return !table.status().is_restoring; }));
  EXPECT_EQ(table.status().rows, 102);
  EXPECT_EQ(value_of(table.find(R"("b")", table::Reach::kDisk)).state, RowState::kNeverSeen);
  EXPECT_EQ(value_of(table.find(R"("c")", table::Reach::kDisk)).state, RowState::kFound);
  EXPECT_EQ(table.status().unreadable, 1);
  ASSERT_THAT(table.status().last_unreadable, SizeIs(1));
  EXPECT_EQ(table.status().last_unreadable[0].position, (Position{.partition = 0, .offset = 1}));
  EXPECT_TRUE(is_read(table, writer.send({.topic = "damaged", .partition = 0, .key = "d", .value = "1"})));
  EXPECT_TRUE(is_read(table, writer.send({.topic = "damaged", .partition = 1, .key = "e", .value = "1"})));
}

// ---- killed at random

// What a topic holds, and what a table of it should show.
class Model {
 public:
  explicit Model(table::TypedTopic& typed) : typed_(typed) {}

  void add(const kafka::Message& message) {
    const auto key = typed_.read_key(message);
    table::PartReader::Scratch scratch;
    if (!key || (message.value && !typed_.values().read(message, scratch))) return;
    std::string stored;
    if (message.value) table::append_stored_value({.payload = *message.value}, stored);
    table_.apply({.key_bytes = *message.key,
                  .key = *key,
                  .value = message.value ? std::optional<std::string_view>(stored) : std::nullopt,
                  .position = {.partition = message.partition, .offset = message.offset},
                  .timestamp_ms = message.timestamp_ms});
  }

  std::vector<std::string> lines(const std::string& topic) const {
    std::vector<std::string> lines;
    std::set<std::pair<std::string, std::string>> index;
    std::map<std::string, int> counts;
    table_.for_each_row_by_key([&](const table::Row& row) {
      const std::string text = value_of(typed_.row_value(row)).text;
      lines.push_back(fmt::format("row {} {} {}", row.key, text, table::position_text(topic, row.position)));
      const std::string status = json::to_text(*json::parse(text)->find("status"));
      index.emplace(status, row.key);
      ++counts[status];
      return true;
    });
    for (const auto& [value, key] : index) lines.push_back("index " + key);
    for (const auto& [value, count] : counts) lines.push_back(fmt::format("count {} {}", value, count));
    lines.push_back(fmt::format("duplicates {}", table_.duplicates().size()));
    lines.push_back(fmt::format("rows {}", table_.size()));
    return lines;
  }

 private:
  table::TypedTopic& typed_;
  table::LatestTable table_;
};

class KilledLiveTables : public ::testing::Test {
 protected:
  KilledLiveTables()
      : topic_(make_topic({.name = unique_name("killed"), .partitions = 3})),
        registry_(open_registry()),
        random_(static_cast<uint64_t>(number_from_environment("OMASHU_LIVE_TABLE_SEED", 20'261'130))) {
    // Both versions of the keys, each of which writers go on to use.
    for (const char* key : {kKey, kKeyWithTenant}) {
      register_schema(topic_ + "-key", key);
      key_writers_.push_back(
          std::make_unique<table::TypedTopic>(value_of(table::TypedTopic::open(*registry_, topic_))));
    }
    register_schema(topic_ + "-value", kValue);
    typed_ = std::make_unique<table::TypedTopic>(value_of(table::TypedTopic::open(*registry_, topic_)));
    model_ = std::make_unique<Model>(*typed_);
  }

  int any(int count) { return static_cast<int>(random_() % static_cast<uint64_t>(count)); }

  // A record of one of a few keys: under either encoding, in its partition or another one, with a clock that goes back
  // and forth; some are tombstones, some do not decode.
  void write_one() {
    kafka::Message message;
    message.topic = topic_;
    const int version = any(2);
    const std::string id = fmt::format("om-{}", any(25));
    message.key = value_of(key_writers_[static_cast<size_t>(version)]->write_key(
        version == 0 ? fmt::format(R"({{"omashuId":"{}"}})", id)
                     : fmt::format(R"({{"omashuId":"{}","tenant":"{}"}})", id, any(5) == 0 ? "other" : "main")));
    const int kind = any(10);
    if (kind < 7) {
      message.value = value_of(typed_->write_value(fmt::format(R"({{"status":"S{}"}})", any(5))));
    } else if (kind == 9) {
      message.value = std::string("\0\0\0\0\1", 5) + std::string(static_cast<size_t>(any(3)), '\xff');
    }
    message.timestamp_ms = now_ms_ + any(2'000) - 1'000;
    kafka::Record record{.topic = topic_, .key = message.key, .value = message.value};
    if (any(4) == 0) record.partition = any(3);
    record.timestamp_ms = message.timestamp_ms;
    const Position at = writer_.send(std::move(record));
    message.partition = at.partition;
    message.offset = at.offset;
    written_.merge({.topic = topic_, .offsets = {{at.partition, at.offset}}});
    model_->add(message);
  }

  void start() {
    process_ =
        value_of(Process::start({.command = {OMASHU_LIVE_TABLE_PROCESS, shared_kafka().bootstrap_server(),
                                             shared_registry().url(), folder_.path() / "tables", topic_, "status"},
                                 .stdout_file = folder_.path() / fmt::format("out{}", ++starts_),
                                 .pipe_stdin = true}));
  }

  std::vector<std::string> dump() {
    value_of(process_->write_input(table::position_set_text(written_) + "\n"));
    EXPECT_TRUE(process_->wait_for_stdout("\nend\n", seconds(60))) << process_->stdout_text();
    std::vector<std::string> lines;
    for (const std::string& line : lines_of(process_->stdout_text())) {
      if (!line.starts_with("note ") && !line.starts_with("unreadable ") && line != "ready" && line != "end") {
        lines.push_back(line);
      }
    }
    return lines;
  }

  const std::string topic_;
  const std::unique_ptr<schema_registry::Client> registry_;
  const int64_t now_ms_ =
      std::chrono::duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  std::mt19937_64 random_;
  ScratchFolder folder_;
  std::vector<std::unique_ptr<table::TypedTopic>> key_writers_;
  std::unique_ptr<table::TypedTopic> typed_;
  std::unique_ptr<Model> model_;
  Writer writer_;
  PositionSet written_;
  std::unique_ptr<Process> process_;
  int starts_ = 0;
};

TEST_F(KilledLiveTables, ShowWhatAModelShows) {
  written_.topic = topic_;
  const int64_t rounds = number_from_environment("OMASHU_LIVE_TABLE_ROUNDS", 2);
  for (int64_t round = 0; round < rounds; ++round) {
    for (int kill = 0; kill < 4; ++kill) {
      start();
      const auto until = std::chrono::steady_clock::now() + milliseconds(any(400));
      while (std::chrono::steady_clock::now() < until) write_one();
      process_->signal(SIGKILL);
      ASSERT_EQ(process_->wait(seconds(60)), 128 + SIGKILL) << process_->stdout_text();
      for (int i = 0; i < any(30); ++i) write_one();
    }
    start();
    for (int i = 0; i < 20; ++i) write_one();
    const std::vector<std::string> shown = dump(), wanted = model_->lines(topic_);
    const auto first = std::ranges::mismatch(shown, wanted);
    ASSERT_EQ(first.in1 == shown.end() ? "" : *first.in1, first.in2 == wanted.end() ? "" : *first.in2)
        << "in round " << round;
    process_->close_input();
    ASSERT_EQ(process_->wait(seconds(60)), 0);
  }
}

}  // namespace
}  // namespace omashu::real
