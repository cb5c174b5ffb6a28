#include "broker/log/sparse_index.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "broker/log/testing/memory_file_system.h"

namespace omashu::broker {
namespace {

using KeyBytes = SparseIndex::KeyBytes;

class SparseIndexTest : public testing::TestWithParam<KeyBytes> {
 public:
  SparseIndexTest() {
    EXPECT_TRUE(file_system_.create_folder("/d"));
    file_system_.set_fault([this](MemoryFileSystem::Operation operation, const std::string&) -> std::optional<Error> {
      if (operation == MemoryFileSystem::Operation::kRead) ++reads_;
      return std::nullopt;
    });
    open();
  }

  // As after a restart: what was not written is gone.
  void open() { index_ = std::make_unique<SparseIndex>(files_, "/d/i", GetParam()); }

  void append_many(int count) {
    for (int i = 0; i < count; ++i) {
      const int64_t key = model_.empty() ? 10 : model_.rbegin()->first + 10;
      const auto value = static_cast<int32_t>(3 * key);
      ASSERT_TRUE(index_->append({.key = key, .value = value}));
      model_[key] = value;
    }
  }

  void expect_floor(int64_t key) {
    const auto found = index_->floor(key);
    ASSERT_TRUE(found) << found.error().message;
    const auto after = model_.upper_bound(key);
    ASSERT_EQ(found->has_value(), after != model_.begin()) << key;
    if (!*found) return;
    EXPECT_EQ((*found)->key, std::prev(after)->first);
    EXPECT_EQ((*found)->value, std::prev(after)->second);
  }

 protected:
  MemoryFileSystem file_system_;
  OpenFiles files_{file_system_, 8};
  std::unique_ptr<SparseIndex> index_;
  std::map<int64_t, int32_t> model_;
  int reads_ = 0;  // of the index's file
};

TEST_P(SparseIndexTest, FindsWhatAMapFinds) {
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    append_many(static_cast<int>(random() % 50));
    const int64_t last = model_.empty() ? 0 : model_.rbegin()->first;
    for (int i = 0; i < 20; ++i) expect_floor(static_cast<int64_t>(random() % static_cast<uint64_t>(last + 20)));
    if (random() % 8 == 0) {
      ASSERT_TRUE(index_->write());
      open();
    }
    if (random() % 16 != 0) continue;
    ASSERT_TRUE(index_->write());
    const auto kept = static_cast<int64_t>(random() % static_cast<uint64_t>(last + 20));
    ASSERT_TRUE(index_->cut([&](const SparseIndex::Entry& entry) { return entry.key <= kept; }));
    model_.erase(model_.upper_bound(kept), model_.end());
  }
}

TEST_P(SparseIndexTest, WhoeverReadsOnSeldomReadsTheFile) {
  append_many(5'000);
  const int64_t last = model_.rbegin()->first;
  reads_ = 0;
  for (int64_t key = 0; key <= last; key += 7) expect_floor(key);
  EXPECT_LT(reads_, 1'000);  // for 7,143 look-ups
  expect_floor(last);
  reads_ = 0;
  for (int i = 0; i < 10; ++i) {
    append_many(10);
    expect_floor(model_.rbegin()->first);
  }
  EXPECT_LE(reads_, 10);  // the end is in memory, unless it was written just now
}

INSTANTIATE_TEST_SUITE_P(Keys, SparseIndexTest, testing::Values(KeyBytes::kFour, KeyBytes::kEight));

}  // namespace
}  // namespace omashu::broker
