// init-kafka against a real Kafka and a real registry; what it did is seen with other people's tools: kcat, Kafka's own
// commands, and plain HTTP.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "base/json.h"
#include "real/support/free_port.h"
#include "real/support/http.h"
#include "real/support/kafka_broker.h"
#include "real/support/omashu_command.h"
#include "real/support/process.h"
#include "real/support/run_command.h"
#include "real/support/scratch_folder.h"
#include "real/support/shared_servers.h"

namespace omashu::real {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::PrintToString;
using ::testing::StartsWith;

const std::string kSource = OMASHU_SOURCE_DIR;

// A folder with a list of topics and schema files.
class Files {
 public:
  void write(const std::string& name, const std::string& text) const { std::ofstream(folder_.path() / name) << text; }
  std::string path(const std::string& name) const { return folder_.path() / name; }
  std::string list() const { return path("topics_and_schemas.txt"); }
  void write_list(const std::string& rows) const { write("topics_and_schemas.txt", rows); }

 private:
  ScratchFolder folder_;
};

// A record whose fields are "name:type" or "name:type=default", the types and defaults as JSON.
std::string record(const std::string& name, const std::vector<std::string>& fields) {
  std::string list;
  for (const std::string& field : fields) {
    const size_t colon = field.find(':');
    const size_t equals = field.find('=');
    list += (list.empty() ? "" : ",") + ("{\"name\":\"" + field.substr(0, colon)) +
            "\",\"type\":" + field.substr(colon + 1, equals == std::string::npos ? equals : equals - colon - 1) +
            (equals == std::string::npos ? "" : ",\"default\":" + field.substr(equals + 1)) + "}";
  }
  return R"({"type":"record","name":")" + name + R"(","fields":[)" + list + "]}";
}

std::string unique_type(const std::string& stem) {
  std::string name = unique_name(stem);
  std::ranges::replace(name, '-', '_');
  return name;
}

// Partitions by topic, as kcat sees them.
std::map<std::string, int> topics_by_kcat() {
  const CommandResult listed = run_command({"kcat", "-b", shared_kafka().bootstrap_server(), "-L", "-J"});
  const auto json = json::parse(listed.out);
  std::map<std::string, int> topics;
  if (!json) ADD_FAILURE() << PrintToString(listed);
  if (!json) return topics;
  for (const json::Value& topic : json->find("topics")->items()) {
    topics[topic.find("topic")->text()] = static_cast<int>(topic.find("partitions")->items().size());
  }
  return topics;
}

// What kafka-configs.sh says is set on the topic.
std::string configs_by_kafka(const std::string& topic) {
  return shared_kafka()
      .tool("kafka.admin.ConfigCommand", {"--describe", "--entity-type", "topics", "--entity-name", topic})
      .out;
}

std::string registry_says(const std::string& path) { return http_get(shared_registry().url() + path).body; }

json::Value latest_version(const std::string& subject) {
  return json::parse(registry_says("/subjects/" + subject + "/versions/latest")).value_or(json::Value());
}

std::string versions_of(const std::string& subject) { return registry_says("/subjects/" + subject + "/versions"); }

// All that init-kafka may write.
std::string state() { return PrintToString(topics_by_kcat()) + registry_says("/subjects"); }

TEST(RealProvision, TheExampleWithWindowsLineEnds) {
  const std::vector<std::string> command = {kSource + "/tests/data/downloads-crlf/topics_and_schemas.txt", "--schemas",
                                            kSource + "/examples/downloads"};
  const CommandResult first = run_init_kafka(command);
  ASSERT_EQ(first.exit_code, 0) << PrintToString(first);
  const std::map<std::string, int> topics = topics_by_kcat();
  EXPECT_EQ(topics.at("status-download"), 3);
  EXPECT_EQ(topics.at("download-request"), 3);
  EXPECT_FALSE(topics.contains("download-source"));
  EXPECT_THAT(configs_by_kafka("status-download"), HasSubstr("cleanup.policy=compact"));
  EXPECT_THAT(configs_by_kafka("download-request"),
              AllOf(HasSubstr("cleanup.policy=delete"), HasSubstr("retention.ms=604800000")));
  for (const char* subject :
       {"download-source-value", "download-request-value", "status-download-value", "status-download-key"}) {
    EXPECT_EQ(versions_of(subject), "[1]") << subject;
  }
  const json::Value status = latest_version("status-download-value");
  ASSERT_NE(status.find("references"), nullptr);
  EXPECT_EQ(json::to_text(*status.find("references")),
            R"([{"name":"downloads.DownloadSource","subject":"download-source-value","version":1}])");

  const std::string before = state();
  const CommandResult second = run_init_kafka(command);
  EXPECT_EQ(second.exit_code, 0) << PrintToString(second);
  EXPECT_EQ(second.out, "nothing to do: 2 topics and 4 schemas unchanged\n");
  EXPECT_EQ(state(), before);
  EXPECT_EQ(versions_of("status-download-value"), "[1]");
}

TEST(RealProvision, CheckFindsWhatALiveClusterWillBeHurtBy) {
  const std::string topic = unique_name("checked");
  const Files files;
  files.write_list(topic + " 2 1 - false compact true retention.ms=1h\n");
  ASSERT_EQ(run_init_kafka({files.list()}).exit_code, 0);
  const CommandResult found = run_init_kafka({"check", "--prefix", topic});
  EXPECT_EQ(found.exit_code, 1) << PrintToString(found);
  EXPECT_THAT(found.out, StartsWith("info: topic " + topic +
                                    ": retention.ms is set and does nothing while cleanup.policy is compact: reset it "
                                    "[compacted-retention]\n"));
  const CommandResult as_json = run_init_kafka({"check", "--prefix", topic, "--output", "json"});
  EXPECT_EQ(as_json.exit_code, 1);
  EXPECT_THAT(as_json.out, HasSubstr(R"("rule":"compacted-retention","severity":"info","topic":")" + topic + '"'));
  EXPECT_EQ(run_init_kafka({"check", "--prefix", topic, "--severity", "warning"}).exit_code, 0);
  EXPECT_EQ(run_init_kafka({"check", "--prefix", topic, "--ignore", "compacted-retention"}).exit_code, 0);
}

// The rows of a table by key, as `omashu list` shows them.
std::map<std::string, std::string> rows_of(const std::string& topic) {
  const CommandResult listed = run_omashu({"list", topic, "--output", "json"});
  EXPECT_EQ(listed.exit_code, 0) << PrintToString(listed);
  std::map<std::string, std::string> rows;
  for (size_t start = 0; start < listed.out.size();) {
    const size_t end = listed.out.find('\n', start);
    const auto row = json::parse(listed.out.substr(start, end - start));
    if (!row) ADD_FAILURE() << row.error().message;
    if (!row) break;
    rows[json::to_text(*row->find("key"))] = json::to_text(*row->find("value"));
    start = end + 1;
  }
  return rows;
}

TEST(RealProvision, ACompactedTopicMovesToMorePartitionsByKey) {
  const std::string topic = unique_name("grown");
  const std::string type = unique_type("Grown");
  const Files files;
  files.write("g.avsc", record(type, {"id:\"string\"", "n:\"int\""}));
  files.write("g-key.avsc", record(type + "Key", {"id:\"string\""}));
  files.write_list(topic + " 2 1 g.avsc true compact true min.cleanable.dirty.ratio=0.2\n");
  ASSERT_EQ(run_init_kafka({files.list()}).exit_code, 0);
  const auto put = [&](int from, int to, int n) {
    std::string lines;
    for (int i = from; i < to; ++i) {
      lines += "{\"id\":\"k-" + std::to_string(i) + "\",\"n\":" + std::to_string(n) + "}\n";
    }
    EXPECT_EQ(run_omashu({"put", topic, "--from", "-", "--key-field", "id"}, lines).exit_code, 0);
  };
  put(0, 40, 1);
  // From here on half of the keys have another encoding, that of another schema id, which may be in the other
  // partition.
  std::string documented = record(type + "Key", {"id:\"string\""});
  documented.insert(1, R"("doc":"Which one.",)");
  files.write("g-key.avsc", documented);
  ASSERT_EQ(run_init_kafka({files.list()}).exit_code, 0);
  put(20, 40, 2);
  ASSERT_EQ(run_omashu({"delete", topic, "k-3"}).exit_code, 0);
  const auto before = rows_of(topic);
  ASSERT_EQ(before.size(), 39U);

  files.write_list(topic + " 5 1 g.avsc true compact true min.cleanable.dirty.ratio=0.2\n");
  const CommandResult refused = run_init_kafka({files.list()});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("`init-kafka move " + topic + " --partitions 5` copies it by key"));

  const CommandResult moved = run_init_kafka({"move", topic, "--partitions", "5", "--once", "--output", "json"});
  ASSERT_EQ(moved.exit_code, 0) << PrintToString(moved);
  const auto told = json::parse(moved.out);
  ASSERT_TRUE(told) << moved.out;
  EXPECT_EQ(told->find("keys")->as_int64(), 40);
  EXPECT_EQ(rows_of(topic + "-5"), before);
  // Each key is there under one encoding: the partition follows from it.
  const CommandResult records =
      run_omashu({"consume", topic + "-5", "--from-beginning", "--exit-at-end", "--output", "json"});
  std::map<std::string, std::set<int64_t>> partitions;
  for (size_t start = 0; start < records.out.size();) {
    const size_t end = records.out.find('\n', start);
    const auto line = json::parse(records.out.substr(start, end - start));
    ASSERT_TRUE(line) << records.out;
    partitions[json::to_text(*line->find("key"))].insert(*line->find("partition")->as_int64());
    start = end + 1;
  }
  EXPECT_EQ(partitions.size(), 40U);
  for (const auto& [key, where] : partitions) EXPECT_EQ(where.size(), 1U) << key;
  EXPECT_THAT(run_omashu({"topics", "describe", topic + "-5", "--output", "json"}).out,
              HasSubstr(R"("name":"min.cleanable.dirty.ratio","value":"0.2","source":"topic")"));

  EXPECT_EQ(run_init_kafka({"move", topic, "--partitions", "5", "--once"}).exit_code, 1);
  EXPECT_EQ(run_init_kafka({"move", topic, "--partitions", "5", "--once", "--again"}).exit_code, 0);
  EXPECT_EQ(rows_of(topic + "-5"), before);
}

TEST(RealProvision, WhatCannotBeDoneStopsTheRunBeforeAnythingIsWritten) {
  const std::string topic = unique_name("stop");
  const std::string type = unique_type("Stop");
  const Files files;
  files.write("a.avsc", record(type, {"id:\"string\""}));
  files.write_list(topic + " 3 1 a.avsc false delete true\n");
  ASSERT_EQ(run_init_kafka({files.list()}).exit_code, 0);
  const std::string before = state();

  // Beside each mistake a topic and a schema that could be made.
  const std::string fresh = unique_name("fresh") + " 1 1 fresh.avsc false delete true\n";
  files.write("fresh.avsc", record(unique_type("Fresh"), {"id:\"string\""}));
  files.write("missing.avsc", record(unique_type("Missing"), {"it:\"nowhere.Defined\""}));
  const std::pair<std::string, std::string> cases[] = {
      {topic + " 2 1 a.avsc false delete true\n", "Kafka cannot take any away: write 3"},
      {topic + " 3 3 a.avsc false delete true\n", "has replication factor 1, not 3"},
      {unique_name("three") + " 1 3 a.avsc false delete true\n",
       "replication_factor is 3, but 1 broker is alive: it can be at most 1"},
      {unique_name("lost") + " 1 1 missing.avsc false delete true\n",
       "the type nowhere.Defined is defined by no schema"},
      {unique_name("odd") + " 1 1 a.avsc false delete true no.such.key=1\n", "Unknown topic config name: no.such.key"},
  };
  for (const auto& [row, reason] : cases) {
    files.write_list(fresh + row);
    const CommandResult refused = run_init_kafka({files.list()});
    EXPECT_EQ(refused.exit_code, 1) << PrintToString(refused);
    EXPECT_THAT(refused.err, AllOf(HasSubstr(reason), HasSubstr("nothing was written")));
    EXPECT_EQ(state(), before) << reason;
  }

  // By the word of Apicurio, since it enforces a level that it does not tell; and by omashu's.
  files.write("a.avsc", record(type, {"id:\"string\"", "more:\"string\""}));
  files.write_list(fresh + topic + " 3 1 a.avsc false delete true\n");
  const std::string config = shared_registry().url() + "/config/" + topic + "-value";
  std::vector<std::string> reasons = {"incompatible with version 1 of " + topic +
                                      "-value (level BACKWARD): it cannot read what that version wrote: "
                                      "READER_FIELD_MISSING_DEFAULT_VALUE at /fields/1"};
  if (!is_on_omashu()) {
    reasons.insert(reasons.begin(), "the registry finds it incompatible with " + topic + "-value: ");
  }
  for (const std::string& reason : reasons) {
    const CommandResult incompatible = run_init_kafka({files.list()});
    EXPECT_EQ(incompatible.exit_code, 1) << PrintToString(incompatible);
    EXPECT_THAT(incompatible.err, AllOf(HasSubstr(reason), HasSubstr("nothing was written")));
    EXPECT_EQ(state(), before);
    ASSERT_EQ(http_send("PUT", config, R"({"compatibility":"BACKWARD"})").status, 200);
  }
}

TEST(RealProvision, AChangedTypeRepointsWhatRefersToIt) {
  const std::string child = unique_name("child");
  const std::string parent = unique_name("parent");
  const std::string type = unique_type("Child");
  const Files files;
  files.write_list(parent + " 1 1 p.avsc false delete false\n" + child + " 1 1 c.avsc false delete false\n");
  files.write("c.avsc", record(type, {"id:\"string\""}));
  files.write("p.avsc", record(unique_type("Parent"), {"it:\"" + type + "\""}));
  ASSERT_EQ(run_init_kafka({files.list()}).exit_code, 0);
  files.write("c.avsc", record(type, {"id:\"string\"", "more:\"string\"=\"\""}));
  const CommandResult bumped = run_init_kafka({files.list()});
  ASSERT_EQ(bumped.exit_code, 0) << PrintToString(bumped);
  EXPECT_THAT(bumped.out, HasSubstr("~ reference " + type + ": " + child + "-value version 1 → 2"));
  EXPECT_EQ(versions_of(parent + "-value"), "[1,2]");
  EXPECT_EQ(latest_version(parent + "-value").find("references")->items().front().find("version")->as_int64(), 2);
  EXPECT_THAT(run_init_kafka({files.list()}).out, StartsWith("nothing to do"));
}

TEST(RealProvision, PartitionsAndSettingsAreChangedAndNothingElse) {
  const std::string topic = unique_name("change");
  const Files files;
  files.write_list(topic + " 2 1 - false delete true retention.ms=86400000 segment.bytes=2097152\n");
  ASSERT_EQ(run_init_kafka({files.list()}).exit_code, 0);
  files.write_list(topic + " 4 1 - false delete true retention.ms=3600000\n");
  const CommandResult changed = run_init_kafka({files.list()});
  EXPECT_EQ(changed.exit_code, 0) << PrintToString(changed);
  EXPECT_THAT(changed.out, StartsWith("~ topic " + topic +
                                      "\n    ~ partitions: 2 → 4\n    ~ retention.ms: 86400000 (1 day) → 3600000 (1 "
                                      "hour)\n"));
  EXPECT_EQ(topics_by_kcat().at(topic), 4);
  EXPECT_THAT(configs_by_kafka(topic), AllOf(HasSubstr("retention.ms=3600000"), HasSubstr("segment.bytes=2097152")));
}

TEST(RealProvision, PlanWritesNothingAndSaysSoByItsExitCode) {
  const Files files;
  files.write_list(unique_name("plan") + " 1 1 - false delete true\n");
  const std::string before = state();
  EXPECT_EQ(run_init_kafka({"plan", files.list()}).exit_code, 0);
  EXPECT_EQ(run_init_kafka({"plan", files.list(), "--detailed-exitcode"}).exit_code, 2);
  EXPECT_EQ(state(), before);
  ASSERT_EQ(run_init_kafka({files.list()}).exit_code, 0);
  EXPECT_EQ(run_init_kafka({"plan", files.list(), "--detailed-exitcode"}).exit_code, 0);
}

TEST(RealProvision, ASavedPlanIsAppliedUnlessSomethingMoved) {
  const std::string topic = unique_name("saved");
  const Files files;
  files.write_list(topic + " 1 1 - false delete true\n");
  ASSERT_EQ(run_init_kafka({"plan", files.list(), "-o", files.path("1.json")}).exit_code, 0);
  files.write_list("this is not what was planned\n");
  EXPECT_EQ(run_init_kafka({"apply", "-p", files.path("1.json")}).exit_code, 0);
  EXPECT_EQ(topics_by_kcat().at(topic), 1);

  files.write_list(topic + " 1 1 - false delete true retention.ms=5000\n");
  ASSERT_EQ(run_init_kafka({"plan", files.list(), "-o", files.path("2.json")}).exit_code, 0);
  const CommandResult altered =
      shared_kafka().tool("org.apache.kafka.tools.TopicCommand", {"--alter", "--topic", topic, "--partitions", "2"});
  ASSERT_EQ(altered.exit_code, 0) << PrintToString(altered);
  const CommandResult refused = run_init_kafka({"apply", "-p", files.path("2.json")});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("topic " + topic + " partitions: 1 then, 2 now"), HasSubstr("plan again")));
  EXPECT_THAT(configs_by_kafka(topic), Not(HasSubstr("retention.ms=5000")));
}

