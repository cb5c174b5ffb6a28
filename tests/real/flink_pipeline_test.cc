// The example's topics through real Flink into a real PostgreSQL: rows, counts and throughput.

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>

#include "base/json.h"
#include "real/support/flink_job.h"
#include "real/support/omashu_command.h"
#include "real/support/postgres_server.h"
#include "real/support/run_command.h"
#include "real/support/scratch_folder.h"
#include "real/support/shared_servers.h"
#include "real/support/topics.h"

namespace omashu::real {
namespace {

using ::testing::PrintToString;

const std::string kFile = OMASHU_SOURCE_DIR "/examples/downloads/topics_and_schemas.txt";

std::string run(const std::vector<std::string>& arguments, const std::string& input = "") {
  const CommandResult result = run_omashu(arguments, input);
  EXPECT_EQ(result.exit_code, 0) << PrintToString(result);
  return result.out;
}

// A line of `omashu produce`: record `number` of a download, in that minute after eight.
std::string status_line(int download, int number, const std::string& status, int minute, int second) {
  const std::string id = fmt::format("om-{}", download);
  const std::string time = fmt::format("2026-11-30T08:{:02}:{:02}.{:03}Z", minute, second, 100 + number);
  return fmt::format(
      R"({{"timestamp":"{3}","key":{{"omashuId":"{0}"}},"value":{{"omashuId":"{0}","status":"{1}","bytesSoFar":{2},)"
      R"("bytesTotal":{4},"reason":{5},"attempt":{6},"requestedAt":"2026-11-30T07:59:59.999Z","updatedAt":"{3}",)"
      R"("source":{{"url":"https://example.org/\"q\"/\u00e9?n={0}","sha256":{5}}}}}}}{7})",
      id, status, number * 1'000'000'007LL, time, number % 2 == 0 ? "null" : "123456789012",
      number % 3 == 0 ? "null" : R"("it's \\ \"so\"")", number + 1, "\n");
}

std::string tombstone_line(int download, int minute) {
  return fmt::format(R"({{"timestamp":"2026-11-30T08:{:02}:59Z","key":{{"omashuId":"om-{}"}},"value":null}}{})", minute,
                     download, "\n");
}

// The rows of `omashu list`, each as one text.
std::vector<std::string> listed_rows() {
  std::vector<std::string> rows;
  for (const std::string& line : lines_of(run({"list", "status-download"}))) {
    const json::Value row = json::parse(line).value();
    std::string text;
    for (const json::Member& field : row.find("value")->members()) {
      text += (text.empty() ? "" : "|") + json::to_text(field.value);
    }
    rows.push_back(text + fmt::format("|{}|{}|{}", json::to_text(*row.find("partition")),
                                      json::to_text(*row.find("offset")), json::to_text(*row.find("timestamp"))));
  }
  std::ranges::sort(rows);
  return rows;
}

// The same of the table that Flink fills.
std::vector<std::string> rows_of(const PostgresServer& postgres, const std::string& table) {
  const auto time = [](const std::string& column) {
    return fmt::format(R"(to_json(to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))", column);
  };
  const auto text = [](const std::string& column) {
    return fmt::format("coalesce(to_json({})::text, 'null')", column);
  };
  const std::string source =
      "'{\"url\":' || (\"source\"->'url')::text || ',\"sha256\":' || (\"source\"->'sha256')::text || '}'";
  const std::string query = fmt::format(
      "SELECT concat_ws('|', {}, {}, {}, {}, {}, {}, {}, {}, {}, kafka_partition, kafka_offset, {}) FROM \"{}\"",
      text("\"omashuId\""), text("status"), text("\"bytesSoFar\""), text("\"bytesTotal\""), text("reason"),
      text("attempt"), time("\"requestedAt\""), time("\"updatedAt\""), source, time("kafka_timestamp"), table);
  std::vector<std::string> rows = lines_of(postgres.query(query));
  std::ranges::sort(rows);
  return rows;
}

TEST(FlinkPipeline, RowsCountsAndThroughputAreInPostgresAsOmashuSeesThem) {
  const CommandResult applied = run_init_kafka({kFile});
  ASSERT_EQ(applied.exit_code, 0) << PrintToString(applied);
  const std::vector<std::string> statuses = {"QUEUED", "RUNNING", "RUNNING", "COMPLETED"};
  std::map<int, int> records_by_minute;
  std::string lines;
  for (int minute = 0; minute < 4; ++minute) {
    for (int download = 0; download < 40; ++download) {
      // Each minute has another number of records; every partition has some.
      if (download % 7 < minute) continue;
      lines += status_line(download, minute, statuses[static_cast<size_t>(minute)], minute, download);
      ++records_by_minute[minute];
    }
  }
  lines += tombstone_line(13, 3) + tombstone_line(20, 3);
  // A minute that ends those before it, in every partition; it stays open itself.
  for (int download = 40; download < 60; ++download) lines += status_line(download, 0, "FAILED", 30, 1);
  run({"produce", "status-download"}, lines);

  PostgresServer postgres;
  const std::vector<std::string> printing = {"flink-sql",       kFile,    "--only",
                                             "status-download", "--jdbc", postgres.jdbc_url()};
  std::vector<std::string> for_postgres = printing;
  for_postgres.insert(for_postgres.end(), {"--print", "postgres"});
  postgres.query(run(for_postgres));
  // Times must not depend on the zone of the machine.
  FlinkJob job(run(printing), {"-Duser.timezone=America/New_York"});

  const auto wait_for_rows = [&] {
    const std::vector<std::string> listed = listed_rows();
    job.wait_until([&] { return rows_of(postgres, "status-download") == listed; },
                   [&] {
                     return "rows: " + PrintToString(rows_of(postgres, "status-download")) +
                            "\nlisted: " + PrintToString(listed);
                   });
  };
  wait_for_rows();
  std::string minutes;
  for (const auto& [minute, records] : records_by_minute)
    minutes += fmt::format("2026-11-30 08:{:02}:00|{}\n", minute, records);
  const auto told_minutes = [&] {
    return postgres.query("SELECT minute AT TIME ZONE 'UTC', records FROM \"status-download_per_minute\" ORDER BY 1");
  };
  job.wait_until([&] { return told_minutes() == minutes; }, told_minutes);

  // While it runs, rows change and go.
  run({"produce", "status-download"},
      status_line(1, 5, "CANCELLED", 31, 0) + tombstone_line(2, 31) + status_line(13, 6, "QUEUED", 31, 1));
  wait_for_rows();
  // The table that omashu fills by itself is the same, in every column.
  run({"sink", "postgres", "--dsn", postgres.dsn(), "--table", "omashu", "--create", "--exit-at-end",
       "status-download"});
  EXPECT_EQ(postgres.query("(TABLE omashu EXCEPT TABLE \"status-download\") UNION ALL "
                           "(TABLE \"status-download\" EXCEPT TABLE omashu)"),
            "");
  EXPECT_EQ(postgres.query("SELECT count(*) FROM omashu"), fmt::format("{}\n", listed_rows().size()));

  std::vector<std::string> counts;
  for (const std::string& line : lines_of(run({"count", "status-download", "--by", "status"}))) {
    const json::Value group = json::parse(line).value();
    counts.push_back(group.find("status")->text() + "|" + group.find("count")->text());
  }
  std::ranges::sort(counts);
  const auto told_counts = [&] {
    std::vector<std::string> told = lines_of(postgres.query("SELECT state, count FROM \"status-download_by_status\""));
    std::ranges::sort(told);
    return told;
  };
  job.wait_until([&] { return told_counts() == counts; }, [&] { return PrintToString(told_counts()); });
}

constexpr const char* kTypes = R"({"type":"record","name":"n.T","fields":[
  {"name":"User","type":"string"},
  {"name":"flag","type":"boolean"},
  {"name":"f","type":"float"},
  {"name":"d","type":["null","double"]},
  {"name":"bytes","type":"bytes"},
  {"name":"code","type":{"type":"fixed","size":3,"name":"Code"}},
  {"name":"uuid","type":{"type":"string","logicalType":"uuid"}},
  {"name":"day","type":{"type":"int","logicalType":"date"}},
  {"name":"clock","type":{"type":"int","logicalType":"time-millis"}},
  {"name":"fineClock","type":{"type":"long","logicalType":"time-micros"}},
  {"name":"millis","type":{"type":"long","logicalType":"timestamp-millis"}},
  {"name":"micros","type":{"type":"long","logicalType":"timestamp-micros"}},
  {"name":"nanos","type":{"type":"long","logicalType":"timestamp-nanos"}},
  {"name":"wall","type":{"type":"long","logicalType":"local-timestamp-millis"}},
  {"name":"fineWall","type":["null",{"type":"long","logicalType":"local-timestamp-micros"}]},
  {"name":"price","type":{"type":"bytes","logicalType":"decimal","precision":38,"scale":4}},
  {"name":"counts","type":{"type":"map","values":["null","long"]}},
  {"name":"inner","type":["null",{"type":"record","name":"Inner","fields":[
     {"name":"state","type":{"type":"enum","name":"State","symbols":["A","B"]}},
     {"name":"parts","type":{"type":"array","items":["null","string"]}}]}]}]})";

