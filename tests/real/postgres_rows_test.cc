// What the sink to PostgreSQL makes of batches, on a real PostgreSQL: rows, positions, tables made and changed, and
// what it refuses. The engine and Kafka are left out; sink_postgres_test.cc has them.

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "real/support/postgres_server.h"
#include "real/support/shared_servers.h"
#include "real/support/sink_records.h"
#include "sink/postgres/postgres_sink.h"

namespace omashu::real {
namespace {

using sink::Batch;
using sink::Positions;
using sink::Sink;
using sink::WriteFailure;
using sink::WriteResult;
using sink::postgres::Mode;
using sink::postgres::PostgresOptions;
using sink::postgres::TableName;
using ::testing::AllOf;
using ::testing::HasSubstr;

PostgresServer& shared_postgres() {
  static PostgresServer server;
  return server;
}

constexpr const char* kKey = R"({"type":"record","name":"K","fields":[{"name":"id","type":"string"}]})";
constexpr const char* kValue = R"({"type":"record","name":"V","fields":[{"name":"id","type":"string"},
  {"name":"status","type":{"type":"enum","name":"S","symbols":["NEW","DONE"]}},
  {"name":"count","type":"int"},{"name":"reason","type":["null","string"],"default":null}]})";

class PostgresRows : public ::testing::Test {
 protected:
  PostgresRows() : topic_(unique_name("rows")) {
    topic_.set_key_schema(kKey);
    topic_.set_value_schema(kValue);
    options_.dsn = postgres_.dsn();
    options_.topic = topic_.name();
    options_.table = *TableName::parse(topic_.name());
    options_.positions_table = *TableName::parse("omashu_positions");
    options_.group = "g";
    options_.setup.creates = true;
  }

  std::unique_ptr<Sink> open() { return sink::postgres::make_postgres_sink(topic_.registry(), options_); }

  std::expected<Positions, WriteFailure> begin(Sink& sink, int partitions = 2) {
    std::vector<kafka::TopicPartition> all;
    for (int i = 0; i < partitions; ++i) all.push_back({topic_.name(), static_cast<kafka::PartitionId>(i)});
    return sink.begin(all, {});
  }
  std::unique_ptr<Sink> begun() {
    auto sink = open();
    const auto positions = begin(*sink);
    EXPECT_TRUE(positions) << positions.error().error.message;
    return sink;
  }

  void put(int64_t offset, const std::string& id, int count, int partition = 0, int64_t timestamp_ms = 1'000) {
    topic_.add_record({.partition = partition, .offset = offset, .timestamp_ms = timestamp_ms},
                      fmt::format(R"({{"id":"{}"}})", id),
                      fmt::format(R"({{"id":"{}","status":"NEW","count":{}}})", id, count));
  }
  void remove(int64_t offset, const std::string& id, int partition = 0, int64_t timestamp_ms = 1'000) {
    topic_.add_record({.partition = partition, .offset = offset, .timestamp_ms = timestamp_ms},
                      fmt::format(R"({{"id":"{}"}})", id), std::nullopt);
  }
  WriteResult write(Sink& sink) {
    rejections_.reasons.clear();
    return sink.write(topic_.take(), rejections_, {});
  }
  void expect_written(Sink& sink) {
    const WriteResult result = write(sink);
    ASSERT_TRUE(result) << result.error().error.message;
  }
  std::string failure(Sink& sink) {
    const WriteResult result = write(sink);
    return result ? "written" : result.error().error.message;
  }

  std::string rows(const std::string& columns = "id, count, kafka_partition, kafka_offset") const {
    return postgres_.query(fmt::format("SELECT {} FROM {} ORDER BY 1, kafka_offset", columns, table()));
  }
  std::string positions() const {
    return postgres_.query(
        fmt::format("SELECT kafka_partition, next_offset FROM omashu_positions WHERE topic = '{}' "
                    "AND next_offset IS NOT NULL ORDER BY 1",
                    topic_.name()));
  }
  std::string table() const { return options_.table.quoted(); }
  void run(const std::string& sql) const { postgres_.query(sql); }

  PostgresServer& postgres_ = shared_postgres();
  mutable SinkTopic topic_;
  PostgresOptions options_;
  NotedRejections rejections_;
};

TEST_F(PostgresRows, TheLatestOfEachKeyIsARow) {
  auto sink = begun();
  put(0, "a", 1);
  put(1, "b", 2);
  put(2, "a", 3);
  expect_written(*sink);
  EXPECT_EQ(rows(), "a|3|0|2\nb|2|0|1\n");
  EXPECT_EQ(rows("status, reason, kafka_timestamp"), "NEW||1970-01-01 00:00:01+00\nNEW||1970-01-01 00:00:01+00\n");
  EXPECT_EQ(positions(), "0|3\n");
  put(3, "b", 4);
  expect_written(*sink);
  EXPECT_EQ(rows(), "a|3|0|2\nb|4|0|3\n");
}

