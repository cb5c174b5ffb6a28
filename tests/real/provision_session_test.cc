// The session of docs/topics-and-schemas.md, typed as it stands there: a block behind "`NAME`:" is a file, one that
// begins with "$ " is commands and what they print.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "real/support/omashu_command.h"
#include "real/support/run_command.h"
#include "real/support/scratch_folder.h"
#include "real/support/shared_servers.h"

namespace omashu::real {
namespace {

constexpr std::string_view kIndent = "    ";

std::string read_text(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// Blocks are separated by empty lines.
std::vector<std::string> blocks_of(const std::string& text, const std::string& heading) {
  std::vector<std::string> blocks;
  size_t at = text.find(heading);
  EXPECT_NE(at, std::string::npos) << heading;
  at += heading.size();
  const size_t section_end = std::min(text.find("\n## ", at), text.size());
  for (size_t end = 0; at < section_end; at = end + 2) {
    end = std::min(text.find("\n\n", at), section_end);
    blocks.push_back(text.substr(at, end - at));
  }
  return blocks;
}

std::string without_indent(const std::string& block) {
  std::string out;
  std::istringstream lines(block);
  for (std::string line; std::getline(lines, line);) out += line.substr(std::min(kIndent.size(), line.size())) + "\n";
  return out;
}

class Session {
 public:
  // What the commands of the block print, with the commands between.
  std::string type(const std::string& block) const {
    std::string seen;
    std::istringstream lines(block);
    for (std::string line; std::getline(lines, line);) {
      if (!line.starts_with("$ ")) continue;
      const std::string program = std::filesystem::path(omashu_program()).parent_path();
      const std::string command =
          "cd " + folder_.path().string() + " && PATH=" + program + ":$PATH && (" + line.substr(2) + ") 2>&1";
      seen += line + "\n" + run_command({"bash", "-c", command}, {.environment = shared_server_environment()}).out;
    }
    return seen;
  }

  void write(const std::string& file, const std::string& text) const { std::ofstream(folder_.path() / file) << text; }

 private:
  ScratchFolder folder_;
};

TEST(ProvisionSession, RunsAsItIsWritten) {
  const Session session;
  std::string file;
  size_t commands = 0;
  for (const std::string& block :
       blocks_of(read_text(std::string(OMASHU_SOURCE_DIR) + "/docs/topics-and-schemas.md"), "## A session\n\n")) {
    if (!block.starts_with(kIndent)) {
      const size_t end = block.rfind("`:");
      if (end != std::string::npos)
        file = block.substr(block.rfind('`', end - 1) + 1, end - block.rfind('`', end - 1) - 1);
      continue;
    }
    const std::string text = without_indent(block);
    if (text.starts_with("$ ")) {
      EXPECT_EQ(session.type(text), text);
      ++commands;
    } else {
      session.write(file, text);
    }
  }
  EXPECT_EQ(commands, 4u);
}

}  // namespace
}  // namespace omashu::real
