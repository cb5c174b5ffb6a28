// omashu on three real brokers: what is acknowledged survives the end of any one part, and comes to PostgreSQL;
// replicas are moved, and a topic gets more partitions. How long answers stay away is printed, and recorded in the
// test's report.

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <fstream>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

#include "base/json.h"
#include "kafka/consumer.h"
#include "kafka/producer.h"
#include "real/support/http.h"
#include "real/support/platform_cluster.h"

namespace omashu::real {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::PrintToString;

constexpr std::chrono::minutes kDeadline{3};

// Throws the error, which GoogleTest tells.
template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return *std::move(result);
}

// Counts acknowledgements, and how long none came.
class AckCounter {
 public:
  void add() {
    const std::lock_guard lock(mutex_);
    const auto now = Clock::now();
    longest_gap_ = std::max(longest_gap_, duration_cast<milliseconds>(now - last_));
    last_ = now;
    ++count_;
    changed_.notify_all();
  }

  // Until so many more have come; false where the deadline is over first.
  bool wait_for_more(int64_t more) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kDeadline, [&, target = count_ + more] { return count_ >= target; });
  }

  milliseconds take_longest_gap() {
    const std::lock_guard lock(mutex_);
    return std::exchange(longest_gap_, milliseconds(0));
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int64_t count_ = 0;
  Clock::time_point last_ = Clock::now();
  milliseconds longest_gap_{0};
};

// Numbered records, as fast as the brokers acknowledge them.
class RecordLoad {
 public:
  RecordLoad(const std::string& servers, std::string topic) : topic_(std::move(topic)) {
    kafka::ClientConfig config;
    config.set("bootstrap.servers", servers);
    producer_ = must(kafka::Producer::open(config));
    thread_ = std::thread([this] { run(); });
  }

  AckCounter& acks() { return acks_; }

  // Ends it; which numbers were acknowledged.
  std::set<int64_t> finish() {
    is_stopped_ = true;
    thread_.join();
    EXPECT_TRUE(producer_->flush(kDeadline));
    producer_.reset();
    return std::move(acknowledged_);
  }

 private:
  void run() {
    constexpr int64_t kMaxInFlight = 2'000;
    for (int64_t next = 0; !is_stopped_;) {
      if (next - done_ >= kMaxInFlight) {
        producer_->poll(milliseconds(10));
        continue;
      }
      const std::string text = std::to_string(next);
      const auto sent = producer_->send({.topic = topic_, .key = text, .value = text},
                                        [this, next](const Result<kafka::RecordMetadata>& delivered) {
                                          ++done_;
                                          if (!delivered) return;
                                          acknowledged_.insert(next);
                                          acks_.add();
                                        });
      EXPECT_TRUE(sent) << sent.error().message;
      ++next;
    }
  }

  const std::string topic_;
  std::unique_ptr<kafka::Producer> producer_;
  AckCounter acks_;
  int64_t done_ = 0;  // these two: of the thread, and after it of finish()
  std::set<int64_t> acknowledged_;
  std::atomic<bool> is_stopped_ = false;
  std::thread thread_;
};

// Rows written over HTTP, one after the other, by the other server where one does not answer.
class RowLoad {
 public:
  struct Row {
    int64_t acknowledged = -1, attempted = -1;  // of bytesSoFar
  };

  explicit RowLoad(std::vector<std::string> servers) : servers_(std::move(servers)) {
    thread_ = std::thread([this] { run(); });
  }

  AckCounter& acks() { return acks_; }
  std::map<std::string, Row> finish() {
    is_stopped_ = true;
    thread_.join();
    return rows_;
  }

 private:
  void run() {
    constexpr int kKeys = 20;
    size_t server = 0;
    for (int64_t next = 0; !is_stopped_; ++next) {
      const std::string key = fmt::format("om-{}", next % kKeys);
      Row& row = rows_[key];
      row.attempted = next;
      const std::string value =
          fmt::format(R"({{"omashuId":"{}","status":"RUNNING","bytesSoFar":{},"requestedAt":"2026-11-30T08:00:00Z",)"
                      R"("updatedAt":"2026-11-30T08:00:05Z","source":{{"url":"https://example.org/atlas.zip"}}}})",
                      key, next);
      const HttpAnswer answer =
          http_send("PUT", servers_[server] + "/v1/tables/status-download/rows/" + key, value, "application/json");
      if (answer.status / 100 == 2) {
        row.acknowledged = next;
        acks_.add();
      } else {
        server = (server + 1) % servers_.size();
      }
    }
  }

  const std::vector<std::string> servers_;
  AckCounter acks_;
  std::map<std::string, Row> rows_;
  std::atomic<bool> is_stopped_ = false;
  std::thread thread_;
};