TEST_F(PostgresRows, ATombstoneDeletesTheRow) {
  auto sink = begun();
  put(0, "a", 1);
  put(1, "b", 2);
  expect_written(*sink);
  remove(2, "a");
  put(3, "c", 3);
  remove(4, "c");
  expect_written(*sink);
  EXPECT_EQ(rows(), "b|2|0|1\n");
}

TEST_F(PostgresRows, ATombstoneDeletesTheRowOfATopicWithoutSubjectsAfterARestart) {
  options_.topic = topic_.name() + "-without";
  {
    auto sink = begun();
    put(0, "a", 1);
    put(1, "b", 2);
    expect_written(*sink);
  }
  auto sink = begun();
  remove(2, "a");
  expect_written(*sink);
  EXPECT_EQ(rows(), "b|2|0|1\n");
  put(3, "c", 3);
  expect_written(*sink);
  EXPECT_EQ(rows(), "b|2|0|1\nc|3|0|3\n");
}

TEST_F(PostgresRows, ATombstoneMayFlagTheRowAndLeaveItsValues) {
  options_.shape.flags_tombstones = true;
  auto sink = begun();
  put(0, "a", 1);
  remove(1, "a");
  remove(2, "never");
  expect_written(*sink);
  EXPECT_EQ(rows("id, count, kafka_deleted, kafka_offset"), "a||t|1\nnever||t|2\n");
  put(3, "a", 5);
  expect_written(*sink);
  remove(4, "a");
  expect_written(*sink);
  EXPECT_EQ(rows("id, count, kafka_deleted, kafka_offset"), "a|5|t|4\nnever||t|2\n");
}

TEST_F(PostgresRows, AnOlderRecordDoesNotCoverANewerOne) {
  auto sink = begun();
  put(5, "a", 5);
  put(6, "b", 6);
  expect_written(*sink);
  // Another group reads the topic from its beginning.
  options_.group = "rewound";
  auto other = begun();
  put(1, "a", 1);
  remove(2, "b");
  expect_written(*other);
  EXPECT_EQ(rows(), "a|5|0|5\nb|6|0|6\n");
}

