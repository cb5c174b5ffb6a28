#include "broker/log/open_files.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/testing/scratch_folder.h"

namespace omashu::broker {
namespace {

using OpenMode = FileSystem::OpenMode;

TEST(OpenFiles, ClosesTheLeastRecentlyUsed) {
  const ScratchFolder folder;
  OpenFiles files(real_file_system(), 2);
  const std::weak_ptr<File> a = *files.open(folder.path() + "/a", OpenMode::kCreate);
  const std::weak_ptr<File> b = *files.open(folder.path() + "/b", OpenMode::kCreate);
  EXPECT_EQ(*files.open(folder.path() + "/a", OpenMode::kExisting), a.lock());
  const std::weak_ptr<File> c = *files.open(folder.path() + "/c", OpenMode::kCreate);
  EXPECT_FALSE(a.expired());
  EXPECT_TRUE(b.expired());
  EXPECT_FALSE(c.expired());
}

TEST(OpenFiles, AFileInUseOutlivesItsPlaceAndItsName) {
  const ScratchFolder folder;
  OpenFiles files(real_file_system(), 1);
  const std::string path = folder.path() + "/a";
  const auto held = *files.open(path, OpenMode::kCreate);
  ASSERT_TRUE(held->write_all(0, "old"));
  ASSERT_TRUE(files.file_system().remove_file(path));
  files.forget(path);
  EXPECT_EQ(files.open(path, OpenMode::kExisting).error().code, ErrorCode::kNotFound);
  ASSERT_TRUE((*files.open(path, OpenMode::kCreate))->write_all(0, "new"));
  std::string bytes(3, ' ');
  ASSERT_TRUE(held->read_all(0, bytes));
  EXPECT_EQ(bytes, "old");
}

TEST(OpenFiles, AFolderThatHasMovedIsForgottenWithItsFiles) {
  const ScratchFolder scratch;
  OpenFiles files(real_file_system(), 8);
  FileSystem& file_system = files.file_system();
  for (const char* name : {"/t-1", "/t-10"}) {
    ASSERT_TRUE(file_system.create_folder(scratch.path() + name));
    ASSERT_TRUE(files.open(scratch.path() + name + "/a", OpenMode::kCreate));
  }
  ASSERT_TRUE(file_system.rename(scratch.path() + "/t-1", scratch.path() + "/gone"));
  files.forget_folder(scratch.path() + "/t-1");
  EXPECT_EQ(files.open(scratch.path() + "/t-1/a", OpenMode::kExisting).error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(files.open(scratch.path() + "/t-10/a", OpenMode::kExisting));
  auto folders = file_system.list_folders(scratch.path()).value();
  std::ranges::sort(folders);
  EXPECT_EQ(folders, (std::vector<std::string>{"gone", "t-10"}));
}

}  // namespace
}  // namespace omashu::broker
