#include "table/store/store_memory.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "base/testing/scratch_folder.h"
#include "table/store/table_store.h"

namespace omashu::table {
namespace {

constexpr int kRowsOfABatch = 500;

std::unique_ptr<TableStore> open(const std::string& folder, const std::shared_ptr<StoreMemory>& memory) {
  auto store = TableStore::open({.folder = folder, .memory = memory},
                                {.topic = "t", .topic_id = "i", .key_schema = "", .indexes = {}});
  if (!store) throw std::runtime_error(store.error().message);
  return *std::move(store);
}

std::string key(int number) { return fmt::format("key-{}", number * 7919 % 1'000'003); }

TEST(StoreMemory, IsABoundForAllStoresTogetherWhateverTheyHold) {
  const ScratchFolder folder;
  const auto memory = std::make_shared<StoreMemory>(StoreMemory::kMinBytes);
  const std::unique_ptr<TableStore> stores[] = {open(folder.path() + "/a", memory), open(folder.path() + "/b", memory)};
  // Blocks in use and a memory table that is being filled may go beyond the bound for a moment.
  const uint64_t most = memory->max_bytes() + memory->max_bytes() / 4;
  int rows = 0;
  for (; rows < 40'000; rows += kRowsOfABatch) {
    for (const auto& store : stores) {
      ChangeBatch batch;
      for (int i = rows; i < rows + kRowsOfABatch; ++i) {
        // What lz4 cannot make smaller, so that the files are four times as large as the memory.
        std::string row;
        for (uint64_t word = static_cast<uint64_t>(i) + 1; row.size() < 400; word *= 0x9e3779b97f4a7c15u) {
          row += fmt::format("{:x}", word);
        }
        batch.rows.push_back({.key = key(i), .row = std::move(row), .live = 1, .indexes = {}});
      }
      ASSERT_TRUE(store->apply(batch));
      ASSERT_LE(memory->used_bytes(), most) << rows;
    }
  }
  for (const auto& store : stores) {
    ASSERT_TRUE(store->flush());
    EXPECT_GT(store->disk_bytes(), memory->max_bytes());
  }
  for (int i = 0; i < rows; i += 7) {
    for (const auto& store : stores) {
      const auto row = store->get(key(i), Reach::kDisk);
      ASSERT_TRUE(row && *row);
    }
    ASSERT_LE(memory->used_bytes(), most);
  }
  for (const auto& store : stores) {
    ASSERT_TRUE(store->snapshot()->scan(
        {}, false, [&](std::string_view, std::string_view) { return memory->used_bytes() <= most; }));
  }
  EXPECT_LE(memory->used_bytes(), most);
}

TEST(StoreMemory, TooLittleIsTakenForTheLeastThatWorks) {
  EXPECT_EQ(StoreMemory(1).max_bytes(), StoreMemory::kMinBytes);
  EXPECT_EQ(StoreMemory().max_bytes(), StoreMemory::kDefaultBytes);
}

}  // namespace
}  // namespace omashu::table
