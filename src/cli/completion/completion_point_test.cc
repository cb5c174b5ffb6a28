#include "cli/completion/completion_point.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "cli/commands.h"

namespace omashu::cli {
namespace {

using Names = CompletionPoint::Names;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;

CompletionPoint at(const std::vector<std::string>& words) { return find_completion_point(all_commands(), words); }

std::vector<std::string> texts(const CompletionPoint& point) {
  std::vector<std::string> out;
  for (const CompletionPoint::Word& word : point.words) out.push_back(word.text);
  return out;
}

TEST(CompletionPoint, StartsWithTheCommands) {
  EXPECT_THAT(texts(at({""})), IsSupersetOf({"put", "topics", "groups", "schemas", "help", "--version"}));
  EXPECT_THAT(texts(at({"help", "to"})), Contains("topics"));
  EXPECT_THAT(texts(at({"nonsense", ""})), IsEmpty());
  EXPECT_THAT(texts(at({})), Contains("put"));
}

TEST(CompletionPoint, KnowsVerbsAndTheirArguments) {
  EXPECT_THAT(texts(at({"groups", ""})), ElementsAre("list", "describe", "reset", "delete"));
  EXPECT_EQ(at({"topics", "describe", ""}).names, Names::kTopics);
  EXPECT_EQ(at({"topics", "describe", "a", "b"}).names, Names::kTopics);
  EXPECT_EQ(at({"groups", "describe", ""}).names, Names::kGroups);
  EXPECT_EQ(at({"schemas", "check", ""}).names, Names::kSubjects);
  EXPECT_EQ(at({"schemas", "check", "s", ""}).names, Names::kFiles);
  EXPECT_THAT(texts(at({"schemas", "check", "s", ""})), IsEmpty());
  EXPECT_THAT(texts(at({"init-kafka", ""})), IsSupersetOf({"plan", "export"}));
  EXPECT_EQ(at({"init-kafka", ""}).names, Names::kFiles);
  EXPECT_EQ(at({"get", "t", ""}).names, Names::kNone);
}

TEST(CompletionPoint, KnowsOptionsAndTheirValues) {
  EXPECT_THAT(texts(at({"groups", "reset", "g", "--"})), IsSupersetOf({"--topic", "--to", "--execute", "--help"}));
  EXPECT_THAT(texts(at({"groups", "reset", "g", "--"})), Not(Contains("--to-earliest"))) << "hidden";
  EXPECT_EQ(at({"groups", "reset", "g", "--topic", ""}).names, Names::kTopics);
  EXPECT_THAT(texts(at({"topics", "list", "--output", ""})), ElementsAre("table", "json"));
  EXPECT_THAT(texts(at({"topics", "list", "--all", ""})), IsEmpty());
  EXPECT_EQ(at({"count", "status", "--by", ""}).names, Names::kFields);
  EXPECT_EQ(at({"count", "status", "--where", ""}).topic, "status");
}

TEST(CompletionPoint, KnowsTheTopicsOfTablesAndTheirFields) {
  const CompletionPoint tables = at({"serve", "--tables", "a,b"});
  EXPECT_EQ(tables.names, Names::kTopics);
  EXPECT_EQ(tables.prefix, "a,");
  EXPECT_EQ(at({"serve", "--index", "a"}).names, Names::kTopics);
  const CompletionPoint field = at({"serve", "--index", "a:sta"});
  EXPECT_EQ(field.names, Names::kFields);
  EXPECT_EQ(field.topic, "a");
  EXPECT_EQ(field.prefix, "a:");
  EXPECT_EQ(field.typed, "sta");
}

TEST(CompletionPoint, KnowsWhichNameOfAListIsTyped) {
  const CompletionPoint columns = at({"list", "t", "--columns", "id,sta"});
  EXPECT_EQ(columns.names, Names::kFields);
  EXPECT_EQ(columns.prefix, "id,");
  EXPECT_EQ(columns.typed, "sta");
  const CompletionPoint sort = at({"list", "t", "--sort=-sta"});
  EXPECT_EQ(sort.prefix, "--sort=-");
  EXPECT_EQ(sort.typed, "sta");
}

TEST(CompletionPoint, AnOptionsValueIsNoArgument) {
  const CompletionPoint point = at({"get", "--timeout", "3s", "--command-config=f", "t"});
  EXPECT_EQ(point.names, Names::kTopics);
  EXPECT_THAT(point.connection, ElementsAre("--timeout", "3s", "--command-config", "f"));
  EXPECT_EQ(at({"get", "--", "-t", ""}).topic, "-t");
}

TEST(CompletionPoint, TakesAnEqualsSignInAnyOfTheShellsWays) {
  const CompletionPoint one_word = at({"topics", "list", "--output=ta"});
  EXPECT_THAT(texts(one_word), ElementsAre("table", "json"));
  EXPECT_EQ(one_word.prefix, "--output=");
  EXPECT_EQ(one_word.typed, "ta");
  const CompletionPoint three_words = at({"topics", "list", "--output", "=", "ta"});
  EXPECT_THAT(texts(three_words), ElementsAre("table", "json"));
  EXPECT_EQ(three_words.prefix, "");
  EXPECT_EQ(at({"topics", "list", "--output", "="}).typed, "");
}

TEST(CompletionPoint, OfAProgramThatIsOneCommand) {
  const std::vector<std::string> words = {"plan", ""};
  EXPECT_EQ(find_completion_point(*make_init_kafka_command(), words).names, Names::kFiles);
}

}  // namespace
}  // namespace omashu::cli
