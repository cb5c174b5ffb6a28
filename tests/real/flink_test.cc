// What `omashu flink-sql` prints, in real Flink.

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "avro/testing/random_avro.h"
#include "flink/readable_schema.h"
#include "real/support/flink_job.h"
#include "real/support/omashu_command.h"
#include "real/support/run_command.h"
#include "real/support/scratch_folder.h"
#include "real/support/shared_servers.h"

namespace omashu::real {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::PrintToString;
using ::testing::UnorderedElementsAre;

// A topics_and_schemas.txt with its schemas, applied to the shared servers.
class Specification {
 public:
  explicit Specification(const std::vector<std::pair<std::string, std::string>>& files) {
    for (const auto& [name, text] : files) std::ofstream(folder_.path() / name) << text;
    const CommandResult applied = run_init_kafka({list()});
    EXPECT_EQ(applied.exit_code, 0) << PrintToString(applied);
  }

  std::string list() const { return folder_.path() / "topics.txt"; }

  std::string flink_sql(const std::vector<std::string>& options = {}) const {
    std::vector<std::string> arguments = {"flink-sql", list()};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const CommandResult printed = run_omashu(arguments);
    EXPECT_EQ(printed.exit_code, 0) << PrintToString(printed);
    return printed.out;
  }

 private:
  ScratchFolder folder_;
};

void produce(const std::string& topic, const std::string& lines) {
  const CommandResult produced = run_omashu({"produce", topic}, lines);
  ASSERT_EQ(produced.exit_code, 0) << PrintToString(produced);
}

// All of the topic that is there now; the script ends then.
std::string select_all(const std::string& columns, const std::string& table) {
  return fmt::format("SELECT {} FROM `{}` /*+ OPTIONS('scan.bounded.mode' = 'latest-offset') */;\n\n", columns, table);
}

constexpr const char* kTypes = R"({"type":"record","name":"n.T","fields":[
  {"name":"id","type":"string"},
  {"name":"state","type":["null",{"type":"enum","name":"State","symbols":["A","B"]}],"default":null},
  {"name":"counts","type":{"type":"map","values":["null","int"]}},
  {"name":"tags","type":{"type":"array","items":["null","string"]}},
  {"name":"clock","type":{"type":"int","logicalType":"time-millis"}},
  {"name":"millis","type":{"type":"long","logicalType":"timestamp-millis"}},
  {"name":"micros","type":{"type":"long","logicalType":"timestamp-micros"}},
  {"name":"wall","type":{"type":"long","logicalType":"local-timestamp-millis"}},
  {"name":"day","type":{"type":"int","logicalType":"date"}},
  {"name":"price","type":{"type":"bytes","logicalType":"decimal","precision":10,"scale":2}},
  {"name":"code","type":{"type":"fixed","size":3,"name":"Code"}},
  {"name":"mixed","type":["string","long"]},
  {"name":"uuid","type":{"type":"string","logicalType":"uuid"}},
  {"name":"inner","type":["null",{"type":"record","name":"Inner","fields":[
     {"name":"state","type":"State"},{"name":"mixed","type":["null","int","string"]},{"name":"x","type":"float"}]}]}]})";

std::string types_row(const std::string& id) {
  return fmt::format(
      R"({{"id":"{}","state":"B","counts":{{"a":1,"b":null}},"tags":["x",null],"clock":"08:00:00.123",)"
      R"("millis":"2026-11-30T08:00:00.120Z","micros":"1969-12-31T23:59:59.999999Z","wall":"2026-11-30T08:00:00.120",)"
      R"("day":"2026-11-30","price":"12.50","code":"abc","mixed":"text","uuid":"123e4567-e89b-12d3-a456-426614174000",)"
      R"("inner":{{"state":"A","mixed":7,"x":0.5}}}})",
      id);
}

// The session's zone is another one on purpose: times must be those of UTC all the same.
TEST(Flink, EachTypeIsReadAsTheScriptSays) {
  const std::string topic = unique_name("types");
  const Specification specification(
      {{"topics.txt", topic + " 1 1 types.avsc false delete true\n"}, {"types.avsc", kTypes}});
  produce(topic, fmt::format(R"({{"key":"k","value":{}}}{}{{"key":null,"value":{}}}{})", types_row("1"), "\n",
                             types_row("2"), "\n"));
  FlinkJob job(specification.flink_sql() +
                   select_all("`key`, `id`, `state`, `counts`['a'], `counts`['b'], `tags`[1], `tags`[2], `clock`, "
                              "`millis`, `micros`, CAST(`micros_time` AS STRING), `wall`, `day`, `price`, "
                              "CAST(`code` AS STRING), `uuid`, `inner`.`state`, `inner`.`x`",
                              topic),
               {"-Duser.timezone=America/New_York"});
  job.wait_for_end();
  const std::string rest =
      "\tB\t1\t\\N\tx\t\\N\t28800123\t2026-11-30T08:00:00.120\t-1\t1969-12-31 23:59:59.999\t2026-11-30T08:00:00.120"
      "\t2026-11-30\t12.50\tabc\t123e4567-e89b-12d3-a456-426614174000\tA\t0.5";
  EXPECT_THAT(job.changes(), ElementsAre("+I\tk\t1" + rest, "+I\t\\N\t2" + rest));
}

