// Java's encoding of every message at every version, held against ours.

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <vector>

#include "broker/protocol/apis.h"
#include "broker/protocol/testing/any_message.h"
#include "broker/protocol/testing/hex.h"

namespace omashu::broker {
namespace {

using testing::AnyMessage;

struct JavaMessage {
  std::string name;
  int16_t version = 0;
  std::string body;

  std::string title() const { return name + " v" + std::to_string(version); }
};

std::vector<JavaMessage> read_java_messages() {
  std::ifstream file(OMASHU_PROTOCOL_TESTDATA "/java_messages.txt");
  std::vector<JavaMessage> messages;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    JavaMessage message;
    std::string hex;
    std::istringstream(line) >> message.name >> message.version >> hex;
    message.body = testing::from_hex(hex);
    messages.push_back(message);
  }
  return messages;
}

const AnyMessage* find_message(const std::string& name) {
  const auto all = testing::all_messages();
  const auto found = std::ranges::find(all, name, &AnyMessage::name);
  return found == all.end() ? nullptr : &*found;
}

TEST(JavaMessagesTest, ThereIsOneOfEachMessageAtEachVersion) {
  std::set<std::string> there;
  for (const JavaMessage& java : read_java_messages()) there.insert(java.title());
  for (const AnyMessage& message : testing::all_messages()) {
    for (int16_t version = message.api.versions.min; version <= message.api.versions.max; ++version) {
      EXPECT_TRUE(there.contains(message.name() + " v" + std::to_string(version))) << message.name() << version;
    }
  }
  EXPECT_EQ(testing::all_messages().size(), 2 * all_apis().size());
}

TEST(JavaMessagesTest, AreReadAndWrittenAgain) {
  for (const JavaMessage& java : read_java_messages()) {
    const AnyMessage* message = find_message(java.name);
    ASSERT_NE(message, nullptr) << java.name;
    const auto again = message->recode(java.body, java.version);
    ASSERT_TRUE(again.has_value()) << again.error().message;
    EXPECT_EQ(*again, java.body) << java.title();
  }
}

TEST(JavaMessagesTest, NeitherAPrefixNorMoreIsTaken) {
  for (const JavaMessage& java : read_java_messages()) {
    const AnyMessage* message = find_message(java.name);
    ASSERT_NE(message, nullptr) << java.name;
    for (size_t size = 0; size < java.body.size(); ++size) {
      EXPECT_FALSE(message->recode(java.body.substr(0, size), java.version).has_value()) << java.title() << " " << size;
    }
    EXPECT_FALSE(message->recode(java.body + '\0', java.version).has_value()) << java.title();
  }
}

}  // namespace
}  // namespace omashu::broker