TEST_F(PostgresRows, OfAKeyThatChangedItsPartitionTheLaterTimestampHolds) {
  auto sink = begun();
  put(100, "a", 1, 0, 2'000);
  put(3, "a", 2, 1, 3'000);
  expect_written(*sink);
  EXPECT_EQ(rows(), "a|2|1|3\n");
  put(101, "a", 3, 0, 2'500);
  expect_written(*sink);
  EXPECT_EQ(rows(), "a|2|1|3\n");
  put(102, "a", 4, 0, 4'000);
  expect_written(*sink);
  EXPECT_EQ(rows(), "a|4|0|102\n");
}

TEST_F(PostgresRows, HistoryKeepsEachRecordOnce) {
  options_.shape.mode = Mode::kHistory;
  auto sink = begun();
  put(0, "a", 1);
  put(1, "a", 2);
  remove(2, "a");
  topic_.add_record({.partition = 1, .offset = 0}, std::nullopt, R"({"id":"x","status":"DONE","count":9})");
  expect_written(*sink);
  options_.group = "again";
  auto other = begun();
  put(1, "a", 2);
  put(3, "a", 4);
  expect_written(*other);
  EXPECT_EQ(rows("kafka_partition, kafka_offset, id, count, kafka_deleted"),
            "0|0|a|1|f\n0|1|a|2|f\n0|2|a||t\n0|3|a|4|f\n1|0||9|f\n");
}

TEST_F(PostgresRows, ItStartsWhereItsTransactionsEnded) {
  {
    auto sink = begun();
    put(0, "a", 1);
    put(7, "b", 1, 1);
    expect_written(*sink);
  }
  auto sink = open();
  const auto positions = begin(*sink, 3);
  ASSERT_TRUE(positions);
  const Positions expected = {{{topic_.name(), static_cast<kafka::PartitionId>(0)}, static_cast<kafka::Offset>(1)},
                              {{topic_.name(), static_cast<kafka::PartitionId>(1)}, static_cast<kafka::Offset>(8)}};
  EXPECT_EQ(*positions, expected);
}

TEST_F(PostgresRows, AMemberThatLostItsPartitionCannotWrite) {
  auto zombie = begun();
  put(0, "a", 1);
  expect_written(*zombie);
  auto successor = begun();
  put(1, "a", 2);
  expect_written(*successor);
  put(1, "a", -1);
  put(2, "z", -1);
  const WriteResult fenced = write(*zombie);
  ASSERT_FALSE(fenced);
  EXPECT_EQ(fenced.error().kind, WriteFailure::Kind::kTryAgain);
  EXPECT_THAT(fenced.error().error.message, HasSubstr("another member of group g has moved the positions"));
  EXPECT_EQ(rows(), "a|2|0|1\n");
  put(2, "b", 3);
  expect_written(*successor);
}

TEST_F(PostgresRows, ARowThatTheServerRefusesIsSetAsideAloneAndTheOneBeforeItHolds) {
  auto sink = begun();
  put(0, "seed", 0);
  expect_written(*sink);
  run("ALTER TABLE " + table() + " ADD CHECK (count <> 13)");
  for (int i = 0; i < 20; ++i) put(1 + i, fmt::format("k{:02}", i), i == 7 ? 13 : i);
  put(21, "k01", 13);
  expect_written(*sink);
  EXPECT_THAT(rejections_.reasons, ::testing::SizeIs(3)) << "7, 13, and the second of k01";
  EXPECT_THAT(rejections_.reasons.at(7), AllOf(HasSubstr("violates check constraint"), HasSubstr("SQLSTATE 23514")));
  EXPECT_EQ(postgres_.query("SELECT count(*) FROM " + table()), "19\n");
  EXPECT_EQ(postgres_.query("SELECT count FROM " + table() + " WHERE id = 'k01'"), "1\n");
  EXPECT_EQ(positions(), "0|22\n");
}

TEST_F(PostgresRows, AConstraintThatIsCheckedAtTheCommitSetsItsRowAsideToo) {
  auto sink = begun();
  put(0, "seed", 0);
  expect_written(*sink);
  run("ALTER TABLE " + table() + " ADD UNIQUE (count) DEFERRABLE INITIALLY DEFERRED");
  put(1, "a", 1);
  put(2, "b", 0);
  put(3, "c", 3);
  expect_written(*sink);
  EXPECT_THAT(rejections_.reasons.at(1), HasSubstr("duplicate key value"));
  EXPECT_EQ(rows("id"), "a\nc\nseed\n");
}

TEST_F(PostgresRows, ANulInATextSetsAsideItsRecordAlone) {
  auto sink = begun();
  put(0, "a", 1);
  topic_.add_record({.offset = 1}, R"({"id":"n\u0000l"})", R"({"id":"n","status":"NEW","count":1})");
  topic_.add_record({.offset = 2}, R"({"id":"r"})", R"({"id":"r","status":"NEW","count":1,"reason":"\u0000"})");
  topic_.add_record({.offset = 3}, std::nullopt, R"({"id":"r","status":"NEW","count":1})");
  expect_written(*sink);
  EXPECT_EQ(rows(), "a|1|0|0\n");
  EXPECT_THAT(rejections_.reasons.at(1), HasSubstr("column 'id': the text holds a NUL"));
  EXPECT_THAT(rejections_.reasons.at(2), HasSubstr("column 'reason': the text holds a NUL"));
  EXPECT_THAT(rejections_.reasons.at(3), HasSubstr("no key"));
}

TEST_F(PostgresRows, ACrashOfTheServerIsTriedAgain) {
  PostgresServer server;
  options_.dsn = server.dsn();
  auto sink = begun();
  put(0, "a", 1);
  expect_written(*sink);
  server.crash();
  put(1, "a", 2);
  const WriteResult away = write(*sink);
  ASSERT_FALSE(away);
  EXPECT_EQ(away.error().kind, WriteFailure::Kind::kTryAgain);
  const auto still_away = begin(*sink);
  ASSERT_FALSE(still_away);
  EXPECT_EQ(still_away.error().kind, WriteFailure::Kind::kTryAgain);
  server.start_again();
  const auto back = begin(*sink);
  ASSERT_TRUE(back) << back.error().error.message;
  put(1, "a", 2);
  expect_written(*sink);
  EXPECT_EQ(server.query("SELECT id, count FROM " + table()), "a|2\n");
}

TEST_F(PostgresRows, WrongCredentialsStop) {
  PostgresServer& server = postgres_;
  options_.dsn = server.dsn() + " user=nobody_there";
  auto sink = open();
  const auto refused = begin(*sink);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, WriteFailure::Kind::kStop);
  EXPECT_THAT(refused.error().error.message, HasSubstr("SQLSTATE 28000"));
}

TEST_F(PostgresRows, WithoutCreateTheErrorHasTheStatement) {
  options_.setup.creates = false;
  run("CREATE TABLE IF NOT EXISTS omashu_positions (consumer_group text, target text, topic text, kafka_partition "
      "integer, next_offset bigint, updated_at timestamptz DEFAULT now(), "
      "PRIMARY KEY (consumer_group, target, topic, kafka_partition))");
  auto sink = open();
  const auto refused = begin(*sink);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, WriteFailure::Kind::kStop);
  const std::string& message = refused.error().error.message;
  EXPECT_THAT(message, HasSubstr("make it with --create, or by CREATE TABLE"));
  run(message.substr(message.find("CREATE TABLE")));
  EXPECT_TRUE(begin(*sink));
}

TEST_F(PostgresRows, ANewVersionOfTheSchemaEvolvesTheTableWhileItRuns) {
  options_.setup.evolves = true;
  auto sink = begun();
  put(0, "a", 1);
  expect_written(*sink);
  topic_.set_value_schema(R"({"type":"record","name":"V","fields":[{"name":"id","type":"string"},
    {"name":"status","type":{"type":"enum","name":"S","symbols":["NEW","DONE","GONE"]}},
    {"name":"count","type":"long"},{"name":"reason","type":["null","string"],"default":null},
    {"name":"size","type":"double","default":1.5}]})");
  topic_.add_record({.offset = 1}, R"({"id":"b"})", R"({"id":"b","status":"GONE","count":5000000000,"size":2.5})");
  expect_written(*sink);
  EXPECT_EQ(rows("id, status, count, size"), "a|NEW|1|\nb|GONE|5000000000|2.5\n");
}