TEST(RealProvision, AnExportAppliesAgainToNoChange) {
  const std::string prefix = unique_name("export");
  const Files files;
  const std::string shared = unique_type("Shared");
  files.write_list(prefix + "-a 2 1 a.avsc true compact true min.cleanable.dirty.ratio=0.25\n" +  //
                   prefix + "-s 1 1 s.avsc false delete false\n" +                                //
                   prefix + "-b 1 1 - false compact,delete true retention.ms=-1\n");
  files.write("a.avsc", record(unique_type("A"), {"it:\"" + shared + "\""}));
  files.write("a-key.avsc", record(unique_type("K"), {"id:\"string\""}));
  files.write("s.avsc",
              record(shared, {"id:\"string\"", "at:{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}"}));
  ASSERT_EQ(run_init_kafka({files.list()}).exit_code, 0);
  const CommandResult exported = run_init_kafka({"export", "--output-dir", files.path("out"), "--prefix", prefix});
  EXPECT_EQ(exported.exit_code, 0) << PrintToString(exported);
  EXPECT_THAT(exported.err, IsEmpty());
  const CommandResult again = run_init_kafka({"plan", files.path("out/topics_and_schemas.txt"), "--detailed-exitcode"});
  EXPECT_EQ(again.exit_code, 0) << PrintToString(again);
  EXPECT_EQ(again.out, "nothing to do: 2 topics and 3 schemas unchanged\n");
}

