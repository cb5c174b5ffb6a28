#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "broker/handler/testing/broker_fixture.h"
#include "broker/protocol/35_describe_log_dirs.h"

namespace omashu::broker {
namespace {

using ::testing::SizeIs;

class DescribeLogDirsTest : public BrokerFixture {
 public:
  // Of topic and partition, where the answer has it.
  static std::optional<int64_t> size_in(const DescribeLogDirsResponse& response, std::string_view name, int32_t index) {
    for (const auto& topic : response.results.at(0).topics) {
      for (const auto& partition : topic.partitions) {
        if (topic.name == name && partition.partition_index == PartitionId{index}) return partition.partition_size;
      }
    }
    return std::nullopt;
  }

  int64_t file_size(const std::string& partition) const {
    return static_cast<int64_t>(
        std::filesystem::file_size(options.data_folder + "/" + partition + "/00000000000000000000.log"));
  }
};

TEST_F(DescribeLogDirsTest, TellsTheSizesOfPartitionsAndOfTheVolumeAtEveryVersion) {
  create_topic("t", 2);
  ASSERT_EQ(append("t", "a record", 1).error, KafkaError::kNone);
  for (int16_t version = DescribeLogDirsRequest::kApi.versions.min;
       version <= DescribeLogDirsRequest::kApi.versions.max; ++version) {
    const auto told = call(DescribeLogDirsRequest{}, version);
    EXPECT_EQ(told->error_code, KafkaError::kNone);
    ASSERT_THAT(told->results, SizeIs(1));
    EXPECT_EQ(told->results[0].error_code, KafkaError::kNone);
    EXPECT_EQ(told->results[0].log_dir, options.data_folder);
    EXPECT_EQ(size_in(*told, "t", 0), 0) << "it has no folder yet";
    EXPECT_EQ(size_in(*told, "t", 1), file_size("t-1"));
    EXPECT_EQ(told->results[0].total_bytes > 0, version >= 4);
    EXPECT_LE(told->results[0].usable_bytes, told->results[0].total_bytes);
  }
}

TEST_F(DescribeLogDirsTest, PartitionsAreMeasuredWithoutBeingOpened) {
  create_topic("t");
  ASSERT_EQ(append("t", "a record").error, KafkaError::kNone);
  const int64_t size = file_size("t-0");
  restart();
  EXPECT_EQ(size_in(*call(DescribeLogDirsRequest{}), "t", 0), size);
  EXPECT_FALSE(broker().topics().find("t")->partitions[0]->log()->is_open());
}

TEST_F(DescribeLogDirsTest, ThoseThatAreNamedAreTold) {
  create_topic("t", 3);
  create_topic("other");
  const auto told = call(DescribeLogDirsRequest{
      .topics = {{{.topic = "t", .partitions = {PartitionId{2}, PartitionId{7}, PartitionId{-1}}},
                  {.topic = "not there", .partitions = {PartitionId{0}}}}}});
  ASSERT_THAT(told->results, SizeIs(1));
  ASSERT_THAT(told->results[0].topics, SizeIs(1));
  ASSERT_THAT(told->results[0].topics[0].partitions, SizeIs(1));
  EXPECT_EQ(told->results[0].topics[0].partitions[0].partition_index, PartitionId{2});
  EXPECT_THAT(call(DescribeLogDirsRequest{.topics = {{}}})->results.at(0).topics, SizeIs(0)) << "none is named";
}

TEST_F(DescribeLogDirsTest, AFolderThatCannotBeReadIsAnErrorOfTheDisk) {
  create_topic("t");
  std::ofstream(options.data_folder + "/t-0") << "a file where the folder was to be";
  const auto told = call(DescribeLogDirsRequest{});
  EXPECT_EQ(told->error_code, KafkaError::kNone);
  EXPECT_EQ(told->results.at(0).error_code, KafkaError::kKafkaStorageError);
  EXPECT_THAT(told->results[0].topics, SizeIs(0));
}

}  // namespace
}  // namespace omashu::broker
