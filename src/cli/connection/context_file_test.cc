#include "cli/connection/context_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "base/testing/scratch_folder.h"
#include "cli/connection/value_reference.h"

namespace omashu::cli {
namespace {

using testing::HasSubstr;
using testing::Pair;
using testing::UnorderedElementsAre;

class ContextFileTest : public testing::Test {
 protected:
  std::string path() const { return home_ + "/omashu/contexts.json"; }

  Environment environment(std::map<std::string, std::string> variables = {}) const {
    variables["XDG_CONFIG_HOME"] = home_;
    return [variables](const std::string& name) -> std::optional<std::string> {
      const auto found = variables.find(name);
      return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
  }

  void save(const ContextFile& file) const {
    const auto saved = file.save(path());
    ASSERT_TRUE(saved) << saved.error().message;
  }

  const ScratchFolder folder_;  // of this test alone: tests run at the same time
  const std::string home_ = folder_.path();
};

TEST_F(ContextFileTest, IsReadAsItWasWrittenAndBelongsToTheUserAlone) {
  EXPECT_EQ(context_file_path(environment()), path());
  EXPECT_TRUE(ContextFile::load(path())->contexts.empty()) << "none is there yet";
  save({.current = "a", .contexts = {{"a", {{"bootstrap.servers", "a:1"}}}, {"b", {}}}});
  struct stat status = {};
  ASSERT_EQ(::stat(path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777u, 0600u);
  const auto file = ContextFile::load(path());
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->current, "a");
  EXPECT_THAT(**file->find("a"), UnorderedElementsAre(Pair("bootstrap.servers", "a:1")));
  EXPECT_THAT(file->find("c").error().message, HasSubstr("there is no context c"));
}

TEST_F(ContextFileTest, IsRefusedWhereOthersMayWriteIt) {
  save({});
  ASSERT_EQ(::chmod(path().c_str(), 0620), 0);
  EXPECT_THAT(ContextFile::load(path()).error().message, HasSubstr("chmod 600"));
}

TEST_F(ContextFileTest, SaysWhatIsWrongInIt) {
  save({});
  for (const char* text : {"{", "[]", "{}", R"({"contexts":{"a b":{}}})", R"({"contexts":{"a":{"x":1}}})"}) {
    std::ofstream(path()) << text;
    const auto file = ContextFile::load(path());
    ASSERT_FALSE(file) << text;
    EXPECT_THAT(file.error().message, HasSubstr(path())) << text;
  }
}

TEST_F(ContextFileTest, FlagsAndTheEnvironmentWinOverAContext) {
  save({.current = "a",
        .contexts = {{"a", {{"bootstrap.servers", "a:1"}, {"schema.registry.url", "http://a:2"}, {"client.id", "me"}}},
                     {"b", {{"bootstrap.servers", "b:1"}}}}});
  const auto servers = [](const Result<Connection>& connection) {
    return connection ? connection->bootstrap_servers : connection.error().message;
  };
  ConnectionOptions options;
  EXPECT_EQ(servers(resolve_connection(options, environment())), "a:1");
  EXPECT_EQ(resolve_connection(options, environment())->registry.urls.front(), "http://a:2");
  EXPECT_EQ(servers(resolve_connection(options, environment({{"OMASHU_CONTEXT", "b"}}))), "b:1");
  EXPECT_EQ(servers(resolve_connection(options, environment({{"KAFKA_BOOTSTRAP_SERVERS", "e:1"}}))), "e:1");
  options.context = "b";
  EXPECT_EQ(servers(resolve_connection(options, environment({{"OMASHU_CONTEXT", "a"}}))), "b:1");
  const auto overridden = resolve_connection(options, environment({{"KAFKA_BOOTSTRAP_SERVERS", "e:1"}}));
  EXPECT_EQ(servers(overridden), "e:1");
  EXPECT_THAT(overridden->warnings, testing::ElementsAre(HasSubstr("KAFKA_BOOTSTRAP_SERVERS wins over --context b")));
  options.bootstrap_server = "f:1";
  EXPECT_EQ(servers(resolve_connection(options, environment({{"KAFKA_BOOTSTRAP_SERVERS", "e:1"}}))), "f:1");
  options.context = "c";
  EXPECT_THAT(servers(resolve_connection(options, environment())), HasSubstr("there is no context c"));
}

TEST_F(ContextFileTest, SecretsComeFromTheEnvironmentOrACommand) {
  save({.current = "a",
        .contexts = {{"a", {{"sasl.username", "env:WHO"}, {"sasl.password", "command:printf 'geheim\\n'"}}}}});
  const auto connection = resolve_connection({}, environment({{"WHO", "me"}}));
  ASSERT_TRUE(connection) << connection.error().message;
  EXPECT_THAT(connection->kafka.properties, testing::Contains(Pair("sasl.username", "me")));
  EXPECT_THAT(connection->kafka.properties, testing::Contains(Pair("sasl.password", "geheim")));
  EXPECT_THAT(resolve_connection({}, environment()).error().message,
              HasSubstr("context a: sasl.username: the environment variable WHO is not set"));
  EXPECT_THAT(resolve_value_reference("command:exit 3", environment()).error().message, HasSubstr("exit code 3"));
  EXPECT_THAT(resolve_value_reference("command:true", environment()).error().message, HasSubstr("printed nothing"));
  EXPECT_EQ(resolve_value_reference("plain", environment()).value(), "plain");
}

}  // namespace
}  // namespace omashu::cli
