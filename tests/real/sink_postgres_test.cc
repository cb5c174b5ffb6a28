// `omashu sink postgres` from topic to rows, on a real Kafka, a real registry and a real PostgreSQL, while processes
// are killed.
//
//   OMASHU_SINK_KILLS=100 ctest --test-dir build/dev -R real.sink_postgres --output-on-failure

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <random>
#include <thread>

#include "real/support/omashu_command.h"
#include "real/support/postgres_server.h"
#include "real/support/process.h"
#include "real/support/run_command.h"
#include "real/support/scratch_folder.h"
#include "real/support/shared_servers.h"
#include "real/support/topics.h"

namespace omashu::real {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::PrintToString;

constexpr seconds kDeadline{120};

PostgresServer& shared_postgres() {
  static PostgresServer server;
  return server;
}

constexpr const char* kKey = R"({"type":"record","name":"K","fields":[{"name":"id","type":"string"}]})";
constexpr const char* kValue = R"({"type":"record","name":"V","fields":[{"name":"id","type":"string"},
  {"name":"n","type":"long"},{"name":"state","type":{"type":"enum","name":"S","symbols":["OPEN","DONE"]}}]})";

class SinkPostgres : public ::testing::Test {
 protected:
  std::string make_typed_topic(const std::string& stem, const std::string& value = kValue, int partitions = 3) {
    const std::string topic = make_topic({.name = unique_name(stem), .partitions = partitions});
    register_schema(topic + "-key", kKey);
    register_schema(topic + "-value", value);
    return topic;
  }

  static void produce(const std::string& topic, const std::string& lines) {
    const CommandResult result = run_omashu({"produce", topic, "-q"}, lines);
    ASSERT_EQ(result.exit_code, 0) << PrintToString(result);
  }

  std::unique_ptr<Process> start_sink(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {omashu_program(), "sink"});
    auto process = Process::start({.command = std::move(arguments),
                                   .environment = shared_server_environment(),
                                   .stdout_file = folder_.path() / "out",
                                   .stderr_file = folder_.path() / "err"});
    if (!process) throw std::runtime_error(process.error().message);
    return *std::move(process);
  }
  std::vector<std::string> sink_arguments(const std::string& topic, std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {"postgres", "--dsn", postgres_.dsn(), "--create", "--group", topic};
    arguments.insert(arguments.end(), more.begin(), more.end());
    arguments.push_back(topic);
    return arguments;
  }

  // The sum of the positions that a group has stored: as many records as were written, in topics that lost none.
  static int64_t written(const PostgresServer& server, const std::string& group) {
    if (server.query("SELECT to_regclass('omashu_positions') IS NULL") == "t\n") return 0;
    return std::atoll(server
                          .query(fmt::format("SELECT coalesce(sum(next_offset), 0) FROM omashu_positions "
                                             "WHERE consumer_group = '{}'",
                                             group))
                          .c_str());
  }
  // Asks again and again: the sink has nothing that tells another process of a commit.
  static ::testing::AssertionResult wait_until_written(const PostgresServer& server, const std::string& group,
                                                       int64_t count, Process& sink) {
    const auto deadline = steady_clock::now() + kDeadline;
    while (written(server, group) < count) {
      if (!sink.is_running()) return ::testing::AssertionFailure() << "the sink has ended: " << sink.stderr_text();
      if (steady_clock::now() > deadline) {
        return ::testing::AssertionFailure() << written(server, group) << " of " << count << ": " << sink.stderr_text();
      }
    }
    return ::testing::AssertionSuccess();
  }
  ::testing::AssertionResult wait_until_written(const std::string& group, int64_t count, Process& sink) const {
    return wait_until_written(postgres_, group, count, sink);
  }
  static void expect_end(Process& sink) {
    sink.signal(SIGTERM);
    EXPECT_EQ(sink.wait(seconds(60)), 0) << sink.stderr_text();
  }

  // The rows of the topic's table as omashu reads them, in the order of their keys.
  static std::string listed(const std::string& topic) {
    const CommandResult result = run_omashu({"list", topic, "--output", "json"});
    EXPECT_EQ(result.exit_code, 0) << PrintToString(result);
    std::string rows;
    for (const std::string& line : lines_of(result.out)) {
      rows += line.substr(0, line.find(",\"timestamp\"")) + "\n";
    }
    return rows;
  }
  // The rows of a database, written the same way.
  static std::string stored(const PostgresServer& server, const std::string& table) {
    return server.query(fmt::format(
        R"(SELECT '{{"key":{{"id":"' || id || '"}},"value":{{"id":"' || id || '","n":' || n || ',"state":"' || state || )"
        R"('"}},"partition":' || kafka_partition || ',"offset":' || kafka_offset FROM "{}" ORDER BY id COLLATE "C")",
        table));
  }

  PostgresServer& postgres_ = shared_postgres();
  ScratchFolder folder_;
};