// A time is a part of a line of `omashu produce`; each is taken at the edges of what people write.
std::string types_line(const std::string& key, const std::string& day, const std::string& clock, bool has_nulls) {
  return fmt::format(
      R"({{"key":"{0}","value":{{"User":"{0}","flag":true,"f":0.1,"d":{1},"bytes":"a\u0000\u00ff","code":"xyz",)"
      R"("uuid":"123e4567-e89b-12d3-a456-426614174000","day":"{2}","clock":"{3}.999","fineClock":"{3}.000001",)"
      R"("millis":"{2}T{3}.001Z","micros":"{2}T{3}.999999Z","nanos":5,"wall":"{2}T{3}.100","fineWall":{4},)"
      R"("price":"-1234567890123456789012345678901234.5678","counts":{{"a":9007199254740993,"b":null}},"inner":{5}}}}}{6})",
      key, has_nulls ? "null" : "-1.5e300", day, clock,
      has_nulls ? "null" : fmt::format("\"{}T{}.000001\"", day, clock),
      has_nulls ? "null" : R"({"state":"B","parts":["\"\\\n\u00e9",null]})", "\n");
}

TEST(FlinkPipeline, EachTypeIsInPostgresAsOmashuWritesIt) {
  ScratchFolder folder;
  const std::string topic = unique_name("types");
  const std::string list = folder.path() / "topics.txt";
  std::ofstream(list) << topic << " 1 1 types.avsc true compact true\n";
  std::ofstream(folder.path() / "types.avsc") << kTypes;
  std::ofstream(folder.path() / "types-key.avsc") << "\"string\"";
  ASSERT_EQ(run_init_kafka({list}).exit_code, 0);
  run({"produce", topic}, types_line("k1", "2026-11-30", "08:00:00", false) +
                              types_line("k2", "1969-12-31", "23:59:59", true) +
                              types_line("k3", "0001-01-01", "00:00:00", false) +
                              types_line("k4", "9999-12-31", "12:30:01", true) + R"({"key":"k2","value":null})");
  PostgresServer postgres;
  std::vector<std::string> printing = {"flink-sql", list, "--jdbc", postgres.jdbc_url(), "--print", "postgres"};
  postgres.query(run(printing));
  printing.resize(printing.size() - 2);
  FlinkJob job(run(printing), {"-Duser.timezone=Asia/Kathmandu"});
  run({"sink", "postgres", "--dsn", postgres.dsn(), "--table", "omashu", "--create", "--exit-at-end", topic});
  ASSERT_EQ(postgres.query("SELECT count(*) FROM omashu"), "3\n");
  const auto difference = [&] {
    return postgres.query(
        fmt::format("(TABLE omashu EXCEPT TABLE \"{0}\") UNION ALL (TABLE \"{0}\" EXCEPT TABLE omashu)", topic));
  };
  job.wait_until([&] { return difference().empty(); }, difference);
}

}  // namespace
}  // namespace omashu::real
