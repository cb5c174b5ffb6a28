// The file of topics on disks that fill up, break and lose power: what was answered holds, and what was refused has
// happened as a whole or not at all.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "broker/log/record_batch_builder.h"
#include "broker/log/testing/memory_file_system.h"
#include "broker/topic/topic_store.h"

namespace omashu::broker {
namespace {

using testing::ElementsAre;
using Names = std::set<std::string>;

const auto kNever = [] { return false; };

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
    ASSERT_TRUE(disk_->create_folder("data"));
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
    for (const Result<TopicPtr>& topic : *created) {
      if (!topic) return fail(topic.error());
    }
    return {};
  }

  Result<void> remove(const Names& names) {
    const std::vector<std::string_view> views(names.begin(), names.end());
    const auto removed = store_->remove(views);
    if (!removed) return fail(removed.error());
    return {};
  }

  // A record that is on the disk afterwards.
  bool append(const std::string& name, std::string_view value) {
    std::string batch = RecordBatchBuilder(1).add("k", value, 1).build();
    const TopicPtr topic = store_->find(name);
    const auto& partition = topic->partitions[0];
    return partition->append(batch, {.now_ms = 1}).error == KafkaError::kNone && partition->log()->flush();
  }

  Offset log_end_offset(const std::string& name) const {
    const auto offsets = store_->find(name)->partitions[0]->log()->offsets();
    EXPECT_TRUE(offsets) << offsets.error().message;
    return offsets ? offsets->log_end_offset : kNoOffset;
  }

