#include "broker/log/open_files.h"

#include <gtest/gtest.h>

#include "broker/log/testing/scratch_folder.h"

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

}  // namespace
}  // namespace omashu::broker