TEST(RealProvision, ExportAppliesToNoChangeWhereReferencesLag) {
  const std::string prefix = unique_name("lag");
  const std::string type = unique_type("Lag");
  const Files files;
  files.write_list(prefix + "-a 1 1 a.avsc false delete false\n" + prefix + "-b 1 1 b.avsc false delete false\n");
  files.write("a.avsc", record(unique_type("User"), {"it:\"" + type + "\""}));
  files.write("b.avsc", record(type, {"id:\"string\""}));
  ASSERT_EQ(run_init_kafka({files.list()}).exit_code, 0);
  const std::string newer = record(type, {"id:\"string\"", "more:\"string\"=\"\""});
  const std::string body = R"({"schema":)" + json::to_text(json::Value(newer)) + "}";
  ASSERT_EQ(http_send("POST", shared_registry().url() + "/subjects/" + prefix + "-b-value/versions", body).status, 200);
  const CommandResult exported = run_init_kafka({"export", "--output-dir", files.path("out"), "--prefix", prefix});
  EXPECT_EQ(exported.exit_code, 0) << PrintToString(exported);
  const CommandResult again = run_init_kafka({"plan", files.path("out/topics_and_schemas.txt"), "--detailed-exitcode"});
  EXPECT_EQ(again.exit_code, 0) << PrintToString(again);
  EXPECT_EQ(again.out, "nothing to do: 0 topics and 2 schemas unchanged\n");
}

