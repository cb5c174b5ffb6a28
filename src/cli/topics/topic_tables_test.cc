#include "cli/topics/topic_tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::cli {
namespace {

using inspect::TopicReport;
using testing::ElementsAre;
using testing::IsEmpty;

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
  report.readers.push_back({.group = "readers", .state = "Stable", .members = 1, .lag = 4, .lags = {}});
  return report;
}

TEST(TopicTables, TablesShowADashForWhatIsNotKnown) {
  const TopicReport report = status_download();
  EXPECT_EQ(topic_summary(report),
            "status-download: 2 partitions, replication factor 1, 7 offsets\n"
            "newest record: 1970-01-01T00:00:01.000Z (status-download-0-9)\n");
  EXPECT_THAT(partition_rows(report).rows, ElementsAre(ElementsAre("0", "1", "1", "1", "3", "10", "1.5 KiB"),
                                                       ElementsAre("1", "none", "1,2", "", "-", "-", "-")));
  EXPECT_THAT(reader_rows(report).rows, ElementsAre(ElementsAre("readers", "Stable", "1", "4")));
  EXPECT_THAT(reader_rows(TopicReport()).rows, IsEmpty());
  EXPECT_EQ(topic_summary(TopicReport()),
            ": 0 partitions, replication factor 0, 0 offsets, 0 B\nnewest record: none\n");
}

TEST(TopicTables, ShowsTheSettingsThatAreNotKafkasDefaultAndWhoSetThem) {
  EXPECT_THAT(config_rows(status_download()).rows,
              ElementsAre(ElementsAre("cleanup.policy", "compact", "topic"),
                          ElementsAre("retention.ms", "604800000 (7 days)", "broker's file"),
                          ElementsAre("secret", "(withheld)", "topic")));
}

}  // namespace
}  // namespace omashu::cli
