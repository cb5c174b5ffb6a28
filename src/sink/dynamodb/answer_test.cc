#include "sink/dynamodb/answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::sink::dynamodb {
namespace {

using http_client::AttemptOutcome;
using http_client::HttpOutcome;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

HttpOutcome answered(int status, std::string body) {
  HttpOutcome outcome;
  outcome.status = status;
  outcome.body = std::move(body);
  return outcome;
}

HttpOutcome error(int status, const std::string& type, const std::string& message = "told so") {
  return answered(status,
                  R"({"__type":"com.amazonaws.dynamodb.v20120810#)" + type + R"(","message":")" + message + "\"}");
}

Verdict verdict_of(HttpOutcome outcome) { return judge(std::move(outcome), "PutItem", "downloads").verdict; }

TEST(Answer, EachErrorOfDynamodbHasItsVerdict) {
  EXPECT_EQ(verdict_of(answered(200, "{}")), Verdict::kDone);
  EXPECT_EQ(verdict_of(error(400, "ConditionalCheckFailedException")), Verdict::kOlder);
  for (const char* type : {"ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"}) {
    EXPECT_EQ(verdict_of(error(400, type)), Verdict::kThrottled) << type;
  }
  EXPECT_EQ(verdict_of(answered(429, "")), Verdict::kThrottled);
  for (const int status : {500, 502, 503, 504}) {
    EXPECT_EQ(verdict_of(error(status, "InternalServerError")), Verdict::kTryAgain);
    EXPECT_EQ(verdict_of(answered(status, "<html>")), Verdict::kTryAgain);
  }
  EXPECT_EQ(verdict_of(error(400, "ExpiredTokenException")), Verdict::kExpired);
  for (const char* type : {"ValidationException", "ItemCollectionSizeLimitExceededException"}) {
    EXPECT_EQ(verdict_of(error(400, type)), Verdict::kRefused) << type;
  }
  for (const char* type : {"ResourceNotFoundException", "AccessDeniedException", "UnrecognizedClientException",
                           "InvalidSignatureException"}) {
    EXPECT_EQ(verdict_of(error(400, type)), Verdict::kStop) << type;
  }
  EXPECT_EQ(verdict_of(answered(404, "<html>")), Verdict::kStop);
}

TEST(Answer, AnErrorSaysWhatFailedAndWhatToDo) {
  const Answer answer = judge(error(400, "ResourceNotFoundException", "no such table"), "PutItem", "downloads");
  EXPECT_EQ(answer.error.code, ErrorCode::kNotFound);
  EXPECT_THAT(answer.error.message,
              AllOf(HasSubstr("PutItem on table downloads"), HasSubstr("no such table"), HasSubstr("--create")));
  EXPECT_THAT(
      judge(answered(400, R"({"__type":"X#ValidationException","Message":"too long"})"), "PutItem", "t").error.message,
      HasSubstr("too long"))
      << "both spellings of the member occur";
}

TEST(Answer, WhereNobodyAnswersItIsTriedAgainButAFaultOfTlsIsNot) {
  HttpOutcome away;
  away.kind = AttemptOutcome::Kind::kNoAnswer;
  away.detail = "connection refused";
  EXPECT_EQ(verdict_of(away), Verdict::kTryAgain);
  away.kind = AttemptOutcome::Kind::kHopeless;
  EXPECT_EQ(verdict_of(away), Verdict::kStop);
}

TEST(Answer, UnprocessedItemsAreKnownByTheirKeys) {
  const auto told = parse_unprocessed(
      R"({"UnprocessedItems":{"t":[{"PutRequest":{"Item":{"a":{"N":"1"},"id":{"S":"om-1"},"at":{"N":"5"}}}}]}})", "t",
      "id", "at");
  ASSERT_TRUE(told.has_value());
  EXPECT_EQ(told->count, 1u);
  EXPECT_THAT(told->keys, ElementsAre(key_of_members(R"("id":{"S":"om-1"},"at":{"N":"5"})", "id", "at").value()));
  EXPECT_THAT(told->keys, Not(ElementsAre(key_of_members(R"("id":{"S":"om-1"},"at":{"S":"5"})", "id", "at").value())));
  EXPECT_EQ(parse_unprocessed(R"({"UnprocessedItems":{}})", "t", "id", "").value().count, 0u);
  EXPECT_FALSE(
      parse_unprocessed(R"({"UnprocessedItems":{"t":[{"PutRequest":{"Item":{}}}]}})", "t", "id", "").has_value());
  EXPECT_FALSE(parse_unprocessed("<html>", "t", "id", "").has_value());
}

TEST(Answer, ATableTellsItsKey) {
  const auto table = parse_table(
      R"({"Table":{"TableStatus":"ACTIVE","KeySchema":[{"AttributeName":"at","KeyType":"RANGE"},)"
      R"({"AttributeName":"id","KeyType":"HASH"}],"AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"},)"
      R"({"AttributeName":"at","AttributeType":"N"}]}})");
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(table->status, "ACTIVE");
  EXPECT_EQ(table->hash.name, "id");
  EXPECT_EQ(table->hash.type, 'S');
  EXPECT_EQ(table->sort.name, "at");
  EXPECT_EQ(table->sort.type, 'N');
  for (const char* wrong : {"", "[]", "{}", R"({"Table":{}})", R"({"Table":{"KeySchema":[{}]}})"}) {
    EXPECT_FALSE(parse_table(wrong).has_value()) << wrong;
  }
}

}  // namespace
}  // namespace omashu::sink::dynamodb
