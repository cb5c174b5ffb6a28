// A disk that is full for a while.

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <atomic>
#include <map>
#include <random>

#include "base/testing/scratch_folder.h"
#include "table/store/rocks_store.h"

namespace omashu::table {
namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using testing::HasSubstr;

// The machine's files; while `is_full`, nothing can be appended and no file made.
class FullDisk : public rocksdb::FileSystemWrapper {
 public:
  explicit FullDisk(const std::atomic<bool>& is_full)
      : FileSystemWrapper(rocksdb::FileSystem::Default()), is_full_(is_full) {}
  const char* Name() const override { return "FullDisk"; }

  IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext* context) override {
    if (is_full_) return no_space();
    const IOStatus made = FileSystemWrapper::NewWritableFile(name, options, file, context);
    if (made.ok()) *file = std::make_unique<File>(std::move(*file), is_full_);
    return made;
  }

 private:
  static IOStatus no_space() { return IOStatus::NoSpace("No space left on device"); }

  class File : public rocksdb::FSWritableFileOwnerWrapper {
   public:
    File(std::unique_ptr<rocksdb::FSWritableFile> file, const std::atomic<bool>& is_full)
        : FSWritableFileOwnerWrapper(std::move(file)), is_full_(is_full) {}

    IOStatus Append(const rocksdb::Slice& data, const IOOptions& options, IODebugContext* context) override {
      return is_full_ ? no_space() : FSWritableFileOwnerWrapper::Append(data, options, context);
    }
    IOStatus Append(const rocksdb::Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo& info,
                    IODebugContext* context) override {
      return is_full_ ? no_space() : FSWritableFileOwnerWrapper::Append(data, options, info, context);
    }

   private:
    const std::atomic<bool>& is_full_;
  };

  const std::atomic<bool>& is_full_;
};

class TableStoreDisk : public testing::Test {
 protected:
  TableStoreDisk() { EXPECT_TRUE(open()); }

  bool open() {
    store_.reset();
    auto opened =
        open_rocks_store({.folder = folder_.path(), .memory = std::make_shared<StoreMemory>(StoreMemory::kMinBytes)},
                         {.topic = "t", .topic_id = "i", .key_schema = "", .indexes = {"status"}}, env_.get());
    if (!opened) {
      error_ = opened.error();
      return false;
    }
    store_ = *std::move(opened);
    return true;
  }

  static ChangeBatch row(std::string key, std::string value, int64_t next_offset) {
    return {.rows = {{.key = std::move(key), .row = std::move(value), .live = 1, .indexes = {{0, {}, "DONE"}}}},
            .next_offsets = {{0, next_offset}}};
  }

  const ScratchFolder folder_;
  std::atomic<bool> is_full_ = false;
  const std::unique_ptr<rocksdb::Env> env_ = rocksdb::NewCompositeEnv(std::make_shared<FullDisk>(is_full_));
  std::unique_ptr<TableStore> store_;
  Error error_;
};

TEST_F(TableStoreDisk, AFullDiskIsSaidAndNothingIsLostOnceThereIsSpaceAgain) {
  ASSERT_TRUE(store_->apply(row("a", "1", 1)));
  ASSERT_TRUE(store_->flush());
  ASSERT_TRUE(store_->apply(row("b", "2", 2)));
  is_full_ = true;
  const auto flushed = store_->flush();
  ASSERT_FALSE(flushed);
  EXPECT_EQ(flushed.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(flushed.error().message, HasSubstr(folder_.path()));
  EXPECT_THAT(flushed.error().message, HasSubstr("there is no space left on the disk"));

  const auto applied = store_->apply(row("c", "3", 3));
  if (!applied) {
    EXPECT_EQ(applied.error().code, ErrorCode::kUnavailable);
    EXPECT_EQ(store_->get("c", Reach::kDisk), std::nullopt);
  }
  EXPECT_EQ(store_->get("a", Reach::kDisk), "1");
  EXPECT_EQ(store_->get("b", Reach::kDisk), "2");

  is_full_ = false;
  if (!applied) {
    ASSERT_TRUE(store_->apply(row("c", "3", 3)));
  }
  ASSERT_TRUE(store_->flush());
  ASSERT_TRUE(open());
  EXPECT_EQ(store_->emptied_because(), std::nullopt);
  for (const auto& [key, value] : {std::pair("a", "1"), {"b", "2"}, {"c", "3"}}) {
    EXPECT_EQ(store_->get(key, Reach::kDisk), value);
  }
  EXPECT_EQ(store_->snapshot()->live_rows(), 3);
}

TEST_F(TableStoreDisk, AStoreThatCannotBeOpenedForLackOfSpaceIsKept) {
  ASSERT_TRUE(store_->apply(row("a", "1", 1)));
  store_.reset();
  is_full_ = true;
  ASSERT_FALSE(open());
  EXPECT_EQ(error_.code, ErrorCode::kUnavailable);
  is_full_ = false;
  ASSERT_TRUE(open());
  EXPECT_EQ(store_->emptied_because(), std::nullopt);
  EXPECT_EQ(store_->get("a", Reach::kDisk), "1");
}

// Changes go on while the disk is full now and then, also in the midst of flushes that the store makes by itself.
TEST_F(TableStoreDisk, WhatWasAppliedBetweenTimesOfAFullDiskIsThere) {
  std::mt19937 random(1);
  std::map<std::string, std::string> rows;
  int64_t next_offset = 0;
  for (int i = 0; i < 3'000; ++i) {
    if (random() % 100 == 0) is_full_ = !is_full_;
    const std::string key = fmt::format("key-{}", i),
                      value = fmt::format("{} {}", i, std::string(random() % 4'000, 'x'));
    ChangeBatch batch = row(key, value, i + 1);
    batch.is_bulk = random() % 20 == 0;
    auto applied = store_->apply(batch);
    if (!applied) {
      ASSERT_EQ(applied.error().code, ErrorCode::kUnavailable) << applied.error().message;
      is_full_ = false;
      applied = store_->apply(batch);
    }
    ASSERT_TRUE(applied) << applied.error().message;
    rows[key] = value;
    next_offset = i + 1;
  }
  is_full_ = false;
  ASSERT_TRUE(store_->flush());
  ASSERT_TRUE(open());
  std::map<std::string, std::string> found;
  ASSERT_TRUE(store_->snapshot()->scan({}, false, [&](std::string_view key, std::string_view value) {
    found.emplace(key, value);
    return true;
  }));
  EXPECT_TRUE(found == rows);
  EXPECT_EQ(store_->snapshot()->next_offsets().at(0), next_offset);
  const auto counts = store_->snapshot()->counts(0);
  ASSERT_TRUE(counts);
  EXPECT_EQ(counts->at(0).count, static_cast<int64_t>(rows.size()));
}

}  // namespace
}  // namespace omashu::table
