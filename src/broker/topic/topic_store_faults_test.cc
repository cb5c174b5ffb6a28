// The file of topics on disks that fill up, break and lose power: what was answered holds, and what was refused has
// happened as a whole or not at all.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "broker/log/testing/memory_file_system.h"
#include "broker/topic/topic_store.h"

namespace omashu::broker {
namespace {

using testing::ElementsAre;
using Names = std::set<std::string>;

class TopicStoreFaultsTest : public testing::Test {
 public:
  TopicStoreFaultsTest() { put_in_new_disk(); }

  void put_in_new_disk() {
    store_.reset();
    files_.reset();
    disk_ = std::make_unique<MemoryFileSystem>();
    ASSERT_TRUE(disk_->create_folder("data"));  // in a folder that nobody has synced
  }

  MemoryFileSystem& disk() { return *disk_; }

  void open() {
    store_.reset();
    files_ = std::make_unique<OpenFiles>(*disk_, 8);
    auto opened = TopicStore::open(*files_, "data");
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = *std::move(opened);
  }

  Result<void> create(const Names& names) {
    std::vector<TopicStore::NewTopic> topics;
    for (const std::string& name : names) topics.push_back({name, 1, {}});
    const auto created = store_->create(std::move(topics));
    if (!created) return fail(created.error());
    return {};
  }

  Result<void> remove(const Names& names) {
    const std::vector<std::string_view> views(names.begin(), names.end());
    const auto removed = store_->remove(views);
    if (!removed) return fail(removed.error());
    return {};
  }

  Names names() const {
    Names all;
    for (const TopicPtr& topic : store_->all()) all.insert(topic->name);
    return all;
  }

 protected:
  std::unique_ptr<MemoryFileSystem> disk_;
  std::unique_ptr<OpenFiles> files_;
  std::unique_ptr<TopicStore> store_;
};

TEST_F(TopicStoreFaultsTest, ADiskWithoutRoomRefusesTopicsUntilThereIsSome) {
  open();
  ASSERT_TRUE(create({"a"}));
  disk().set_capacity_bytes(200);
  EXPECT_FALSE(create({"b"}));
  EXPECT_THAT(names(), ElementsAre("a"));
  disk().set_capacity_bytes(100'000);
  ASSERT_TRUE(create({"c"}));
  open();
  EXPECT_THAT(names(), ElementsAre("a", "c"));
}

TEST_F(TopicStoreFaultsTest, AnErrorAtAnyStepLeavesTheTopicsAsTheyWere) {
  using Operation = MemoryFileSystem::Operation;
  for (const Operation failing : {Operation::kOpen, Operation::kWrite, Operation::kSync, Operation::kRename}) {
    open();
    ASSERT_TRUE(create({"a"}));
    disk().set_fault([failing](Operation operation, const std::string& path) {
      return operation == failing ? std::optional(Error{ErrorCode::kIo, path + ": broken", {}}) : std::nullopt;
    });
    EXPECT_FALSE(create({"b"}));
    EXPECT_FALSE(remove({"a"}));
    EXPECT_THAT(names(), ElementsAre("a"));
    disk().set_fault(nullptr);
    disk().kill_process();
    open();
    EXPECT_THAT(names(), ElementsAre("a"));
  }
}

TEST_F(TopicStoreFaultsTest, AFolderAroundItThatMayNotBeReadRefusesNothing) {
  ErrorCode code = ErrorCode::kIo;
  disk().set_fault([&code](MemoryFileSystem::Operation, const std::string& path) {
    return path == "." ? std::optional(Error{code, "cannot open .", {}}) : std::nullopt;
  });
  open();
  EXPECT_FALSE(create({"a"}));
  code = ErrorCode::kUnauthorized;
  EXPECT_TRUE(create({"a"}));
}

// `changes` steps into a run of creations and removals the disk stops; then the power is lost.
void stop_and_compare(TopicStoreFaultsTest& test, int64_t changes, std::mt19937& random) {
  test.open();
  test.disk().stop_after(changes);
  Names before;
  Names after;  // differs from `before` by a change that was refused
  const auto note = [&](const Result<void>& done) {
    if (done) before = after;
    return done.has_value();
  };
  for (int i = 0; i < 20; ++i) {
    after = before;
    const Names added = {"x" + std::to_string(i), "y" + std::to_string(i)};
    after.insert(added.begin(), added.end());
    if (!note(test.create(added))) break;
    if (i % 3 != 2) continue;
    after.erase("x" + std::to_string(i - 1));
    if (!note(test.remove({"x" + std::to_string(i - 1)}))) break;
  }
  test.disk().lose_power(random);
  test.open();
  EXPECT_THAT(test.names(), testing::AnyOf(before, after)) << "after " << changes << " changes of the disk";
}

TEST_F(TopicStoreFaultsTest, APowerCutAtAnyStepKeepsWhatWasAnswered) {
  std::mt19937 random(7);
  for (int64_t changes = 1; changes < 150; ++changes) {
    put_in_new_disk();
    ASSERT_NO_FATAL_FAILURE(stop_and_compare(*this, changes, random));
  }
}

}  // namespace
}  // namespace omashu::broker
