#include "cli/records/consume_loop.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "cli/diagnostics.h"
#include "cli/output/output.h"
#include "cli/stop_signal.h"

namespace omashu::cli {
namespace {

using kafka::TopicPartition;
using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::Pair;

// Has messages of one partition, whose values are their offsets, and remembers what was committed.
class NumberedConsumer : public kafka::Consumer {
 public:
  explicit NumberedConsumer(int count) : count_(count) {}

  kafka::RebalanceListener listener;
  std::map<TopicPartition, kafka::Offset> committed_offsets;
  int revoked_at = -1;  // the batch before which the partition is taken away

  Result<void> read_batch(kafka::MessageBatch& batch, size_t max_events, milliseconds) override {
    batch.clear();
    if (batches_++ == revoked_at) listener.on_revoked(std::vector{TopicPartition{"t", 0}}, false);
    for (size_t i = 0; i < max_events && next_ < count_; ++i, ++next_) {
      kafka::Message& message = batch.add();
      message.topic = "t";
      message.offset = next_;
      message.value = std::to_string(next_);
    }
    return {};
  }
  Result<void> commit(const std::map<TopicPartition, kafka::Offset>& offsets) override {
    committed_offsets = offsets;
    return {};
  }
  Result<void> subscribe(std::span<const std::string>, kafka::RebalanceListener new_listener) override {
    listener = std::move(new_listener);
    return {};
  }

  Result<std::vector<kafka::PartitionId>> partitions_of(const std::string&, milliseconds) override { return {}; }
  Result<kafka::Watermarks> watermarks(const TopicPartition&, milliseconds) override { return {}; }
  Result<std::map<TopicPartition, kafka::Watermarks>> all_watermarks(std::span<const TopicPartition>,
                                                                     milliseconds) override {
    return {};
  }
  Result<std::map<TopicPartition, kafka::Offset>> offsets_for_time(std::span<const TopicPartition>, int64_t,
                                                                   milliseconds) override {
    return {};
  }
  Result<void> pause(std::span<const TopicPartition>) override { return {}; }
  Result<void> resume(std::span<const TopicPartition>) override { return {}; }
  Result<void> seek(const std::map<TopicPartition, kafka::Offset>&, milliseconds) override { return {}; }
  void pass_over_damage(std::function<void(const kafka::DamagedBatch&)>) override {}
  Result<void> assign(const std::map<TopicPartition, kafka::Offset>&) override { return {}; }
  Result<kafka::ConsumerEvent> poll(milliseconds) override { return kafka::ConsumerEvent(); }
  Result<std::vector<kafka::ConsumerEvent>> poll_batch(size_t, milliseconds) override { return {}; }
  std::optional<kafka::Offset> fetched_end(const kafka::TopicPartition&) override { return std::nullopt; }
  std::optional<Error> outage() override { return std::nullopt; }
  void wake() override {}
  Result<std::map<TopicPartition, kafka::Offset>> committed(std::span<const TopicPartition>, milliseconds) override {
    return {};
  }
  Result<void> close() override { return {}; }

 private:
  int count_;
  int next_ = 0;
  int batches_ = 0;
};

// A line for each number; some take longer than others. `bad_number` cannot be printed.
class NumberFormatter : public RecordFormatter {
 public:
  int64_t bad_number = -1;

  Result<bool> append(const kafka::Message& message, std::string& out) override {
    if (message.offset == bad_number) return fail(ErrorCode::kCorrupt, "bad");
    if (message.offset / 1'000 % 3 == 0) {
      for (int i = 0; i < 200; ++i) out += ' ';
      out.resize(out.size() - 200);
    }
    out += *message.value + "\n";
    return true;
  }
};

class ConsumeLoopTest : public ::testing::Test {
 protected:
  ConsumeLoopTest() : path_(::testing::TempDir() + "consume_loop." + std::to_string(::getpid())) {
    file_descriptor_ = ::open(path_.c_str(), O_CREAT | O_TRUNC | O_RDWR, 0600);
    null_ = ::open("/dev/null", O_WRONLY);
    out_.emplace(file_descriptor_, false);
    messages_.emplace(null_);
  }
  ~ConsumeLoopTest() override {
    ::close(file_descriptor_);
    ::close(null_);
    ::unlink(path_.c_str());
  }

