// What a command is: a name, its options, and what it does.

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "omashu/result.h"

namespace omashu::cli {

class Diagnostics;
class OptionParser;
class Output;
class StopSignal;

enum class ExitCode {
  kDone = 0,    // done, or nothing to do
  kFailed = 1,  // something that was asked for did not happen
  kUsage = 2,   // the command line itself is wrong; also Terraform's "there are changes" of plan --detailed-exitcode
};

struct Example {
  std::string_view what;  // one line: what it does
  std::string_view command;
};

struct Description {
  std::string_view name;
  std::string_view summary;              // one line, for the list of commands
  std::vector<std::string_view> usages;  // what follows the name: "TOPIC KEY JSON"
  std::string_view details;              // further paragraphs; may be empty
  std::vector<Example> examples;         // two at least
};

// Where a command reads its surroundings and writes its results. Lives as long as the program.
struct Context {
  Output& out;             // stdout: results
  Diagnostics& messages;   // stderr: what went wrong, and progress
  const StopSignal& stop;  // SIGINT and SIGTERM
};

// One object per run: declare() binds the members that hold the option values, run() reads them.
class Command {
 public:
  virtual ~Command() = default;

  virtual Description description() const = 0;
  virtual void declare(OptionParser& options) = 0;

  // What the options alone cannot say about each other. An error is a usage error (exit code 2).
  virtual Result<void> check() { return {}; }

  // The exit code of a usage error.
  virtual ExitCode usage_exit_code() const { return ExitCode::kUsage; }

  // An error is printed as one line, with exit code 1.
  virtual Result<ExitCode> run(Context& context) = 0;

  // Commands named behind this one's name (`init-kafka plan FILE`). They take precedence over its arguments.
  virtual std::vector<std::unique_ptr<Command>> verbs() const { return {}; }
  // The command is nothing without a verb: it is never run, and a word that is none of its verbs is a usage error.
  virtual bool needs_verb() const { return false; }
};

}  // namespace omashu::cli