TEST(RealProvision, OnlyPruneDeletesAndOnlyWithinItsPrefix) {
  const std::string prefix = unique_name("prune");
  const std::string other = unique_name("other");
  const Files files;
  files.write("a.avsc", record(unique_type("Prune"), {"id:\"string\""}));
  const std::string kept = prefix + "-kept 1 1 a.avsc false delete true\n";
  files.write_list(kept + prefix + "-old 1 1 a.avsc false delete true\n" + other + " 1 1 a.avsc false delete true\n");
  ASSERT_EQ(run_init_kafka({files.list()}).exit_code, 0);
  files.write_list(kept);
  EXPECT_THAT(run_init_kafka({files.list()}).out, StartsWith("nothing to do"));
  EXPECT_EQ(run_init_kafka({files.list(), "--prune"}).exit_code, 2);
  const CommandResult pruned = run_init_kafka({files.list(), "--prune", "--prefix", prefix});
  EXPECT_EQ(pruned.exit_code, 0) << PrintToString(pruned);
  EXPECT_FALSE(topics_by_kcat().contains(prefix + "-old"));
  EXPECT_TRUE(topics_by_kcat().contains(prefix + "-kept"));
  EXPECT_TRUE(topics_by_kcat().contains(other));
  EXPECT_THAT(registry_says("/subjects"), AllOf(Not(HasSubstr(prefix + "-old-value")),
                                                HasSubstr(prefix + "-kept-value"), HasSubstr(other + "-value")));
}

