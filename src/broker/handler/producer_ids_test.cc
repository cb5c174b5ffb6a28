#include "broker/handler/producer_ids.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "broker/log/testing/damage.h"
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

TEST(ProducerIds, GoOnBeyondAllThatWereGivenWhereTheFileIsDamagedWhichIsReported) {
  std::mt19937 random(3);
  for (const Damage how : kAllDamages) {
    for (int i = 0; i < 50; ++i) {
      MemoryFileSystem disk;
      ASSERT_TRUE(disk.create_folder("data"));
      ASSERT_TRUE(disk.create_folder("data/t-0"));
      ASSERT_TRUE(disk.replace_file("data/producer_ids", "7000\n"));
      std::vector<std::string> reports;
      const auto next = [&] {
        ProducerIds ids(disk, "data", [&](const std::string& report) { reports.push_back(report); });
        const auto id = ids.next();
        EXPECT_TRUE(id) << id.error().message;
        return std::to_underlying(id.value_or(ProducerId{-1}));
      };
      ASSERT_EQ(next(), 7000);
      const std::string before = *disk.read_file("data/producer_ids", 100);
      ASSERT_TRUE(damage_file(disk, "data/producer_ids", how, random));
      const auto after = disk.read_file("data/producer_ids", 1000);
      const int64_t id = next();
      ASSERT_GE(id, 8000) << static_cast<int>(how);
      ASSERT_EQ(next(), id + 1000) << "the file is whole again";
      if (id == 8000) {
        ASSERT_EQ(before.find(*after), 0U) << "its checksum may be missing, and nothing else";
      } else if (after) {
        ASSERT_THAT(reports, testing::ElementsAre(HasSubstr("data/producer_ids is damaged")));
      }
    }
  }
}

TEST(ProducerIds, AFileThatHoldsNoIdIsDamaged) {
  for (const std::string text : {"", "\n", "x\n", "12", "12 \n", "-1\n", "9223372036854775807\n"}) {
    MemoryFileSystem disk;
    ASSERT_TRUE(disk.create_folder("data"));
    ASSERT_TRUE(disk.replace_file("data/producer_ids", text));
    const auto id = ProducerIds(disk, "data").next();
    ASSERT_TRUE(id) << id.error().message;
    EXPECT_GE(std::to_underlying(*id), int64_t{1} << 40) << text;
  }
}

TEST(ProducerIds, AFileThatCannotBeReadIsNotReplaced) {
  MemoryFileSystem disk;
  ASSERT_TRUE(disk.create_folder("data"));
  ASSERT_TRUE(disk.replace_file("data/producer_ids", "12\n"));
  ProducerIds ids(disk, "data");
  disk.set_fault([](MemoryFileSystem::Operation what, const std::string& path) -> std::optional<Error> {
    if (what != MemoryFileSystem::Operation::kRead) return std::nullopt;
    return Error{ErrorCode::kIo, "injected on " + path, std::nullopt};
  });
  const auto refused = ids.next();
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("data/producer_ids"));
  disk.set_fault(nullptr);
  EXPECT_EQ(ids.next(), ProducerId{12});
}

}  // namespace
}  // namespace omashu::broker
