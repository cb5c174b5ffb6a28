#include "service/write/idempotency_keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::service {
namespace {

using Standing = IdempotencyKeys::Standing;
using testing::ElementsAre;

class IdempotencyKeysTest : public testing::Test {
 protected:
  IdempotencyKeys keys_{{.keep_for = std::chrono::seconds(10), .max_keys = 3, .max_bytes = 4'096, .now = [this] {
                           return std::chrono::steady_clock::time_point(now_);
                         }}};
  std::chrono::seconds now_{1'000};
  std::vector<std::string> answers_;

  Standing begin(const std::string& key, uint8_t request = 1) {
    return keys_.begin(key, {request}, [this](const http::Response& response) { answers_.push_back(response.body); });
  }
  void finish(const std::string& key, std::string body, bool is_final = true) {
    keys_.finish(key, {.body = std::move(body)}, is_final);
  }
};

TEST_F(IdempotencyKeysTest, TheSameRequestGetsTheSameAnswer) {
  EXPECT_EQ(begin("a"), Standing::kNew);
  finish("a", "done");
  EXPECT_EQ(begin("a"), Standing::kSame);
  EXPECT_EQ(begin("a"), Standing::kSame);
  EXPECT_THAT(answers_, ElementsAre("done", "done"));
}

TEST_F(IdempotencyKeysTest, WhoAsksMeanwhileWaitsForTheAnswer) {
  EXPECT_EQ(begin("a"), Standing::kNew);
  EXPECT_EQ(begin("a"), Standing::kSame);
  EXPECT_THAT(answers_, ElementsAre());
  finish("a", "done");
  EXPECT_THAT(answers_, ElementsAre("done"));
}

TEST_F(IdempotencyKeysTest, AnotherRequestUnderTheKeyIsTold) {
  EXPECT_EQ(begin("a", 1), Standing::kNew);
  EXPECT_EQ(begin("a", 2), Standing::kOtherRequest);
  finish("a", "done");
  EXPECT_EQ(begin("a", 2), Standing::kOtherRequest);
}

TEST_F(IdempotencyKeysTest, WhatIsNotFinalIsDoneAnew) {
  EXPECT_EQ(begin("a"), Standing::kNew);
  EXPECT_EQ(begin("a"), Standing::kSame);
  finish("a", "the brokers are away", false);
  EXPECT_THAT(answers_, ElementsAre("the brokers are away"));
  EXPECT_EQ(begin("a"), Standing::kNew);
}

TEST_F(IdempotencyKeysTest, AnswersAreKeptForATime) {
  begin("a");
  finish("a", "done");
  now_ += std::chrono::seconds(10);
  EXPECT_EQ(begin("a"), Standing::kSame);
  now_ += std::chrono::seconds(1);
  EXPECT_EQ(begin("a"), Standing::kNew);
}

TEST_F(IdempotencyKeysTest, TheOldestGoWhereThereAreTooMany) {
  for (const char* key : {"a", "b", "c", "d"}) {
    begin(key);
    finish(key, key);
  }
  EXPECT_EQ(keys_.size(), 3u);
  EXPECT_EQ(begin("a"), Standing::kNew);
  EXPECT_EQ(begin("d"), Standing::kSame);
  begin("e");
  finish("e", std::string(4'000, 'x'));
  EXPECT_LE(keys_.size(), 2u);  // "a" is under way, and is not forgotten
  finish("a", "done");
  EXPECT_EQ(begin("a"), Standing::kSame);
}

}  // namespace
}  // namespace omashu::service
