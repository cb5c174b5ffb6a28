#include "table/live/table_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <set>

#include "base/testing/scratch_folder.h"
#include "table/store/testing/memory_store.h"

namespace omashu::table {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;

class TableFolderTest : public ::testing::Test {
 protected:
  TableFolder folder() {
    return {folder_, "t", [](const std::string& folder, const StoreIdentity& identity) {
              fs::create_directories(folder);
              return Result<std::unique_ptr<TableStore>>(std::make_unique<testing::MemoryStore>(identity));
            }};
  }
  std::set<std::string> there() {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_ + "/t")) names.insert(entry.path().filename());
    return names;
  }

  const ScratchFolder scratch_;
  const std::string folder_ = scratch_.path() + "/tables";
};

TEST_F(TableFolderTest, BeginsWithAFirstStoreAndOpensItAgain) {
  ASSERT_TRUE(folder().open({}));
  EXPECT_THAT(there(), ElementsAre("0"));
  ASSERT_TRUE(folder().open({}));
  EXPECT_THAT(there(), ElementsAre("0"));
}

TEST_F(TableFolderTest, AReplacedStoreStaysUntilNobodyHoldsIt) {
  TableFolder tables = folder();
  auto first = tables.open({}), held = first;
  auto second = tables.open_next({});
  ASSERT_TRUE(second);
  EXPECT_THAT(there(), ElementsAre("0", "1"));
  first->reset();
  EXPECT_THAT(there(), ElementsAre("0", "1"));
  held->reset();
  EXPECT_THAT(there(), ElementsAre("1"));
  second->reset();
  EXPECT_THAT(there(), ElementsAre("1"));
}

TEST_F(TableFolderTest, WhatACrashLeftOfOlderOnesIsRemoved) {
  for (const char* name : {"3", "4", "12", "other"}) fs::create_directories(folder_ + "/t/" + name);
  ASSERT_TRUE(folder().open({}));
  EXPECT_THAT(there(), ElementsAre("12", "other"));
}

TEST_F(TableFolderTest, AFolderThatCannotBeMadeIsAnError) {
  fs::create_directories(folder_);
  std::fclose(std::fopen((folder_ + "/t").c_str(), "w"));
  const auto opened = folder().open({});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kIo);
}

}  // namespace
}  // namespace omashu::table
