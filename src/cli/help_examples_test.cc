// Each command line of every --help, and of compose.yaml and the Dockerfile, is one that its command accepts.

#include <gtest/gtest.h>

#include <fstream>

#include "base/json.h"
#include "cli/commands.h"
#include "cli/option_parser.h"

namespace omashu::cli {
namespace {

using Words = std::vector<std::string>;

// The words of each program that a line of a shell starts: pipes, redirections and quotes are understood, as far as
// examples use them.
std::vector<Words> programs_of(std::string_view line) {
  std::vector<Words> programs(1);
  std::string word;
  bool is_word = false;
  const auto end_word = [&] {
    if (is_word) programs.back().push_back(std::exchange(word, ""));
    is_word = false;
  };
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '\'' || c == '"') {
      const size_t end = std::min(line.find(c, i + 1), line.size());
      // Of the escapes within double quotes, examples use \" alone.
      for (size_t at = i + 1; at < end; ++at) word += line[at];
      is_word = true;
      i = end;
    } else if (c == ' ') {
      end_word();
    } else if (std::string_view("|&;()<>").contains(c)) {
      end_word();
      programs.emplace_back();
    } else {
      word += c;
      is_word = true;
    }
  }
  end_word();
  return programs;
}

Command* find(const std::vector<std::unique_ptr<Command>>& commands, const std::string& name) {
  for (const auto& command : commands) {
    if (command->description().name == name) return command.get();
  }
  return nullptr;
}

void expect_accepted(Command& command, std::span<const std::string> words, std::string_view example) {
  const auto verbs = command.verbs();
  if (!words.empty()) {
    if (Command* verb = find(verbs, words.front())) return expect_accepted(*verb, words.subspan(1), example);
  }
  OptionParser parser;
  command.declare(parser);
  const auto parsed = parser.parse(words);
  EXPECT_TRUE(parsed) << example << ": " << parsed.error().message;
  if (!parsed) return;
  const auto usable = command.check();
  // What must be confirmed is asked for on a terminal, and this test has none.
  if (!usable && usable.error().message.ends_with("add --yes")) return;
  EXPECT_TRUE(usable) << example << ": " << usable.error().message;
}

void expect_accepted(std::string_view example) {
  for (const Words& words : programs_of(example)) {
    if (words.empty()) continue;
    const std::string program = words.front().substr(words.front().rfind('/') + 1);
    const auto commands = all_commands();  // anew: an object is for one run
    if (program == "init-kafka") {
      expect_accepted(*find(commands, "init-kafka"), std::span(words).subspan(1), example);
    } else if (program == "omashu" && words.size() > 1) {
      Command* command = find(commands, words[1]);
      EXPECT_NE(command, nullptr) << example;
      if (command != nullptr) expect_accepted(*command, std::span(words).subspan(2), example);
    }
  }
}

void expect_examples_of(Command& command) {
  for (const Example& example : command.description().examples) {
    expect_accepted(example.command);
  }
  for (const auto& verb : command.verbs()) expect_examples_of(*verb);
}

TEST(HelpExamples, EachIsAcceptedByItsCommand) {
  for (const auto& command : all_commands()) expect_examples_of(*command);
}

// The arrays that follow `word` in the lines of a file: commands as containers are given them.
std::vector<Words> commands_in(const std::string& file, std::string_view word) {
  std::vector<Words> commands;
  std::ifstream in(OMASHU_SOURCE_DIR "/" + file);
  for (std::string line; std::getline(in, line);) {
    std::string_view text = line;
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    if (!text.starts_with(word)) continue;
    const auto array = json::parse(text.substr(word.size()));
    EXPECT_TRUE(array) << file << ": " << line;
    if (!array) continue;
    Words& words = commands.emplace_back();
    for (const json::Value& item : array->items()) words.push_back(item.text());
  }
  return commands;
}

TEST(Containers, AreStartedAsTheProgramTakesIt) {
  std::vector<Words> lines = commands_in("compose.yaml", "command:");
  EXPECT_GE(lines.size(), 5U);
  const std::vector<Words> image = commands_in("Dockerfile", "CMD");
  ASSERT_EQ(image.size(), 1U);
  lines.push_back(image.front());
  for (const Words& words : lines) {
    const auto commands = all_commands();
    Command* command = find(commands, words.front());
    ASSERT_NE(command, nullptr) << words.front();
    expect_accepted(*command, std::span(words).subspan(1), words.front());
  }
}

}  // namespace
}  // namespace omashu::cli
