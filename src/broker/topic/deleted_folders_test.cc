#include "broker/topic/deleted_folders.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/topic_name.h"
#include "broker/log/testing/memory_file_system.h"

namespace omashu::broker {
namespace {

const auto kNever = [] { return false; };

class DeletedFoldersTest : public testing::Test {
 public:
  DeletedFoldersTest() { EXPECT_TRUE(disk_.create_folder("data")); }

  std::string make_folder(int32_t partition) {
    const std::string name = deleted_folder_name(random_id(), PartitionId{partition});
    EXPECT_TRUE(disk_.create_folder("data/" + name));
    for (const char* file : {"/a", "/b"}) {
      EXPECT_TRUE(disk_.open("data/" + name + file, FileSystem::OpenMode::kCreate));
    }
    folders_.add(name);
    return name;
  }

  size_t folders_left() { return disk_.list_folders("data").value().size(); }

 protected:
  MemoryFileSystem disk_;
  DeletedFolders folders_{disk_, "data"};
};

TEST(DeletedFolderName, IsNoPartitionsAndFitsIntoAFileName) {
  const std::string name = deleted_folder_name(TopicId{}, PartitionId{9999});
  EXPECT_EQ(name, "AAAAAAAAAAAAAAAAAAAAAA-9999-delete");
  EXPECT_TRUE(is_deleted_folder_name(name));
  for (const char* other :
       {"a-0", "AAAAAAAAAAAAAAAAAAAAAA-9999", "AAAAAAAAAAAAAAAAAAAAAA--delete", "-delete", "",
        "AAAAAAAAAAAAAAAAAAAAAA-x-delete", "my-backup-0-delete", "AAAAAAAAAAAAAAAAAAAAA.-0-delete"}) {
    EXPECT_FALSE(is_deleted_folder_name(other)) << other;
  }
}

TEST_F(DeletedFoldersTest, GoWithTheirFiles) {
  make_folder(0);
  make_folder(1);
  folders_.add(deleted_folder_name(random_id(), PartitionId{2}));  // it was never made
  EXPECT_TRUE(folders_.remove_all(kNever));
  EXPECT_EQ(folders_left(), 0u);
  EXPECT_TRUE(folders_.is_empty());
}

TEST_F(DeletedFoldersTest, OneThatCannotBeRemovedKeepsNoOtherAndIsTriedAgain) {
  const std::string first = make_folder(0);
  make_folder(1);
  disk_.set_fault([&](MemoryFileSystem::Operation operation, const std::string& path) {
    const bool fails = operation == MemoryFileSystem::Operation::kRemove && path == "data/" + first + "/b";
    return fails ? std::optional(Error{ErrorCode::kIo, "cannot remove b", {}}) : std::nullopt;
  });
  const auto removed = folders_.remove_all(kNever);
  ASSERT_FALSE(removed);
  EXPECT_EQ(removed.error().message, "cannot remove b");
  EXPECT_THAT(disk_.list_folders("data").value(), testing::ElementsAre(first));
  disk_.set_fault(nullptr);
  EXPECT_TRUE(folders_.remove_all(kNever));
  EXPECT_EQ(folders_left(), 0u);
}

TEST_F(DeletedFoldersTest, StoppingLeavesTheRestForLater) {
  make_folder(0);
  make_folder(1);
  int questions = 0;
  EXPECT_TRUE(folders_.remove_all([&] { return ++questions > 2; })) << "stopping is no error";
  EXPECT_EQ(folders_left(), 2u);
  EXPECT_FALSE(folders_.is_empty());
  EXPECT_TRUE(folders_.remove_all(kNever));
  EXPECT_EQ(folders_left(), 0u);
}

}  // namespace
}  // namespace omashu::broker
