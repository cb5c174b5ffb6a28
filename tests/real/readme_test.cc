// The README's lines as somebody types them: each `$` line of its blocks in order, on a terminal of 100 columns, in a
// folder that holds the examples, against a fresh `omashu up`. What the README shows under a line is what it prints;
// `…` stands for anything, and `#` behind two spaces starts a comment.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "real/support/omashu_command.h"
#include "real/support/omashu_up.h"
#include "real/support/run_command.h"
#include "real/support/scratch_folder.h"
#include "real/support/shared_servers.h"
#include "real/support/topics.h"

namespace omashu::real {
namespace {

struct Typed {
  std::string command;
  std::vector<std::string> shown;  // lines; none where the README does not show any
};

std::string without_comment(std::string line) {
  if (const size_t comment = line.find("  #"); comment != std::string::npos) line.erase(comment);
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

std::vector<Typed> typed_lines(const std::filesystem::path& file) {
  std::vector<Typed> typed;
  std::ifstream in(file);
  bool is_shown = false;  // the line belongs to what the command before it prints
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("    $ ")) {
      typed.push_back({.command = line.substr(6), .shown = {}});
      is_shown = true;
    } else if (is_shown && line.starts_with("    ")) {
      typed.back().shown.push_back(without_comment(line.substr(4)));
    } else {
      is_shown = false;
    }
  }
  return typed;
}

// Whether `…` in the pattern can stand for what is missing.
bool matches(std::string_view pattern, std::string_view line) {
  constexpr std::string_view kAnything = "…";
  const size_t gap = pattern.find(kAnything);
  if (gap == std::string_view::npos) return pattern == line;
  if (!line.starts_with(pattern.substr(0, gap))) return false;
  pattern.remove_prefix(gap + kAnything.size());
  for (line.remove_prefix(gap);; line.remove_prefix(1)) {
    if (matches(pattern, line)) return true;
    if (line.empty()) return false;
  }
}

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "'\\''" : std::string(1, c);
  return out + "'";
}

CommandResult type(const std::string& command, const std::filesystem::path& folder) {
  auto environment = shared_server_environment();
  environment.emplace_back("OMASHU_URL", dynamic_cast<OmashuUp&>(shared_kafka()).url());
  const std::string programs = std::filesystem::path(omashu_program()).parent_path();
  environment.emplace_back("PATH", programs + ":" + std::getenv("PATH"));
  environment.emplace_back("SHELL", "/bin/bash");
  environment.emplace_back("TERM", "dumb");
  const std::string typed = "cd " + quoted(folder) + " && stty cols 100 && " + command;
  CommandResult result =
      run_command({"script", "--quiet", "--return", "--command", typed, "/dev/null"}, {.environment = environment});
  std::erase(result.out, '\r');
  return result;
}

// The table of a topic that has just been made is served within a second, which is sooner than somebody types.
void wait_for_row(const std::string& path) {
  const std::string url = dynamic_cast<OmashuUp&>(shared_kafka()).url() + path;
  const CommandResult result =
      run_command({"curl", "--silent", "--fail", "--retry", "30", "--retry-delay", "1", "--retry-all-errors", url}, {});
  EXPECT_EQ(result.exit_code, 0) << url << " is not there";
}

TEST(Readme, ItsLinesCanBeTypedAndPrintWhatItShows) {
  ScratchFolder folder;
  const std::filesystem::path source = OMASHU_SOURCE_DIR;
  std::filesystem::create_directory_symlink(source / "examples", folder.path() / "examples");
  const std::vector<Typed> lines = typed_lines(source / "README.md");
  ASSERT_GE(lines.size(), 10u);
  for (const Typed& line : lines) {
    // The shared servers are this `omashu up`, and the environment of each command leads to them.
    if (line.command == "omashu up" || line.command.starts_with("export ")) continue;
    if (line.command.starts_with("curl ")) wait_for_row("/v1/tables/status-download/rows/om-2");
    const CommandResult result = type(line.command, folder.path());
    EXPECT_EQ(result.exit_code, 0) << line.command << '\n' << result.out << result.err;
    if (line.shown.empty()) continue;
    const std::vector<std::string> printed = lines_of(result.out);
    ASSERT_EQ(printed.size(), line.shown.size()) << line.command << '\n' << result.out;
    for (size_t i = 0; i < printed.size(); ++i) {
      EXPECT_TRUE(matches(line.shown[i], printed[i]))
          << line.command << "\nshown:   " << line.shown[i] << "\nprinted: " << printed[i];
    }
  }
}

}  // namespace
}  // namespace omashu::real