std::string put_line(const std::string& id, int64_t n) {
  return fmt::format(R"({{"key":{{"id":"{0}"}},"value":{{"id":"{0}","n":{1},"state":"{2}"}}}})"
                     "\n",
                     id, n, n % 2 == 0 ? "OPEN" : "DONE");
}

std::string delete_line(const std::string& id) {
  return fmt::format(R"({{"key":{{"id":"{}"}},"value":null}})"
                     "\n",
                     id);
}

// Puts of a hundred keys, and one tombstone in ten.
std::string random_lines(std::mt19937& random, int count) {
  std::string lines;
  for (int i = 0; i < count; ++i) {
    const std::string id = fmt::format("k{:02}", random() % 100);
    lines += random() % 10 == 0 ? delete_line(id) : put_line(id, static_cast<int64_t>(random()));
  }
  return lines;
}

TEST_F(SinkPostgres, EachTypeIsTheColumnThatItIsMeantToBe) {
  const std::string topic = make_typed_topic("types", R"({"type":"record","name":"V","fields":[
    {"name":"id","type":"string"},{"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}},
    {"name":"price","type":{"type":"bytes","logicalType":"decimal","precision":12,"scale":2}},
    {"name":"uid","type":{"type":"string","logicalType":"uuid"}},{"name":"day","type":{"type":"int","logicalType":"date"}},
    {"name":"Order","type":{"type":"enum","name":"E","symbols":["A","B"]}},
    {"name":"tags","type":{"type":"array","items":"string"}},
    {"name":"src","type":{"type":"record","name":"Src","fields":[{"name":"url","type":"string"},
      {"name":"size","type":["null","long"],"default":null}]}},
    {"name":"attrs","type":{"type":"map","values":"double"}},{"name":"gone","type":["null","int"],"default":null}]})");
  produce(topic,
          R"({"key":{"id":"a"},"value":{"id":"a","at":"2024-02-29T23:59:59.999Z","price":"1234567.89",)"
          R"("uid":"123e4567-e89b-12d3-a456-426614174000","day":"1969-07-20","Order":"B","tags":["x","q\"u\\o","{,}"],)"
          R"("src":{"url":"http://a/","size":5000000000},"attrs":{"h":1.5},"gone":null}})"
          "\n");
  auto sink = start_sink(sink_arguments(topic, {"--nested", "flatten"}));
  ASSERT_TRUE(wait_until_written(topic, 1, *sink));
  expect_end(*sink);
  EXPECT_EQ(postgres_.query(fmt::format(R"(SELECT "at", price, uid, day, "Order", tags[2], tags[3], src_url, src_size,
              attrs ->> 'h', gone IS NULL FROM "{}")",
                                        topic)),
            "2024-02-29 23:59:59.999+00|1234567.89|123e4567-e89b-12d3-a456-426614174000|1969-07-20|B|q\"u\\o|{,}|"
            "http://a/|5000000000|1.5|t\n");
}

