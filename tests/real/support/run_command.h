// Runs a program to its end and says what came out.

#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace omashu::real {

struct CommandOptions {
  std::string input = {};                                             // its stdin
  std::vector<std::pair<std::string, std::string>> environment = {};  // added to the caller's
  std::chrono::milliseconds timeout = std::chrono::seconds(60);
};

struct CommandResult {
  int exit_code = -1;  // 128 + the signal where one ended it; 127 where there is no such program
  std::string out = {};
  std::string err = {};
  bool timed_out = false;  // it was killed
};

CommandResult run_command(const std::vector<std::string>& command, const CommandOptions& options = {});

// For the message of an assertion.
void PrintTo(const CommandResult& result, std::ostream* out);

}  // namespace omashu::real
