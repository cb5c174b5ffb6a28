#include "broker/handler/reply.h"

#include <gtest/gtest.h>

#include "broker/protocol/00_produce.h"
#include "broker/protocol/12_heartbeat.h"

namespace omashu::broker {
namespace {

TEST(ReplyTest, AnswersOnce) {
  int answers = 0;
  Reply<HeartbeatResponse> reply([&](std::optional<Answer> answer) { answers += answer ? 1 : 0; }, 4, 7);
  reply(HeartbeatResponse{});
  EXPECT_EQ(answers, 1);
}

TEST(ReplyDeathTest, ASecondAnswerFailsWithTheNameOfTheApi) {
  const auto answer_twice = [] {
    Reply<HeartbeatResponse> reply([](std::optional<Answer>) {}, 4, 7);
    reply(HeartbeatResponse{});
    reply(HeartbeatResponse{});
  };
  EXPECT_DEATH(answer_twice(), "a request of API Heartbeat was answered twice");
}

TEST(ReplyDeathTest, AnAnswerAfterNoneFailsToo) {
  const auto answer_after_none = [] {
    Reply<ProduceResponse> reply([](std::optional<Answer>) {}, 9, 7);
    reply.without_answer();
    reply(ProduceResponse{});
  };
  EXPECT_DEATH(answer_after_none(), "a request of API Produce was answered twice");
}

TEST(ReplyDeathTest, AReplyThatWasMovedFromCannotAnswer) {
  const auto answer_from_both = [] {
    Reply<HeartbeatResponse> reply([](std::optional<Answer>) {}, 4, 7);
    Reply<HeartbeatResponse> moved = std::move(reply);
    moved(HeartbeatResponse{});
    reply(HeartbeatResponse{});  // NOLINT(bugprone-use-after-move)
  };
  EXPECT_DEATH(answer_from_both(), "a request of API Heartbeat was answered twice");
}

}  // namespace
}  // namespace omashu::broker