constexpr const char* kRow = R"({"type":"record","name":"Row","fields":[{"name":"id","type":"string"},)"
                             R"({"name":"number","type":"int","default":7}]})";

// Keys with a schema of each kind, and without one; tombstones delete.
TEST(Flink, LatestRowsAreToldByTheirKeys) {
  const std::string stem = unique_name("keys");
  const Specification specification(
      {{"topics.txt",
        fmt::format("{0}-text 1 1 row.avsc false compact true\n{0}-string 1 1 string.avsc true compact true\n"
                    "{0}-record 1 1 record.avsc true compact true\n",
                    stem)},
       {"row.avsc", kRow},
       {"string.avsc", kRow},
       {"string-key.avsc", "\"string\""},
       {"record.avsc", kRow},
       {"record-key.avsc", R"({"type":"record","name":"Key","fields":[{"name":"id","type":"long"},)"
                           R"({"name":"tenant","type":"string"}]})"}});
  const std::string long_key = "k\u00fc" + std::string(100, 'x');
  const std::string very_long_key(9000, 'y');
  const auto line = [](const std::string& key, int number) {
    return number == 0 ? fmt::format(R"({{"key":{},"value":null}}{})", key, "\n")
                       : fmt::format(R"({{"key":{},"value":{{"id":"v","number":{}}}}}{})", key, number, "\n");
  };
  const auto quoted = [](const std::string& key) { return '"' + key + '"'; };
  produce(stem + "-text", line(quoted(long_key), 1) + line("\"b\"", 2) + line(quoted(long_key), 3) + line("\"b\"", 0));
  produce(stem + "-string", line(quoted(long_key), 1) + line("\"\"", 2) + line(quoted(very_long_key), 3) +
                                line(quoted(long_key), 4) + line("\"gone\"", 5) + line("\"gone\"", 0));
  produce(stem + "-record", line(R"({"id":5,"tenant":"a"})", 1) + line(R"({"id":5,"tenant":"b"})", 2));
  FlinkJob job(specification.flink_sql() + select_all("'t', `key`, `number`", stem + "-text") +
               select_all("'s', `key`, `number`", stem + "-string") +
               select_all("'r', `key_id`, `key_tenant`, `id`, `number`", stem + "-record"));
  job.wait_for_end();
  EXPECT_THAT(job.changes(),
              ElementsAre("+I\tt\t" + long_key + "\t1", "+I\tt\tb\t2", "-U\tt\t" + long_key + "\t1",
                          "+U\tt\t" + long_key + "\t3", "-D\tt\tb\t2", "+I\ts\t" + long_key + "\t1", "+I\ts\t\t2",
                          "+I\ts\t" + very_long_key + "\t3", "-U\ts\t" + long_key + "\t1", "+U\ts\t" + long_key + "\t4",
                          "+I\ts\tgone\t5", "-D\ts\tgone\t5", "+I\tr\t5\ta\tv\t1", "+I\tr\t5\tb\tv\t2"));
}

// Flink compares the columns with the schema to read with when it plans: each of these is planned to the end.
TEST(Flink, TakesWhatIsPrintedOfRandomSchemas) {
  std::string list;
  std::vector<std::pair<std::string, std::string>> files;
  std::string selects;
  for (uint64_t seed = 0; files.size() < 40; ++seed) {
    avro::testing::RandomAvro random(seed);
    const std::string text = random.schema(4);
    const auto parsed = avro::Schema::parse(text);
    if (!parsed || !flink::ReadableSchema(parsed->root()).problem().empty()) continue;
    const std::string topic = fmt::format("random-{}", seed);
    list += fmt::format("{0} 1 1 {0}.avsc false {1} true\n", topic, seed % 2 == 0 ? "compact" : "delete");
    files.emplace_back(topic + ".avsc", text);
    selects += fmt::format("EXPLAIN JSON_EXECUTION_PLAN SELECT * FROM `{}`;\n\n", topic);
  }
  ScratchFolder folder;
  for (const auto& [name, text] : files) std::ofstream(folder.path() / name) << text;
  std::ofstream(folder.path() / "topics.txt") << list;
  const CommandResult printed = run_omashu({"flink-sql", folder.path() / "topics.txt"});
  ASSERT_EQ(printed.exit_code, 0) << PrintToString(printed);
  FlinkJob(printed.out + selects).wait_for_end();
}

}  // namespace
}  // namespace omashu::real