TEST(RealProvision, ATypeThatOnlyTheRegistryHasIsFoundThere) {
  const std::string type = unique_type("Far");
  const std::string subject = unique_name("far");
  const std::string body = R"({"schema":)" + json::to_text(json::Value(record(type, {"id:\"string\""}))) + "}";
  ASSERT_EQ(http_send("POST", shared_registry().url() + "/subjects/" + subject + "/versions", body).status, 200);
  const std::string topic = unique_name("near");
  const Files files;
  files.write_list(topic + " 1 1 n.avsc false delete false\n");
  files.write("n.avsc", record(unique_type("Near"), {"it:\"" + type + "\""}));
  const CommandResult applied = run_init_kafka({files.list()});
  EXPECT_EQ(applied.exit_code, 0) << PrintToString(applied);
  EXPECT_EQ(json::to_text(*latest_version(topic + "-value").find("references")),
            R"([{"name":")" + type + R"(","subject":")" + subject + R"(","version":1}])");
}

TEST(RealProvision, EveryMistakeOfEveryFileIsToldInOneRun) {
  const Files files;
  files.write_list("a 0 1 a.avsc false delete true\nb 1 1 b.avsc false delete true retention.ms=7days\n");
  files.write("a.avsc",
              R"({"type":"record","name":"A","fields":[{"name":"x","type":"strin"},{"name":"1","type":"int"}]})");
  files.write("b.avsc", R"({"type":"record","name":"B","feilds":[]})");
  const CommandResult refused = run_init_kafka({files.list()});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err,
              AllOf(HasSubstr("topics_and_schemas.txt:1:3: "), HasSubstr("topics_and_schemas.txt:2:32: "),
                    HasSubstr("a.avsc:1:58: unknown type strin: did you mean \"string\"?"), HasSubstr("a.avsc:1:75: "),
                    HasSubstr("b.avsc:1:29: "), HasSubstr("did you mean \"fields\"")));
}