TEST_F(SinkPostgres, ARowThatIsRefusedGoesToTheDeadLettersAlone) {
  const std::string topic = make_typed_topic("refused");
  const std::string dead = make_topic({.name = unique_name("dead"), .is_compacted = false});
  auto sink = start_sink(sink_arguments(topic, {"--dead-letters", dead}));
  produce(topic, put_line("first", 1));
  ASSERT_TRUE(wait_until_written(topic, 1, *sink));
  postgres_.query(fmt::format(R"(ALTER TABLE "{}" ADD CONSTRAINT small CHECK (n < 100))", topic));
  produce(topic, put_line("a", 5) + put_line("b", 500) + put_line("c", 7));
  ASSERT_TRUE(wait_until_written(topic, 4, *sink));
  EXPECT_EQ(postgres_.query(fmt::format(R"(SELECT id FROM "{}" ORDER BY id)", topic)), "a\nc\nfirst\n");
  const CommandResult letters = run_omashu({"consume", dead, "--from-beginning", "-e"});
  EXPECT_THAT(lines_of(letters.out), ::testing::SizeIs(1));
  EXPECT_THAT(letters.out, AllOf(HasSubstr("__connect.errors.exception.message"),
                                 HasSubstr("violates check constraint"), HasSubstr(R"("n":500)")));
  expect_end(*sink);
}

TEST_F(SinkPostgres, ACrashOfTheServerWhileItWritesLosesNothing) {
  PostgresServer server;
  const std::string topic = make_typed_topic("crash");
  std::mt19937 random(7);
  auto arguments = sink_arguments(topic, {"--batch-records", "100"});
  arguments[2] = server.dsn();
  auto sink = start_sink(arguments);
  produce(topic, random_lines(random, 3'000));
  ASSERT_TRUE(wait_until_written(server, topic, 1, *sink));
  for (int crash = 0; crash < 3; ++crash) {
    server.crash();
    produce(topic, random_lines(random, 500));
    server.start_again();
    ASSERT_TRUE(wait_until_written(server, topic, 3'000 + 500 * crash, *sink));
  }
  ASSERT_TRUE(wait_until_written(server, topic, 4'500, *sink));
  expect_end(*sink);
  EXPECT_EQ(stored(server, topic), listed(topic));
}

// Two sinks of one process, latest and history, are killed with SIGKILL while records come.
TEST_F(SinkPostgres, KilledAtRandomTheRowsAreTheTopicsTableAndTheHistoryHasNeitherGapNorDouble) {
  const char* wanted = std::getenv("OMASHU_SINK_KILLS");
  const int rounds = wanted != nullptr ? std::atoi(wanted) : 10;
  constexpr int kRecords = 400;
  std::mt19937 random(11);
  const std::string topic = make_typed_topic("killed");
  const std::string history = topic + "_history";
  const std::filesystem::path config = folder_.path() / "sinks.properties";
  std::ofstream(config) << fmt::format(
      "[latest]\nsink = postgres\ntopics = {0}\ngroup = {0}\ndsn = {1}\ncreate = true\nbatch-records = 20\n"
      "[history]\nsink = postgres\ntopics = {0}\ngroup = {2}\ndsn = {1}\ncreate = true\nmode = history\ntable = {2}\n"
      "batch-records = 20\n",
      topic, postgres_.dsn(), history);
  // A static member: the next process takes its place at once, and not after the session's timeout.
  const auto start = [&] { return start_sink({"--config", config, "-X", "group.instance.id=killed"}); };
  for (int round = 0; round < rounds; ++round) {
    produce(topic, random_lines(random, kRecords));
    auto sink = start();
    ASSERT_TRUE(wait_until_written(topic, round * kRecords + static_cast<int>(random() % kRecords), *sink));
    sink->signal(SIGKILL);
    sink->wait(milliseconds(-1));
  }
  auto sink = start();
  ASSERT_TRUE(wait_until_written(topic, rounds * kRecords, *sink));
  ASSERT_TRUE(wait_until_written(history, rounds * kRecords, *sink));
  expect_end(*sink);

  EXPECT_EQ(stored(postgres_, topic), listed(topic));
  EXPECT_EQ(postgres_.query(fmt::format(
                R"(SELECT kafka_partition FROM "{}" GROUP BY 1 HAVING count(*) <> max(kafka_offset) + 1)", history)),
            "")
      << "partitions with a gap or a double";
  EXPECT_EQ(postgres_.query(fmt::format(R"(SELECT count(*) FROM "{}")", history)),
            fmt::format("{}\n", rounds * kRecords));
}

TEST_F(SinkPostgres, APasswordOnTheCommandLineIsRefused) {
  const CommandResult refused = run_omashu({"sink", "postgres", "--dsn", "host=db password=s3cret", "t"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("PGPASSFILE"), ::testing::Not(HasSubstr("s3cret"))));
}

}  // namespace
}  // namespace omashu::real
