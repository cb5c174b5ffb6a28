#include "inspect/topic_report_json.h"

#include <gtest/gtest.h>

namespace omashu::inspect {
namespace {

TopicReport status_download() {
  TopicReport report;
  report.description = {
      .name = "status-download",
      .partitions = 2,
      .replication_factor = 1,
      .leaderless_partitions = 1,
      .partition_descriptions = {{.id = 0, .leader = 1, .replicas = {1}, .in_sync_replicas = {1}},
                                 {.id = 1, .leader = {}, .replicas = {1, 2}, .in_sync_replicas = {}}}};
  report.configs["cleanup.policy"] = {.value = "compact", .source = kafka::ConfigSource::kTopic};
  report.configs["retention.ms"] = {.value = "604800000", .source = kafka::ConfigSource::kStaticBroker};
  report.configs["segment.ms"] = {.value = "604800000", .source = kafka::ConfigSource::kDefault};
  report.configs["secret"] = {.value = "", .is_sensitive = true, .source = kafka::ConfigSource::kTopic};
  report.offsets[0] = {.begin = 3, .end = 10};
  report.sizes[0] = {.bytes = 1536, .replicas_bytes = 1536};
  report.newest = {.partition = 0, .offset = 9, .timestamp_ms = 1'000};
  report.readers.push_back({.group = "readers",
                            .state = "Stable",
                            .members = 1,
                            .lag = 4,
                            .lags = {{.partition = {"status-download", 0},
                                      .committed = 6,
                                      .end = 10,
                                      .lag = 4,
                                      .member_id = {},
                                      .client_id = {},
                                      .host = {}}}});
  return report;
}

TEST(TopicReportJson, IsOneObjectAsJson) {
  EXPECT_EQ(
      json::to_text(topic_report_json(status_download())),
      R"({"topic":"status-download","replication_factor":1,"bytes":null,)"
      R"("replicas_bytes":null,"partitions":[{"partition":0,"leader":1,"replicas":[1],)"
      R"("in_sync_replicas":[1],"begin_offset":3,"end_offset":10,"bytes":1536,"replicas_bytes":1536},{"partition":1,"leader":null,"replicas":[1,2],)"
      R"("in_sync_replicas":[],"begin_offset":null,"end_offset":null,"bytes":null,"replicas_bytes":null}],"configs":[{"name":"cleanup.policy",)"
      R"("value":"compact","source":"topic"},{"name":"retention.ms","value":"604800000","source":"broker's file"},)"
      R"({"name":"secret","value":null,"source":"topic"}],"newest_record":{"partition":0,"offset":9,)"
      R"("timestamp":"1970-01-01T00:00:01.000Z"},"groups":[{"group":"readers","state":"Stable","members":1,"lag":4,)"
      R"("partitions":[{"partition":0,"committed":6,"lag":4}]}]})");
}

TEST(TopicReportJson, MayHaveTheSettingsTooThatAreKafkasDefault) {
  const json::Value all = topic_report_json(status_download(), ConfigScope::kAll);
  EXPECT_EQ(all.find("configs")->items().size(), 4U);
  EXPECT_EQ(json::to_text(all.find("configs")->items().back()),
            R"({"name":"segment.ms","value":"604800000","source":"default"})");
}

TEST(TopicReportJson, ARowOfTheListHasNullsForSettingsThatAreNotKnown) {
  const TopicReport report = status_download();
  EXPECT_EQ(json::to_text(topic_row({.description = report.description,
                                     .configs = report.configs,
                                     .size = kafka::PartitionSize{.bytes = 5, .replicas_bytes = 10},
                                     .offsets = {}})),
            R"({"topic":"status-download","partitions":2,"replication_factor":1,"leaderless_partitions":1,)"
            R"("cleanup_policy":"compact","retention_ms":604800000,"bytes":5})");
  EXPECT_EQ(json::to_text(topic_row({.description = {.name = "t", .partitions = 1, .replication_factor = 1},
                                     .configs = {},
                                     .size = {},
                                     .offsets = {}})),
            R"({"topic":"t","partitions":1,"replication_factor":1,"leaderless_partitions":0,"cleanup_policy":null,)"
            R"("retention_ms":null,"bytes":null})");
}

}  // namespace
}  // namespace omashu::inspect
