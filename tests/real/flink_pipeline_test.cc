// The example's topics through real Flink into a real PostgreSQL: rows, counts and throughput.

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "base/json.h"
#include "real/support/flink_job.h"
#include "real/support/omashu_command.h"
#include "real/support/postgres_server.h"
#include "real/support/run_command.h"
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

}  // namespace
}  // namespace omashu::real