TEST(RealProvision, LevelsTimesSizesAndDefaultsAreSetOnceAndExported) {
  const std::string prefix = unique_name("levels");
  const std::string topic = prefix + "-t";
  const Files files;
  files.write("a.avsc", "// A comment, as registries accept it.\n" + record(unique_type("L"), {"id:\"string\""}));
  files.write_list(topic + " -1 -1 a.avsc false delete true retention.ms=7d segment.bytes=64MiB " +
                   "compatibility=FULL_TRANSITIVE\n");
  const CommandResult first = run_init_kafka({files.list()});
  ASSERT_EQ(first.exit_code, 0) << PrintToString(first);
  EXPECT_THAT(first.out, HasSubstr("~ compatibility of " + topic + "-value: "));
  EXPECT_THAT(configs_by_kafka(topic), AllOf(HasSubstr("retention.ms=604800000"), HasSubstr("segment.bytes=67108864")));
  EXPECT_THAT(registry_says("/config/" + topic + "-value"), HasSubstr("FULL_TRANSITIVE"));
  EXPECT_EQ(run_init_kafka({files.list()}).out, "nothing to do: 1 topic and 1 schema unchanged\n");

  const CommandResult exported = run_init_kafka({"export", "--output-dir", files.path("out"), "--prefix", prefix});
  EXPECT_EQ(exported.exit_code, 0) << PrintToString(exported);
  const CommandResult again = run_init_kafka({"plan", files.path("out/topics_and_schemas.txt"), "--detailed-exitcode"});
  EXPECT_EQ(again.exit_code, 0) << PrintToString(again);

  files.write_list(topic + " -1 -1 a.avsc false delete true retention.ms=default compatibility=NONE\n");
  const CommandResult reset = run_init_kafka({files.list()});
  EXPECT_EQ(reset.exit_code, 0) << PrintToString(reset);
  EXPECT_THAT(reset.out, HasSubstr("~ retention.ms: 604800000 (7 days) → default\n"));
  EXPECT_THAT(configs_by_kafka(topic),
              Not(HasSubstr("retention.ms=604800000 sensitive=false synonyms={DYNAMIC_TOPIC")));
  EXPECT_EQ(run_init_kafka({files.list()}).out, "nothing to do: 1 topic and 1 schema unchanged\n");
}