TEST_F(PostgresRows, WithoutEvolveANewColumnStopsAndTheErrorHasTheStatement) {
  auto sink = begun();
  put(0, "a", 1);
  expect_written(*sink);
  topic_.set_value_schema(R"({"type":"record","name":"V","fields":[{"name":"id","type":"string"},
    {"name":"more","type":"string"}]})");
  topic_.add_record({.offset = 1}, R"({"id":"b"})", R"({"id":"b","more":"x"})");
  EXPECT_THAT(failure(*sink),
              AllOf(HasSubstr("change it with --evolve, or by"), HasSubstr(R"(ADD COLUMN "more" text)")));
  EXPECT_EQ(positions(), "0|1\n");
}

TEST_F(PostgresRows, WhatWouldLoseIsRefused) {
  options_.setup.evolves = true;
  run("CREATE TABLE " + table() + " (id text PRIMARY KEY, status text, count boolean, reason text)");
  auto sink = open();
  const auto refused = begin(*sink);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().error.message,
              HasSubstr(R"(column 'count' is boolean and the schema asks for integer, which it cannot become)"));
}

TEST_F(PostgresRows, NativeEnumsAreTypesThatGrow) {
  options_.setup.evolves = true;
  options_.shape.has_native_enums = true;
  auto sink = begun();
  put(0, "a", 1);
  expect_written(*sink);
  EXPECT_EQ(postgres_.query(fmt::format("SELECT pg_typeof(status)::text = quote_ident('{}_status') FROM {}",
                                        topic_.name(), table())),
            "t\n");
  topic_.set_value_schema(R"({"type":"record","name":"V","fields":[{"name":"id","type":"string"},
    {"name":"status","type":{"type":"enum","name":"S","symbols":["NEW","DONE","LATE"]}}]})");
  topic_.add_record({.offset = 1}, R"({"id":"b"})", R"({"id":"b","status":"LATE"})");
  expect_written(*sink);
  EXPECT_EQ(rows("id, status"), "a|NEW\nb|LATE\n");
}

TEST_F(PostgresRows, ManyRowsAreCopied) {
  options_.copy_rows = 10;
  auto sink = begun();
  for (int i = 0; i < 50; ++i) put(i, fmt::format("k{:02}", i % 25), i);
  expect_written(*sink);
  EXPECT_EQ(postgres_.query("SELECT count(*), min(count), max(count) FROM " + table()), "25|25|49\n");
  for (int i = 0; i < 50; ++i) put(50 + i, fmt::format("k{:02}", i % 25), i);
  expect_written(*sink);
  EXPECT_EQ(postgres_.query("SELECT count(*), min(kafka_offset) FROM " + table()), "25|75\n");
}

TEST_F(PostgresRows, TextKeysWithoutASchemaOfTheirOwnAreTheColumnKey) {
  topic_.set_key_schema(R"("string")");
  auto sink = begun();
  topic_.add_record({.offset = 0}, R"("k\"1\\")", R"({"id":"a","status":"NEW","count":1})");
  expect_written(*sink);
  EXPECT_EQ(rows("key, id"), "k\"1\\|a\n");
}

TEST_F(PostgresRows, KeysThatPostgresTakesForEqualAreWrittenOneAfterTheOther) {
  topic_.set_key_schema(R"({"type":"record","name":"K","fields":[{"name":"d","type":"double"}]})");
  auto sink = begun();
  topic_.add_record({.offset = 0}, R"({"d":0.0})", R"({"id":"a","status":"NEW","count":1})");
  topic_.add_record({.offset = 1}, R"({"d":-0.0})", R"({"id":"b","status":"NEW","count":2})");
  expect_written(*sink);
  EXPECT_EQ(rows("id, count"), "b|2\n");
}

}  // namespace
}  // namespace omashu::real