  Result<void> remove_deleted_folders() { return store_->remove_deleted_folders(kNever); }

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

// Nobody knows whether a change is on the disk whose last sync has failed. So it is in force, and stays so.
TEST_F(TopicStoreFaultsTest, AChangeWhoseLastSyncFailsIsToldAndHasHappened) {
  using Operation = MemoryFileSystem::Operation;
  open();
  ASSERT_TRUE(create({"a", "b"}));
  disk().set_fault([](Operation operation, const std::string& path) {
    const bool is_refused = operation == Operation::kSyncFolder && path == "data";
    return is_refused ? std::optional(Error{ErrorCode::kUnavailable, path + ": no space", {}}) : std::nullopt;
  });
  EXPECT_FALSE(remove({"a"}));
  EXPECT_FALSE(create({"c"}));
  EXPECT_THAT(names(), ElementsAre("b", "c"));
  disk().set_fault(nullptr);
  EXPECT_TRUE(append("c", "v"));
  std::mt19937 random(1);
  disk().lose_power(random);
  open();
  EXPECT_THAT(names(), ElementsAre("b", "c"));
  EXPECT_EQ(log_end_offset("c"), Offset{1});
}

// The removal fails half way, a topic of the same name is made and written, and the process starts again.
TEST_F(TopicStoreFaultsTest, ALaterTopicOfTheSameNameIsUntouchedHoweverTheDeletionFailed) {
  using Operation = MemoryFileSystem::Operation;
  for (const Operation failing : {Operation::kList, Operation::kRemove, Operation::kOpen, Operation::kRename}) {
    for (const ErrorCode code : {ErrorCode::kIo, ErrorCode::kUnavailable}) {
      put_in_new_disk();
      open();
      ASSERT_TRUE(create({"a"}));
      append("a", "old");
      disk().set_fault([&](Operation operation, const std::string& path) {
        const bool is_in_folder = path.starts_with("data/a-0") || path.ends_with("-delete") || path.ends_with(".log");
        return operation == failing && is_in_folder ? std::optional(Error{code, path + ": broken", {}}) : std::nullopt;
      });
      ASSERT_TRUE(remove({"a"}));
      (void)store_->remove_deleted_folders(kNever);
      const Result<void> created = create({"a"});
      if (!created) {  // it would have got the old one's records
        EXPECT_THAT(created.error().message,
                    testing::AllOf(testing::HasSubstr("the deleted topic 'a'"), testing::HasSubstr("data/a-0")));
      }
      disk().set_fault(nullptr);
      if (!created) {
        EXPECT_TRUE(create({"a"}));
      }
      append("a", "new");
      disk().kill_process();
      open();
      EXPECT_EQ(log_end_offset("a"), Offset{1});
      EXPECT_TRUE(store_->remove_deleted_folders(kNever));
      EXPECT_EQ(log_end_offset("a"), Offset{1});
      EXPECT_THAT(disk().list_folders("data").value(), ElementsAre("a-0"));
    }
  }
}

TEST_F(TopicStoreFaultsTest, TopicsWhoseNamesAreOneInMetricsAreDeletedOneAfterTheOther) {
  open();
  disk().set_fault([](MemoryFileSystem::Operation operation, const std::string& path) {
    const bool is_folder = operation == MemoryFileSystem::Operation::kRename && path.ends_with("-0");
    return is_folder ? std::optional(Error{ErrorCode::kIo, path + ": broken", {}}) : std::nullopt;
  });
  for (const char* name : {"a.b", "a_b", "c"}) {
    ASSERT_TRUE(create({name}));
    append(name, "1");
    ASSERT_TRUE(remove({name}));
  }
  disk().set_fault(nullptr);
  open();
  EXPECT_TRUE(store_->remove_deleted_folders(kNever));
  EXPECT_THAT(disk().list_folders("data").value(), testing::IsEmpty());
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

TEST_F(TopicStoreFaultsTest, AFolderThatKeepsTheNameOfADeletedTopicKeepsNoOtherTopicFromBeingMade) {
  open();
  ASSERT_TRUE(create({"a"}));
  ASSERT_TRUE(append("a", "v"));
  disk().set_fault([](MemoryFileSystem::Operation what, const std::string& path) -> std::optional<Error> {
    if (what != MemoryFileSystem::Operation::kRename || path != "data/a-0") return std::nullopt;
    return Error{ErrorCode::kIo, "injected on " + path, std::nullopt};
  });
  ASSERT_TRUE(remove({"a"}));
  const auto created = create({"a", "b"});
  ASSERT_FALSE(created);
  EXPECT_THAT(created.error().message, testing::HasSubstr("the deleted topic 'a'"));
  EXPECT_THAT(names(), ElementsAre("b"));
  disk().set_fault(nullptr);
  EXPECT_TRUE(create({"a"}));
  EXPECT_EQ(log_end_offset("a"), Offset{0});
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

// A topic is made, written, deleted, and made again; `changes` steps into that the disk stops, and the power is lost.
// What the last topic has acknowledged is there, whatever of the deletions came to the disk.
void stop_and_compare_records(TopicStoreFaultsTest& test, int64_t changes, std::mt19937& random) {
  test.open();
  test.disk().stop_after(changes);
  int64_t acknowledged = -1;  // records of the topic that is there; -1: it may be there or not
  for (int generation = 0; generation < 4; ++generation) {
    if (!test.create({"a"})) break;
    acknowledged = 0;
    while (acknowledged <= generation && test.append("a", "v")) ++acknowledged;
    if (acknowledged <= generation || generation == 3) break;
    acknowledged = -1;
    if (!test.remove({"a"})) break;
    if (generation != 1) (void)test.remove_deleted_folders();
  }
  if (random() % 2 == 0) {
    test.disk().kill_process();
  } else {
    test.disk().lose_power(random);
  }
  test.open();
  if (acknowledged >= 0) {
    ASSERT_THAT(test.names(), ElementsAre("a")) << "after " << changes << " changes";
    EXPECT_GE(test.log_end_offset("a"), Offset{acknowledged}) << "after " << changes << " changes";
  }
  EXPECT_TRUE(test.remove_deleted_folders());
  if (acknowledged >= 0) {
    EXPECT_GE(test.log_end_offset("a"), Offset{acknowledged}) << "after " << changes << " changes";
  } else if (!test.names().contains("a")) {
    EXPECT_TRUE(test.create({"a"}));
    EXPECT_EQ(test.log_end_offset("a"), Offset{0}) << "after " << changes << " changes";
  }
}

TEST_F(TopicStoreFaultsTest, APowerCutAtAnyStepOfADeletionKeepsTheRecordsOfLaterTopics) {
  std::mt19937 random(11);
  for (int64_t changes = 1; changes < 300; ++changes) {
    put_in_new_disk();
    ASSERT_NO_FATAL_FAILURE(stop_and_compare_records(*this, changes, random));
  }
}

}  // namespace
}  // namespace omashu::broker
