#include "broker/log/sparse_index.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "broker/log/testing/scratch_folder.h"

namespace omashu::broker {
namespace {

using KeyBytes = SparseIndex::KeyBytes;

// Files that count how often they are read.
class CountingFileSystem : public FileSystem {
 public:
  int reads = 0;

  Result<std::shared_ptr<File>> open(const std::string& path, OpenMode mode) override {
    auto file = real_file_system().open(path, mode);
    if (!file) return fail(file.error());
    return std::make_shared<CountingFile>(std::move(*file), reads);
  }
  Result<void> create_folder(const std::string& path) override { return real_file_system().create_folder(path); }
  Result<void> remove_file(const std::string& path) override { return real_file_system().remove_file(path); }
  Result<void> remove_folder(const std::string& path) override { return real_file_system().remove_folder(path); }
  Result<void> rename(const std::string& from, const std::string& to) override {
    return real_file_system().rename(from, to);
  }
  Result<void> sync_folder(const std::string& path) override { return real_file_system().sync_folder(path); }
  Result<std::vector<FileInfo>> list(const std::string& folder) override { return real_file_system().list(folder); }

 private:
  class CountingFile : public File {
   public:
    CountingFile(std::shared_ptr<File> file, int& reads) : file_(std::move(file)), reads_(reads) {}
    Result<size_t> read_some(uint64_t position, std::span<char> into) const override {
      ++reads_;
      return file_->read_some(position, into);
    }
    Result<size_t> write_some(uint64_t position, std::string_view bytes) override {
      return file_->write_some(position, bytes);
    }
    Result<uint64_t> size_bytes() const override { return file_->size_bytes(); }
    Result<void> truncate(uint64_t size_bytes) override { return file_->truncate(size_bytes); }
    Result<void> sync() override { return file_->sync(); }
    int native_fd() const override { return file_->native_fd(); }

   private:
    const std::shared_ptr<File> file_;
    int& reads_;
  };
};

class SparseIndexTest : public testing::TestWithParam<KeyBytes> {
 public:
  SparseIndexTest() { open(); }

  // As after a restart: what was not written is gone.
  void open() { index_ = std::make_unique<SparseIndex>(files_, folder_.path() + "/i", GetParam()); }

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
  ScratchFolder folder_;
  CountingFileSystem file_system_;
  OpenFiles files_{file_system_, 8};
  std::unique_ptr<SparseIndex> index_;
  std::map<int64_t, int32_t> model_;
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
  file_system_.reads = 0;
  for (int64_t key = 0; key <= last; key += 7) expect_floor(key);
  EXPECT_LT(file_system_.reads, 1'000);  // for 7,143 look-ups
  expect_floor(last);
  file_system_.reads = 0;
  for (int i = 0; i < 10; ++i) {
    append_many(10);
    expect_floor(model_.rbegin()->first);
  }
  EXPECT_LE(file_system_.reads, 10);  // the end is in memory, unless it was written just now
}

INSTANTIATE_TEST_SUITE_P(Keys, SparseIndexTest, testing::Values(KeyBytes::kFour, KeyBytes::kEight));

}  // namespace
}  // namespace omashu::broker
