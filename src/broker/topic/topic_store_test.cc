#include "broker/topic/topic_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

#include "base/testing/scratch_folder.h"
#include "broker/log/record_batch_builder.h"

namespace omashu::broker {
namespace {

using testing::ElementsAre;

const auto kNever = [] { return false; };

class TopicStoreTest : public testing::Test {
 public:
  TopicStoreTest() { open(); }

  void open() {
    auto opened = TopicStore::open(files_, scratch_.path());
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = *std::move(opened);
  }

  TopicStore& store() { return *store_; }

  void create(const std::string& name, int32_t partitions = 1, TopicConfigs configs = {}) {
    std::vector<TopicStore::NewTopic> topics;
    topics.push_back({name, partitions, std::move(configs)});
    const auto created = store_->create(std::move(topics));
    ASSERT_TRUE(created) << created.error().message;
    ASSERT_NE(created->at(0), nullptr);
  }

  AppendResult append(const std::string& topic) {
    std::string batch = RecordBatchBuilder(1).add("k", "v", 1).build();
    return store_->find(topic)->partitions.at(0)->append(batch, {.now_ms = 1});
  }

  Result<void> change(std::string_view name, int32_t partitions, TopicConfigs configs) {
    return store_->change(std::span(&name, 1),
                          [&](size_t, const Topic*) { return TopicStore::TopicShape{partitions, configs}; });
  }

  std::vector<std::string> names() {
    std::vector<std::string> names;
    for (const TopicPtr& topic : store_->all()) names.push_back(topic->name);
    return names;
  }

  bool has_folder(const std::string& name) const { return std::filesystem::exists(scratch_.path() + "/" + name); }
  const std::string& folder() const { return scratch_.path(); }
  std::string topic_file() const { return scratch_.path() + "/topics.json"; }

