#include "service/write/record_batches.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <string>

namespace omashu::service {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class RecordBatchesTest : public testing::Test, public kafka::Producer {
 protected:
  Result<void> send(kafka::Record record, DeliveryCallback on_delivery) override {
    if (*record.key == "refused") return fail(ErrorCode::kInvalidArgument, "too large");
    sent_.push_back(*record.key);
    deliveries_.push_back(std::move(on_delivery));
    return {};
  }
  void poll(std::chrono::milliseconds) override {}
  Result<void> flush(std::chrono::milliseconds) override { return {}; }

  void give(size_t lane, const std::string& key) {
    batches_.send(lane, {.topic = "t", .key = key}, [this, key](const Result<kafka::RecordMetadata>& result) {
      landed_.push_back(result ? key : key + ": " + result.error().message);
    });
  }
  void acknowledge() {
    const auto delivery = std::move(deliveries_.front());
    deliveries_.pop_front();
    delivery(kafka::RecordMetadata{});
  }
  void run_later() {
    for (const auto& run : std::exchange(later_, {})) run();
  }

  std::vector<std::string> sent_, landed_;
  std::deque<DeliveryCallback> deliveries_;
  std::vector<std::function<void()>> later_;
  RecordBatches batches_{*this, [this](std::function<void()> run) { later_.push_back(std::move(run)); }};
};

TEST_F(RecordBatchesTest, ARecordGoesAtOnceWhereNoneIsUnderWay) {
  give(0, "a");
  give(1, "b");
  EXPECT_THAT(sent_, ElementsAre("a", "b"));
}

TEST_F(RecordBatchesTest, OthersWaitForThoseThatAreUnderWayAndGoTogether) {
  give(0, "a");
  give(0, "b");
  give(0, "c");
  EXPECT_THAT(sent_, ElementsAre("a"));
  acknowledge();
  run_later();
  EXPECT_THAT(sent_, ElementsAre("a", "b", "c"));
  give(0, "d");
  acknowledge();
  EXPECT_THAT(later_, IsEmpty());  // c is still under way
  acknowledge();
  run_later();
  EXPECT_THAT(sent_, ElementsAre("a", "b", "c", "d"));
  EXPECT_THAT(landed_, ElementsAre("a", "b", "c"));
}

TEST_F(RecordBatchesTest, ARefusedRecordKeepsNobodyBack) {
  give(0, "refused");
  give(0, "a");
  EXPECT_THAT(sent_, ElementsAre("a"));
  give(0, "refused");
  acknowledge();
  run_later();
  give(0, "b");
  EXPECT_THAT(sent_, ElementsAre("a", "b"));
  EXPECT_THAT(landed_, ElementsAre("refused: too large", "a", "refused: too large"));
}

}  // namespace
}  // namespace omashu::service
