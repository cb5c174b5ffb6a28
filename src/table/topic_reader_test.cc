#include "table/topic_reader.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace omashu::table {
namespace {

using kafka::ConsumerEvent;
using kafka::Message;
using kafka::PartitionEnd;
using kafka::TopicPartition;
using std::chrono::milliseconds;

// Gives the events that the test put, all at once.
class ScriptedConsumer : public kafka::Consumer {
 public:
  std::map<kafka::PartitionId, kafka::Watermarks> marks;
  std::vector<ConsumerEvent> events;
  std::map<TopicPartition, kafka::Offset> assigned;

  Result<std::vector<kafka::PartitionId>> partitions_of(const std::string& topic, milliseconds) override {
    if (marks.empty()) return fail(ErrorCode::kNotFound, topic + " does not exist");
    std::vector<kafka::PartitionId> partitions;
    for (const auto& [partition, watermarks] : marks) partitions.push_back(partition);
    return partitions;
  }
  Result<kafka::Watermarks> watermarks(const TopicPartition& partition, milliseconds) override {
    return marks.at(partition.partition);
  }
  Result<void> pause(std::span<const TopicPartition>) override { return {}; }
  Result<void> resume(std::span<const TopicPartition>) override { return {}; }
  Result<void> seek(const std::map<TopicPartition, kafka::Offset>&, milliseconds) override { return {}; }
  void pass_over_damage(std::function<void(const kafka::DamagedBatch&)>) override {}
  Result<void> assign(const std::map<TopicPartition, kafka::Offset>& offsets) override {
    assigned = offsets;
    return {};
  }
  Result<std::map<TopicPartition, kafka::Watermarks>> all_watermarks(std::span<const TopicPartition> partitions,
                                                                     milliseconds) override {
    std::map<TopicPartition, kafka::Watermarks> found;
    for (const TopicPartition& partition : partitions) found[partition] = marks.at(partition.partition);
    return found;
  }
  Result<std::map<TopicPartition, kafka::Offset>> offsets_for_time(std::span<const TopicPartition>, int64_t,
                                                                   milliseconds) override {
    return {};
  }
  Result<void> subscribe(std::span<const std::string>, kafka::RebalanceListener) override { return {}; }
  Result<std::vector<ConsumerEvent>> poll_batch(size_t, milliseconds) override { return std::exchange(events, {}); }
  Result<void> read_batch(kafka::MessageBatch& batch, size_t, milliseconds) override {
    batch.clear();
    for (ConsumerEvent& event : std::exchange(events, {})) {
      if (auto* message = std::get_if<Message>(&event)) batch.add() = std::move(*message);
      if (auto* end = std::get_if<PartitionEnd>(&event)) batch.add_end(*end);
    }
    return {};
  }
  std::optional<kafka::Offset> fetched_end(const TopicPartition&) override { return std::nullopt; }
  std::optional<Error> outage() override { return std::nullopt; }
  void wake() override {}
  Result<std::map<TopicPartition, kafka::Offset>> committed(std::span<const TopicPartition>, milliseconds) override {
    return {};
  }
  Result<ConsumerEvent> poll(milliseconds) override { return ConsumerEvent(); }
  Result<void> commit(const std::map<TopicPartition, kafka::Offset>&) override { return {}; }
  Result<void> close() override { return {}; }
};

Message message(kafka::PartitionId partition, kafka::Offset offset) {
  Message out;
  out.topic = "t";
  out.partition = partition;
  out.offset = offset;
  return out;
}

TEST(TopicReader, ReadsFromTheFirstRecordToTheEndThatWasThere) {
  auto consumer = std::make_unique<ScriptedConsumer>();
  ScriptedConsumer& script = *consumer;
  script.marks = {{0, {5, 7}}, {1, {0, 0}}, {2, {0, 4}}};
  script.events = {message(0, 5), message(2, 1), message(0, 6), PartitionEnd{{"t", 2}, 2}};
  auto reader = TopicReader::open(std::move(consumer), "t", {}, milliseconds(1));
  ASSERT_TRUE(reader);
  EXPECT_EQ(script.assigned, (std::map<TopicPartition, kafka::Offset>{{{"t", 0}, 5}, {{"t", 1}, 0}, {{"t", 2}, 0}}));
  EXPECT_EQ(reader->partition_count(), 3);

  int records = 0;
  while (!reader->progress().is_complete()) {
    kafka::MessageBatch batch;
    ASSERT_TRUE(reader->read(batch, 10, milliseconds(0)));
    ASSERT_FALSE(batch.is_empty());
    records += static_cast<int>(batch.messages().size());
  }
  EXPECT_EQ(records, 3);
  EXPECT_EQ(reader->progress().done(), reader->progress().total());
}

TEST(TopicReader, ReadsOnlyThePartitionsThatWereAskedFor) {
  auto consumer = std::make_unique<ScriptedConsumer>();
  ScriptedConsumer& script = *consumer;
  script.marks = {{0, {0, 7}}, {1, {0, 1}}};
  const auto reader = TopicReader::open(std::move(consumer), "t", {1}, milliseconds(1));
  ASSERT_TRUE(reader);
  EXPECT_EQ(script.assigned, (std::map<TopicPartition, kafka::Offset>{{{"t", 1}, 0}}));
  EXPECT_EQ(reader->partition_count(), 2);
  EXPECT_EQ(reader->progress().total(), 1);
}

TEST(TopicReader, ATopicThatIsNotThereIsAnError) {
  const auto reader = TopicReader::open(std::make_unique<ScriptedConsumer>(), "t", {}, milliseconds(1));
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace omashu::table