 private:
  ScratchFolder scratch_;
  OpenFiles files_{real_file_system(), 8};
  std::unique_ptr<TopicStore> store_;
};

TEST_F(TopicStoreTest, TopicsOutliveTheProcess) {
  create("b", 3, {{"cleanup.policy", "compact"}});
  create("a");
  const TopicId id = store().find("b")->id;
  const std::string cluster_id = store().cluster_id();
  open();
  EXPECT_THAT(names(), ElementsAre("a", "b"));
  EXPECT_EQ(store().find("b")->id, id);
  EXPECT_EQ(store().find(id)->name, "b");
  EXPECT_EQ(store().find("b")->partitions.size(), 3u);
  EXPECT_EQ(store().find("b")->configs.at("cleanup.policy"), "compact");
  EXPECT_EQ(store().cluster_id(), cluster_id);
  EXPECT_EQ(store().find("c"), nullptr);
  EXPECT_EQ(store().find(TopicId{}), nullptr);
}

TEST_F(TopicStoreTest, AStoreWithoutTopicsKeepsItsClusterIdToo) {
  const std::string cluster_id = store().cluster_id();
  ASSERT_TRUE(store().close());
  open();
  EXPECT_EQ(store().cluster_id(), cluster_id);
}

TEST_F(TopicStoreTest, ATakenNameIsNotCreatedAgain) {
  create("a", 2);
  std::vector<TopicStore::NewTopic> topics;
  topics.push_back({"a", 5, {}});
  topics.push_back({"b", 1, {}});
  topics.push_back({"b", 4, {}});
  const auto created = store().create(std::move(topics));
  ASSERT_TRUE(created);
  EXPECT_EQ(created->at(0), nullptr);
  EXPECT_NE(created->at(1), nullptr);
  EXPECT_EQ(created->at(2), nullptr);
  EXPECT_EQ(store().find("a")->partitions.size(), 2u);
  EXPECT_EQ(store().find("b")->partitions.size(), 1u);
}

TEST_F(TopicStoreTest, NamesThatAreOneInMetricsAreOneName) {
  create("a.b");
  EXPECT_EQ(store().find("a_b"), nullptr);
  EXPECT_EQ(store().find_colliding("a_b")->name, "a.b");
  EXPECT_EQ(store().find_colliding("a-b"), nullptr);
  std::vector<TopicStore::NewTopic> topics;
  topics.push_back({"a_b", 1, {}});
  EXPECT_EQ(store().create(std::move(topics))->at(0), nullptr);
}

TEST_F(TopicStoreTest, ARemovedTopicTakesItsRecordsAlong) {
  create("a");
  append("a");
  ASSERT_TRUE(has_folder("a-0"));
  const TopicPtr before = store().find("a");
  const std::string_view gone[] = {"a", "never there"};
  EXPECT_EQ(store().remove(gone).value(), 1u);
  EXPECT_FALSE(has_folder("a-0"));
  EXPECT_TRUE(has_folder(deleted_folder_name(before->id, PartitionId{0})));
  EXPECT_TRUE(store().remove_deleted_folders(kNever));
  EXPECT_FALSE(has_folder(deleted_folder_name(before->id, PartitionId{0})));
  EXPECT_EQ(store().find("a"), nullptr);
  std::string late = RecordBatchBuilder(1).add("k", "v", 1).build();
  EXPECT_NE(before->partitions[0]->append(late, {.now_ms = 1}).error, KafkaError::kNone);

  create("a");
  EXPECT_NE(store().find("a")->id, before->id);
  EXPECT_EQ(append("a").base_offset, Offset{0});
}

TEST_F(TopicStoreTest, ARemovalThatWasCutOffIsFinishedAtTheNextStart) {
  create("a");
  append("a");
  const std::string with_a = real_file_system().read_file(topic_file(), 1 << 20).value();
  TopicFile file = parse_topic_file(with_a).value();
  std::swap(file.topics, file.removing);
  ASSERT_TRUE(real_file_system().replace_file(topic_file(), topic_file_text(file)));
  open();
  EXPECT_FALSE(has_folder("a-0"));
  EXPECT_EQ(store().find("a"), nullptr);
  EXPECT_TRUE(store().remove_deleted_folders(kNever));
  EXPECT_THAT(real_file_system().list_folders(folder()).value(), testing::IsEmpty());
}

// A file that an older version left: the new topic was made while the old one's folder was there.
TEST_F(TopicStoreTest, AFolderThatIsAnotherTopicsOutlivesTheDeletionOfItsNamesake) {
  create("a");
  append("a");
  TopicFile file = parse_topic_file(real_file_system().read_file(topic_file(), 1 << 20).value()).value();
  file.removing.push_back({"a", random_id(), 2, {}});
  ASSERT_TRUE(real_file_system().replace_file(topic_file(), topic_file_text(file)));
  open();
  EXPECT_TRUE(store().remove_deleted_folders(kNever));
  EXPECT_EQ(append("a").base_offset, Offset{1});
}

TEST_F(TopicStoreTest, AFolderInADeletedPartitionsFolderStaysAndHarmsNoLaterTopic) {
  create("a");
  append("a");
  const std::string deleted = deleted_folder_name(store().find("a")->id, PartitionId{0});
  ASSERT_TRUE(real_file_system().create_folder(folder() + "/a-0/mine"));
  const std::string_view gone[] = {"a"};
  EXPECT_EQ(store().remove(gone).value(), 1u);
  const auto removed = store().remove_deleted_folders(kNever);
  ASSERT_FALSE(removed);
  EXPECT_THAT(removed.error().message, testing::HasSubstr(deleted));

  create("a");
  append("a");
  open();
  EXPECT_FALSE(store().remove_deleted_folders(kNever));
  EXPECT_TRUE(has_folder(deleted + "/mine"));
  EXPECT_EQ(append("a").base_offset, Offset{1});
}

TEST_F(TopicStoreTest, TheLongestNameCanBeDeleted) {
  const std::string name(249, 'n');
  create(name);
  append(name);
  const std::string_view gone[] = {name};
  EXPECT_EQ(store().remove(gone).value(), 1u);
  EXPECT_FALSE(has_folder(name + "-0"));
  EXPECT_TRUE(store().remove_deleted_folders(kNever));
}

TEST_F(TopicStoreTest, AFolderOfPartitionsWithoutItsFileIsNotBegunAnew) {
  create("a");
  append("a");
  ASSERT_TRUE(real_file_system().remove_file(topic_file()));
  OpenFiles files(real_file_system(), 8);
  const auto opened = TopicStore::open(files, folder());
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().message, testing::AllOf(testing::HasSubstr("topics.json is not there"),
                                                     testing::HasSubstr("a-0"), testing::HasSubstr("restore")));
  EXPECT_FALSE(std::filesystem::exists(topic_file()));
}

TEST_F(TopicStoreTest, FoldersThatAreNoPartitionsDoNotKeepItFromBeginning) {
  ASSERT_TRUE(real_file_system().create_folder(folder() + "/photos-2024"));
  open();
  create("a");
  EXPECT_THAT(names(), ElementsAre("a"));
}

TEST_F(TopicStoreTest, ListenersHearOfAppendsAndOfTheEnd) {
  struct Listener : PartitionListener {
    uint64_t size_bytes = 0;
    bool is_deleted = false;
    void on_append(uint64_t bytes) override { size_bytes += bytes; }
    void on_topic_deleted() override { is_deleted = true; }
  };
  create("a");
  const auto listener = std::make_shared<Listener>();
  auto other = std::make_shared<Listener>();
  const std::shared_ptr<Partition> partition = store().find("a")->partitions[0];
  partition->listen(listener);
  partition->listen(other);
  append("a");
  const uint64_t batch_bytes = listener->size_bytes;
  EXPECT_EQ(batch_bytes, RecordBatchBuilder(1).add("k", "v", 1).build().size());
  EXPECT_EQ(other->size_bytes, batch_bytes);
  other.reset();
  append("a");
  EXPECT_EQ(listener->size_bytes, 2 * batch_bytes);
  EXPECT_FALSE(listener->is_deleted);
  const std::string_view gone[] = {"a"};
  ASSERT_TRUE(store().remove(gone));
  EXPECT_TRUE(listener->is_deleted);
}

TEST_F(TopicStoreTest, PartitionsAreAddedAndTheOldOnesStay) {
  create("a");
  append("a");
  ASSERT_TRUE(change("a", 3, {}));
  EXPECT_EQ(append("a").base_offset, Offset{1});
  open();
  EXPECT_EQ(store().find("a")->partitions.size(), 3u);
}

TEST_F(TopicStoreTest, ConfigsReachTheLogsAtOnceAndStay) {
  create("a");
  append("a");
  ASSERT_TRUE(change("a", 1, {{"max.message.bytes", "10"}}));
  EXPECT_EQ(append("a").error, KafkaError::kMessageTooLarge);
  open();
  EXPECT_EQ(store().find("a")->configs.at("max.message.bytes"), "10");
  EXPECT_EQ(append("a").error, KafkaError::kMessageTooLarge);
}

TEST_F(TopicStoreTest, OneChangeOfSeveralTopicsSeesEachAsItIs) {
  create("a.b", 2, {{"segment.ms", "7"}});
  create("c");
  const std::string_view asked[] = {"a.b", "none", "a_b", "c", "a.b"};
  std::vector<size_t> partitions;
  ASSERT_TRUE(store().change(asked, [&](size_t i, const Topic* topic) -> std::optional<TopicStore::TopicShape> {
    partitions.push_back(topic != nullptr ? topic->partitions.size() : 0);
    if (topic == nullptr || i == 3) return std::nullopt;
    return TopicStore::TopicShape{static_cast<int32_t>(topic->partitions.size() + 1), topic->configs};
  }));
  EXPECT_THAT(partitions, ElementsAre(2, 0, 0, 1, 3));
  open();
  EXPECT_EQ(store().find("a.b")->partitions.size(), 4u);
  EXPECT_EQ(store().find("a.b")->configs.at("segment.ms"), "7");
  EXPECT_EQ(store().find("c")->partitions.size(), 1u);
}

TEST_F(TopicStoreTest, ChangesAtTheSameTimeDoNotLoseEachOther) {
  create("a");
  constexpr int kChanges = 20;
  const auto grow = [&] {
    const std::string_view name = "a";
    for (int i = 0; i < kChanges; ++i) {
      ASSERT_TRUE(store().change(std::span(&name, 1), [](size_t, const Topic* topic) {
        return TopicStore::TopicShape{static_cast<int32_t>(topic->partitions.size() + 1), topic->configs};
      }));
    }
  };
  {
    const std::jthread one(grow), other(grow);
  }
  EXPECT_EQ(store().find("a")->partitions.size(), 1u + 2 * kChanges);
}

TEST_F(TopicStoreTest, AFileThatCannotBeIsNotReplaced) {
  ASSERT_TRUE(real_file_system().replace_file(topic_file(), "{"));
  OpenFiles files(real_file_system(), 8);
  const auto opened = TopicStore::open(files, topic_file().substr(0, topic_file().rfind('/')));
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().message, testing::AllOf(testing::HasSubstr("topics.json is damaged"),
                                                     testing::HasSubstr("restore it from a copy")));
  EXPECT_EQ(real_file_system().read_file(topic_file(), 10).value(), "{");
}

}  // namespace
}  // namespace omashu::broker
