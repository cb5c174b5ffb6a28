#include "broker/handler/producer_ids.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "broker/log/testing/memory_file_system.h"

namespace omashu::broker {
namespace {

using testing::HasSubstr;

TEST(ProducerIds, NoneIsGivenTwiceWhateverBecomesOfTheDisk) {
  std::mt19937 random(11);
  MemoryFileSystem disk;
  ASSERT_TRUE(disk.create_folder("data"));
  ASSERT_TRUE(disk.sync_folder("."));
  std::set<ProducerId> given;
  for (int64_t round = 0; round < 200; ++round) {
    ProducerIds ids(disk, "data");
    disk.stop_after(round % 8);
    for (int i = 0; i < 1500; ++i) {  // a block, and half of the next
      const auto id = ids.next();
      if (!id) break;
      ASSERT_TRUE(given.insert(*id).second) << std::to_underlying(*id) << " in round " << round;
    }
    round % 2 == 0 ? disk.kill_process() : disk.lose_power(random);
  }
  EXPECT_GT(given.size(), 10'000U) << "the disk was never well for long enough";
}

TEST(ProducerIds, AFullDiskRefusesUntilThereIsRoom) {
  MemoryFileSystem disk;
  ASSERT_TRUE(disk.create_folder("data"));
  ProducerIds ids(disk, "data");
  disk.set_capacity_bytes(0);
  EXPECT_FALSE(ids.next());
  disk.set_capacity_bytes(1000);
  EXPECT_EQ(ids.next(), ProducerId{0});
}

TEST(ProducerIds, AFileThatHoldsNoIdIsNotReplaced) {
  for (const std::string text : {"", "\n", "x\n", "12", "12 \n", "-1\n", "9223372036854775807\n"}) {
    MemoryFileSystem disk;
    ASSERT_TRUE(disk.create_folder("data"));
    ASSERT_TRUE(disk.replace_file("data/producer_ids", text));
    const auto refused = ProducerIds(disk, "data").next();
    ASSERT_FALSE(refused) << text;
    EXPECT_THAT(refused.error().message, HasSubstr("data/producer_ids"));
    EXPECT_EQ(disk.read_file("data/producer_ids", 100), text);
  }
}

}  // namespace
}  // namespace omashu::broker