TEST(RealProvision, CheckDataFindsTheRecordsThatThePlannedSchemaCannotRead) {
  const std::string topic = unique_name("data");
  const std::string type = unique_type("Data");
  const auto colours = [&](const std::string& symbols) {
    return R"({"type":"enum","name":")" + type + R"(","symbols":[)" + symbols + "]}";
  };
  const Files files;
  files.write("c.avsc", colours(R"("RED","BLUE")"));
  files.write_list(topic + " 1 1 c.avsc false delete true compatibility=NONE\n");
  ASSERT_EQ(run_init_kafka({files.list()}).exit_code, 0);
  std::string records;
  for (const char* colour : {"BLUE", "RED", "BLUE", "RED", "RED"}) {
    records += R"({"value":")" + std::string(colour) + "\"}\n";
  }
  ASSERT_EQ(run_omashu({"produce", topic}, records).exit_code, 0);

  const CommandResult same = run_init_kafka({"plan", files.list(), "--check-data"});
  EXPECT_EQ(same.exit_code, 0) << PrintToString(same);
  EXPECT_THAT(same.out, HasSubstr("data of " + topic + " (" + topic + "-value): 5 records can be read with "));

  files.write("c.avsc", colours(R"("RED")"));
  const std::string before = state();
  const CommandResult all = run_init_kafka({"plan", files.list(), "--check-data=all"});
  EXPECT_EQ(all.exit_code, 1) << PrintToString(all);
  EXPECT_THAT(all.out, AllOf(HasSubstr("3 records can be read with "), HasSubstr("2 records could not be read with "),
                             HasSubstr("    " + topic + "-0-0: "), HasSubstr("    " + topic + "-0-2: ")));
  // Apicurio goes on enforcing its global level, and refuses the schema whatever the data.
  const CommandResult last = run_init_kafka({"plan", files.list(), "--check-data=2"});
  EXPECT_EQ(last.exit_code, is_on_omashu() ? 0 : 1) << PrintToString(last);
  EXPECT_THAT(last.out, AllOf(HasSubstr("2 records can be read with "), Not(HasSubstr("could not be read"))));
  const CommandResult as_json = run_init_kafka({"plan", files.list(), "--check-data=3", "--output", "json"});
  EXPECT_EQ(as_json.exit_code, 1);
  const auto document = json::parse(as_json.out);
  ASSERT_TRUE(document) << as_json.out;
  EXPECT_EQ(document->find("data")->items().front().find("unreadable")->find("count")->as_int64(), 1);
  EXPECT_EQ(state(), before);
}

TEST(RealProvision, ASubjectThatTakesNoWritesIsSeenByThePlan) {
  const std::string topic = unique_name("readonly");
  const std::string type = unique_type("ReadOnly");
  const Files files;
  files.write("a.avsc", record(type, {"id:\"string\""}));
  files.write_list(topic + " 1 1 a.avsc false delete false\n");
  ASSERT_EQ(run_init_kafka({files.list()}).exit_code, 0);
  const std::string mode = shared_registry().url() + "/mode/" + topic + "-value";
  ASSERT_EQ(http_send("PUT", mode, R"({"mode":"READONLY"})").status, 200);
  EXPECT_EQ(run_init_kafka({"plan", files.list()}).exit_code, 0);
  files.write("a.avsc", record(type, {"id:\"string\"", "more:\"string\"=\"\""}));
  const CommandResult refused = run_init_kafka({"plan", files.list()});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("subject " + topic + "-value is in mode READONLY"));
}

