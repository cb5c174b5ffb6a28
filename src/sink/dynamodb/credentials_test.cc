#include "sink/dynamodb/credentials.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <vector>

namespace omashu::sink::dynamodb {
namespace {

using namespace std::chrono_literals;
using std::chrono::system_clock;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

struct World {
  std::map<std::string, std::string> variables = {{"HOME", "/home/me"}};
  std::map<std::string, std::string> files;
  Result<std::string> answer = fail(ErrorCode::kUnavailable, "nobody is there");
  std::vector<std::string> asked;

  AwsEnvironment environment() {
    return {[this](const char* name) {
              const auto found = variables.find(name);
              return found == variables.end() ? std::nullopt : std::optional(found->second);
            },
            [this](const std::string& path) -> Result<std::string> {
              const auto found = files.find(path);
              if (found == files.end()) return fail(ErrorCode::kNotFound, path);
              return found->second;
            },
            [this](const std::string& url, const std::string& authorization) {
              asked.push_back(url + ' ' + authorization);
              return answer;
            }};
  }
};

const system_clock::time_point kNow = system_clock::time_point(std::chrono::seconds(1'796'025'600));  // 08:00Z

TEST(Credentials, TheEnvironmentComesFirst) {
  World world;
  world.variables["AWS_ACCESS_KEY_ID"] = "AKID";
  world.variables["AWS_SECRET_ACCESS_KEY"] = "hunter2";
  world.variables["AWS_SESSION_TOKEN"] = "token";
  world.files["/home/me/.aws/credentials"] = "[default]\naws_access_key_id=other\naws_secret_access_key=other\n";
  CredentialChain chain(world.environment(), false);
  const Credentials keys = chain.get(kNow).value();
  EXPECT_EQ(keys.access_key_id, "AKID");
  EXPECT_EQ(keys.session_token, "token");
}

TEST(Credentials, OneKeyWithoutTheOtherIsAnError) {
  World world;
  world.variables["AWS_SECRET_ACCESS_KEY"] = "hunter2";
  const auto keys = CredentialChain(world.environment(), true).get(kNow);
  ASSERT_FALSE(keys.has_value());
  EXPECT_THAT(keys.error().message, AllOf(HasSubstr("go together"), Not(HasSubstr("hunter2"))));
}

TEST(Credentials, TheProfileOfTheSharedFilesComesNext) {
  World world;
  world.variables["AWS_PROFILE"] = "dev";
  world.files["/home/me/.aws/credentials"] = "[default]\naws_access_key_id=D\naws_secret_access_key=d\n";
  world.files["/home/me/.aws/config"] =
      "[profile dev]\nregion=eu-central-1\naws_access_key_id=A\naws_secret_access_key=s\naws_session_token=t\n";
  const Credentials keys = CredentialChain(world.environment(), false).get(kNow).value();
  EXPECT_EQ(keys.access_key_id, "A");
  EXPECT_EQ(keys.session_token, "t");
  EXPECT_EQ(find_region(world.environment()).value(), "eu-central-1");
  world.variables["AWS_REGION"] = "us-east-1";
  EXPECT_EQ(find_region(world.environment()).value(), "us-east-1");
}

TEST(Credentials, AProfileThatNeedsALogInSaysWhatToDo) {
  World world;
  world.files["/home/me/.aws/config"] = "[default]\nsso_session=mine\n";
  const auto keys = CredentialChain(world.environment(), false).get(kNow);
  ASSERT_FALSE(keys.has_value());
  EXPECT_THAT(keys.error().message, HasSubstr("aws configure export-credentials"));
}

TEST(Credentials, AContainerIsAskedWithItsTokenAndAgainBeforeTheyExpire) {
  World world;
  world.variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/v2/credentials/x";
  world.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = "/token";
  world.files["/token"] = "let-me-in\n";
  world.answer =
      R"({"AccessKeyId":"A1","SecretAccessKey":"s","Token":"t","Expiration":"2026-11-30T08:30:00Z","RoleArn":"r"})";
  CredentialChain chain(world.environment(), false);
  EXPECT_EQ(chain.get(kNow).value().access_key_id, "A1");
  EXPECT_EQ(chain.get(kNow + 24min).value().access_key_id, "A1");
  EXPECT_THAT(world.asked, ElementsAre("http://169.254.170.2/v2/credentials/x let-me-in"));

  world.answer = fail(ErrorCode::kUnavailable, "nobody is there");
  EXPECT_EQ(chain.get(kNow + 26min).value().access_key_id, "A1") << "they are good for four minutes more";
  EXPECT_EQ(chain.get(kNow + 30min).error().code, ErrorCode::kUnavailable);

  world.answer = R"({"AccessKeyId":"A2","SecretAccessKey":"s","Token":"t","Expiration":"2026-11-30T10:00:00Z"})";
  EXPECT_EQ(chain.get(kNow + 30min).value().access_key_id, "A2");
  chain.forget();
  world.answer = R"({"AccessKeyId":"A3","SecretAccessKey":"s","Token":"t","Expiration":"2026-11-30T10:00:00Z"})";
  EXPECT_EQ(chain.get(kNow + 31min).value().access_key_id, "A3") << "DynamoDB called them too old";
}

TEST(Credentials, KeysAreNotSentOverPlainHttpToStrangers) {
  World world;
  for (const char* uri : {"http://example.org/x", "http://169.254.170.2.example.org/", "http://127.0.0.1@example.org/",
                          "http://127.0.0.1:80@example.org/", "ftp://127.0.0.1/"}) {
    world.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = uri;
    EXPECT_EQ(CredentialChain(world.environment(), false).get(kNow).error().code, ErrorCode::kInvalidArgument) << uri;
  }
  EXPECT_TRUE(world.asked.empty());
}

TEST(Credentials, AnswersOfContainersAreBelievedOnlyWhereTheyAreWhole) {
  for (const char* body : {"", "[]", "{}", R"({"AccessKeyId":"A"})", R"({"AccessKeyId":1,"SecretAccessKey":"s"})",
                           R"({"AccessKeyId":"A","SecretAccessKey":"hunter2","Expiration":"soon"})",
                           R"({"AccessKeyId":"A\r\nX: y","SecretAccessKey":"hunter2"})"}) {
    const auto keys = parse_container_credentials(body);
    ASSERT_FALSE(keys.has_value()) << body;
    EXPECT_THAT(keys.error().message, Not(HasSubstr("hunter2")));
  }
}

TEST(Credentials, MayBeGoodForLongerThanTheClockHasTimes) {
  const auto keys =
      parse_container_credentials(R"({"AccessKeyId":"A","SecretAccessKey":"s","Expiration":"8832-11-30T08:30:00Z"})");
  ASSERT_TRUE(keys.has_value()) << keys.error().message;
  EXPECT_GT(*keys->expires, kNow + std::chrono::years(200));
}

TEST(Credentials, WithoutAnyThereIsAnErrorThatSaysWhereToPutThem) {
  World world;
  const auto keys = CredentialChain(world.environment(), false).get(kNow);
  ASSERT_FALSE(keys.has_value());
  EXPECT_EQ(keys.error().code, ErrorCode::kUnauthorized);
  EXPECT_THAT(keys.error().message, AllOf(HasSubstr("AWS_ACCESS_KEY_ID"), HasSubstr("/home/me/.aws/credentials")));
  EXPECT_TRUE(CredentialChain(world.environment(), true).get(kNow).has_value()) << "for a server on this machine";
}

}  // namespace
}  // namespace omashu::sink::dynamodb