  // Reads `consumer` as a member of a group until nothing more comes.
  Result<void> read(NumberedConsumer& consumer, NumberFormatter& formatter, ConsumeLimits limits) {
    limits.idle_timeout = milliseconds(0);
    limits.is_committing = true;
    Context context{*out_, *messages_, stop_};
    ConsumeLoop loop(context, consumer, formatter, limits);
    EXPECT_TRUE(loop.subscribe(std::vector<std::string>{"t"}));
    auto read = loop.read_all();
    EXPECT_TRUE(loop.finish());
    printed_ = loop.printed();
    return read;
  }

  // Whether the numbers below `count` were printed, in their order and nothing else.
  ::testing::AssertionResult has_printed_up_to(int count) const {
    std::ifstream file(path_);
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    std::string expected;
    for (int i = 0; i < count; ++i) expected += std::to_string(i) + "\n";
    if (text == expected) return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure() << text.size() << " bytes, and " << expected.size() << " expected";
  }

  std::string path_;
  int file_descriptor_ = -1, null_ = -1;
  StopSignal stop_;
  std::optional<Output> out_;
  std::optional<Diagnostics> messages_;
  int64_t printed_ = 0;
};

TEST_F(ConsumeLoopTest, PrintsInTheOrderOfReading) {
  NumberedConsumer consumer(50'000);
  NumberFormatter formatter;
  EXPECT_TRUE(read(consumer, formatter, {}));
  EXPECT_EQ(printed_, 50'000);
  EXPECT_TRUE(has_printed_up_to(50'000));
  EXPECT_THAT(consumer.committed_offsets, ElementsAre(Pair(TopicPartition{"t", 0}, 50'000)));
}

TEST_F(ConsumeLoopTest, AnErrorEndsItBehindWhatWasPrinted) {
  NumberedConsumer consumer(50'000);
  NumberFormatter formatter;
  formatter.bad_number = 12'345;
  EXPECT_FALSE(read(consumer, formatter, {}));
  EXPECT_TRUE(has_printed_up_to(12'345));
  EXPECT_THAT(consumer.committed_offsets, ElementsAre(Pair(TopicPartition{"t", 0}, 12'345)));
}

TEST_F(ConsumeLoopTest, CommitsNothingBeyondTheLastThatWasAskedFor) {
  NumberedConsumer consumer(50'000);
  NumberFormatter formatter;
  EXPECT_TRUE(read(consumer, formatter, {.max_messages = 7'001}));
  EXPECT_TRUE(has_printed_up_to(7'001));
  EXPECT_THAT(consumer.committed_offsets, ElementsAre(Pair(TopicPartition{"t", 0}, 7'001)));
}

TEST_F(ConsumeLoopTest, WhatIsUnderWayIsPrintedBeforeAPartitionGoes) {
  NumberFormatter formatter;
  kafka::Offset committed_by_then = -1;
  class Watching : public NumberedConsumer {
   public:
    Watching(int count, kafka::Offset& first_commit) : NumberedConsumer(count), first_commit_(first_commit) {}
    Result<void> commit(const std::map<TopicPartition, kafka::Offset>& offsets) override {
      if (first_commit_ < 0) first_commit_ = offsets.begin()->second;
      return NumberedConsumer::commit(offsets);
    }

   private:
    kafka::Offset& first_commit_;
  } watching(50'000, committed_by_then);
  watching.revoked_at = 5;
  EXPECT_TRUE(read(watching, formatter, {}));
  EXPECT_EQ(committed_by_then, 5'000) << "five batches of a thousand were read by then";
  EXPECT_TRUE(has_printed_up_to(50'000));
}

}  // namespace
}  // namespace omashu::cli