std::multiset<int64_t> numbers_of(const std::string& servers, const std::string& topic) {
  kafka::ClientConfig config;
  config.set("bootstrap.servers", servers);
  const auto consumer = must(kafka::Consumer::open(config));
  std::vector<kafka::TopicPartition> partitions;
  for (const auto& partition : must(consumer->partitions_of(topic, kDeadline)))
    partitions.push_back({topic, partition});
  std::map<kafka::TopicPartition, kafka::Offset> from;
  size_t open = 0;
  for (const auto& [partition, marks] : must(consumer->all_watermarks(partitions, kDeadline))) {
    from[partition] = marks.low;
    ++open;
  }
  EXPECT_TRUE(consumer->assign(from));
  std::multiset<int64_t> numbers;
  const auto deadline = Clock::now() + kDeadline;
  while (open > 0 && Clock::now() < deadline) {
    for (const auto& event : must(consumer->poll_batch(10'000, milliseconds(500)))) {
      if (const auto* message = std::get_if<kafka::Message>(&event)) numbers.insert(std::stoll(*message->value));
      if (std::holds_alternative<kafka::PartitionEnd>(event)) --open;
    }
  }
  EXPECT_EQ(open, 0U) << "the topic was not read to its end";
  return numbers;
}

void report(const std::string& what, milliseconds gap) {
  fmt::print("{}: no acknowledgement for {} ms at the longest\n", what, gap.count());
  std::string name = what;
  std::ranges::replace(name, ' ', '_');
  testing::Test::RecordProperty(name + "_ms", std::to_string(gap.count()));
}

// bytesSoFar of the row, once the server has read that far; the other server may have written it.
int64_t shown_by(const std::string& server, const std::string& key, int64_t acknowledged) {
  const auto deadline = Clock::now() + kDeadline;
  while (true) {
    const HttpAnswer answer = http_get(server + "/v1/tables/status-download/rows/" + key);
    EXPECT_EQ(answer.status, 200) << answer.body;
    const auto json = json::parse(answer.body);
    if (answer.status != 200 || !json) return -1;
    const int64_t shown = json->find("bytesSoFar")->as_int64().value_or(-1);
    if (shown >= acknowledged || Clock::now() > deadline) return shown;
  }
}

// The sink's rows are the topic's: as many keys, each with the value that the table servers show, once it has read that
// far.
void expect_rows_in_database(const PlatformCluster& cluster, const std::map<std::string, RowLoad::Row>& written) {
  std::string expected;
  for (const auto& [key, row] : written) {
    expected += fmt::format("{}|{}\n", key, shown_by(cluster.address("serve-2"), key, row.acknowledged));
  }
  const auto deadline = Clock::now() + kDeadline;
  std::string found;
  while (found != expected && Clock::now() < deadline) {
    found = cluster.query(R"(select "omashuId", "bytesSoFar" from downloads order by "omashuId" collate "C")");
  }
  EXPECT_EQ(found, expected);
}

TEST(RealCluster, NothingAcknowledgedIsLostWhenAnyOnePartDies) {
  PlatformCluster cluster;
  const std::string topic = "download-request";
  RecordLoad records(cluster.bootstrap_servers(), topic);
  RowLoad rows({cluster.address("serve-1"), cluster.address("serve-2")});
  const auto goes_on = [&](const std::string& what) {
    EXPECT_TRUE(records.acks().wait_for_more(5'000)) << what << ": no records are acknowledged";
    EXPECT_TRUE(rows.acks().wait_for_more(20)) << what << ": no rows are acknowledged";
    report("records, " + what, records.acks().take_longest_gap());
    report("rows, " + what, rows.acks().take_longest_gap());
  };
  goes_on("with all parts");
  for (const std::string part : {"kafka-1", "kafka-3", "registry-1", "serve-1", "postgres", "sink"}) {
    cluster.kill9(part);
    goes_on(part + " killed");
    if (part.starts_with("registry")) {
      const CommandResult schemas = cluster.omashu({"schemas", "list"});
      EXPECT_EQ(schemas.exit_code, 0) << PrintToString(schemas);
      EXPECT_THAT(schemas.out, HasSubstr("status-download-value"));
    }
    cluster.restart(part);
    goes_on(part + " back");
  }
  const auto written = rows.finish();
  const std::set<int64_t> acknowledged = records.finish();

  const std::multiset<int64_t> kept = numbers_of(cluster.bootstrap_servers(), topic);
  size_t lost = 0, doubled = 0;
  for (const int64_t number : acknowledged) {
    lost += !kept.contains(number);
    doubled += kept.count(number) > 1;
  }
  fmt::print("{} records acknowledged, {} lost, {} doubled\n", acknowledged.size(), lost, doubled);
  EXPECT_EQ(lost, 0U);
  EXPECT_EQ(doubled, 0U);

  expect_rows_in_database(cluster, written);
  for (const char* server : {"serve-1", "serve-2"}) {
    for (const auto& [key, row] : written) {
      const int64_t shown = shown_by(cluster.address(server), key, row.acknowledged);
      EXPECT_GE(shown, row.acknowledged) << server << " " << key;
      EXPECT_LE(shown, row.attempted) << server << " " << key;
    }
  }
}

// The rows of a table as `omashu list` prints them, without what differs between topics.
std::map<std::string, std::string> rows_of(const PlatformCluster& cluster, const std::string& topic) {
  const CommandResult listed = cluster.omashu({"list", topic, "--output", "json"});
  EXPECT_EQ(listed.exit_code, 0) << PrintToString(listed);
  std::map<std::string, std::string> rows;
  for (size_t start = 0; start < listed.out.size();) {
    const size_t end = listed.out.find('\n', start);
    const auto row = json::parse(std::string_view(listed.out).substr(start, end - start));
    if (!row) ADD_FAILURE() << row.error().message;
    if (!row) break;
    rows[json::to_text(*row->find("key"))] = json::to_text(*row->find("value"));
    start = end + 1;
  }
  return rows;
}

TEST(RealCluster, AReplicationFactorIsRaisedAndATopicMovedToMorePartitions) {
  PlatformCluster cluster;
  for (const char* name : {"status-download.avsc", "status-download-key.avsc", "download-source.avsc"}) {
    std::filesystem::copy(std::string(OMASHU_SOURCE_DIR "/examples/downloads/") + name, cluster.file(name));
  }
  const std::string list = cluster.file("topics.txt");
  const auto write_list = [&](const std::string& replicas) {
    std::ofstream(list) << "download-source 1 1 download-source.avsc false delete false\n"
                        << "alone 4 " << replicas << " status-download.avsc true compact true\n";
  };
  write_list("1");
  ASSERT_EQ(cluster.init_kafka({list}).exit_code, 0);
  EXPECT_THAT(cluster.init_kafka({"check", "--prefix", "alone"}).out,
              HasSubstr("error: topic alone: replication factor 1"));
  std::string lines;
  for (int i = 0; i < 6'000; ++i) {
    lines += fmt::format(R"({{"omashuId":"om-{}","status":"RUNNING","bytesSoFar":{},"reason":"{:0>200}",)"
                         R"("requestedAt":"2026-11-30T08:00:00Z","updatedAt":"2026-11-30T08:00:05Z",)"
                         R"("source":{{"url":"https://example.org/atlas.zip"}}}})"
                         "\n",
                         i % 2'000, i, i);
  }
  ASSERT_EQ(cluster.omashu({"put", "alone", "--from", "-", "--key-field", "omashuId"}, lines).exit_code, 0);
  ASSERT_EQ(cluster.omashu({"delete", "alone", "om-7"}).exit_code, 0);
  const auto before = rows_of(cluster, "alone");
  EXPECT_EQ(before.size(), 1'999U);

  write_list("3");
  const CommandResult refused = cluster.init_kafka({list});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("--allow-reassign does it"));
  // The first run leaves the brokers at work, slowed down; the second one waits, and lifts the throttle.
  const CommandResult begun = cluster.init_kafka({list, "--allow-reassign", "--throttle", "256KiB", "--detach"});
  EXPECT_EQ(begun.exit_code, 0) << PrintToString(begun);
  const CommandResult finished = cluster.init_kafka({list, "--allow-reassign"});
  EXPECT_EQ(finished.exit_code, 0) << PrintToString(finished);
  const CommandResult described = cluster.omashu({"topics", "describe", "alone", "--output", "json"});
  EXPECT_THAT(described.out, AllOf(HasSubstr(R"("replication_factor":3)"), testing::Not(HasSubstr("throttled"))));
  EXPECT_THAT(cluster.init_kafka({"check", "--prefix", "alone"}).out, HasSubstr("nothing to find"));
  EXPECT_EQ(rows_of(cluster, "alone"), before);

  const CommandResult moved = cluster.init_kafka({"move", "alone", "--partitions", "9", "--once"});
  EXPECT_EQ(moved.exit_code, 0) << PrintToString(moved);
  EXPECT_THAT(moved.out, HasSubstr("alone-9 has 2000 keys of alone"));
  EXPECT_EQ(rows_of(cluster, "alone-9"), before);
  const CommandResult again = cluster.init_kafka({"move", "alone", "--partitions", "9", "--once"});
  EXPECT_EQ(again.exit_code, 1);
  EXPECT_THAT(again.err, HasSubstr("alone-9 exists, with 9 partitions"));
}

}  // namespace
}  // namespace omashu::real