TEST(RealProvision, AnEmptyFilePrunesOnlyWhereItIsConfirmedByName) {
  const std::string prefix = unique_name("empty");
  const Files files;
  files.write_list(prefix + "-old 1 1 - false delete true\n");
  ASSERT_EQ(run_init_kafka({files.list()}).exit_code, 0);
  files.write_list("# nothing\n");
  const CommandResult refused = run_init_kafka({files.list(), "--prune", "--prefix", prefix});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("add --confirm-empty " + files.list()));
  EXPECT_TRUE(topics_by_kcat().contains(prefix + "-old"));
  EXPECT_EQ(run_init_kafka({files.list(), "--prune", "--prefix", prefix, "--confirm-empty", "other"}).exit_code, 2);
  const CommandResult pruned =
      run_init_kafka({files.list(), "--prune", "--prefix", prefix, "--confirm-empty", files.list()});
  EXPECT_EQ(pruned.exit_code, 0) << PrintToString(pruned);
  EXPECT_FALSE(topics_by_kcat().contains(prefix + "-old"));
}

TEST(RealProvision, ADeadServerIsOneLineWithItsAddress) {
  const Files files;
  files.write("a.avsc", record("A", {"id:\"string\""}));
  files.write_list(unique_name("dead") + " 1 1 a.avsc false delete true\n");
  const std::string address = "127.0.0.1:" + std::to_string(free_port());
  const CommandResult no_broker = run_init_kafka({files.list(), "--bootstrap-server", address, "--timeout", "5s"});
  EXPECT_EQ(no_broker.exit_code, 1);
  EXPECT_THAT(no_broker.err, HasSubstr(address));
  EXPECT_EQ(std::ranges::count(no_broker.err, '\n'), 1) << no_broker.err;
  const std::string before = state();
  const CommandResult no_registry =
      run_init_kafka({files.list(), "--registry", "http://" + address, "--timeout", "3s"});
  EXPECT_EQ(no_registry.exit_code, 1);
  EXPECT_THAT(no_registry.err, HasSubstr(address));
  EXPECT_EQ(std::ranges::count(no_registry.err, '\n'), 1) << no_registry.err;
  EXPECT_EQ(state(), before);
}

TEST(RealProvision, AnotherClusterIsLeftAlone) {
  const Files files;
  files.write_list(unique_name("cluster") + " 1 1 - false delete true\n");
  const CommandResult refused = run_init_kafka({files.list(), "--expect-cluster-id", "not-this-one"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("not not-this-one"));
}

TEST(RealProvision, WaitsForABrokerThatIsStillStarting) {
  auto broker = KafkaBroker::start();
  ASSERT_TRUE(broker) << broker.error().message;
  (*broker)->stop();
  const Files files;
  const std::string topic = unique_name("wait");
  files.write_list(topic + " 1 1 - false delete true\n");
  const std::string program = std::filesystem::path(omashu_program()).replace_filename("init-kafka");
  auto waiting = Process::start({.command = {program, files.list(), "--wait", "60s", "--bootstrap-server",
                                             (*broker)->bootstrap_server(), "--registry", shared_registry().url()},
                                 .stdout_file = files.path("out"),
                                 .stderr_file = files.path("err")});
  ASSERT_TRUE(waiting) << waiting.error().message;
  EXPECT_FALSE((*waiting)->wait(std::chrono::milliseconds(300)).has_value());
  const auto again = (*broker)->start_again();
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ((*waiting)->wait(std::chrono::seconds(60)), 0) << (*waiting)->stderr_text();
  EXPECT_THAT(run_command({"kcat", "-b", (*broker)->bootstrap_server(), "-L"}).out, HasSubstr("\"" + topic + "\""));
}

TEST(RealProvision, JsonIsOneDocument) {
  const Files files;
  files.write_list(unique_name("json") + " 1 1 - false delete true\n");
  for (const bool is_first : {true, false}) {
    const CommandResult applied = run_init_kafka({files.list(), "--output", "json"});
    EXPECT_EQ(applied.exit_code, 0) << PrintToString(applied);
    const auto document = json::parse(applied.out);
    ASSERT_TRUE(document) << applied.out;
    EXPECT_EQ(document->find("version")->as_int64(), 1);
    EXPECT_EQ(document->find("kind")->text(), "apply");
    EXPECT_EQ(document->find("actions")->items().size(), is_first ? 1u : 0u);
  }
}

}  // namespace
}  // namespace omashu::real
