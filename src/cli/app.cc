#include "cli/app.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <optional>
#include <system_error>

#include "base/nearest.h"
#include "cli/build_info.h"
#include "cli/commands.h"
#include "cli/completion/completion.h"
#include "cli/diagnostics.h"
#include "cli/help.h"
#include "cli/option_parser.h"
#include "cli/output/output.h"

namespace omashu::cli {

namespace {

using Commands = std::vector<std::unique_ptr<Command>>;

Command* find(const Commands& commands, std::string_view name) {
  for (const auto& command : commands) {
    if (command->description().name == name) return command.get();
  }
  return nullptr;
}

// Without its folder.
std::string name_of(const std::string& program) { return program.substr(program.rfind('/') + 1); }

ExitCode usage_error(Context& context, std::string_view path, const std::string& message) {
  context.messages.error(fmt::format("{} (see {} --help)", message, path));
  return ExitCode::kUsage;
}

std::string missing_verb(const Commands& verbs, std::span<const std::string> arguments) {
  std::vector<std::string> names;
  for (const auto& verb : verbs) names.emplace_back(verb->description().name);
  if (arguments.empty()) return fmt::format("say what to do: {}", fmt::join(names, ", "));
  const std::string suggestion = did_you_mean(arguments.front(), names);
  return fmt::format("unknown command '{}'{}", arguments.front(),
                     suggestion.empty() ? fmt::format(": write {}", fmt::join(names, ", ")) : suggestion);
}

// Of a command that is known; another tool's command has another exit code.
ExitCode usage_error(Context& context, const Command& command, std::string_view path, const std::string& message) {
  usage_error(context, path, message);
  return command.usage_exit_code();
}

// A word in the place of a file that is nearly a verb, and no file.
std::optional<std::string> mistyped_verb(const Commands& verbs, std::span<const std::string> arguments) {
  if (verbs.empty() || arguments.empty() || arguments.front().starts_with('-')) return std::nullopt;
  std::vector<std::string> names;
  for (const auto& verb : verbs) names.emplace_back(verb->description().name);
  const std::string suggestion = did_you_mean(arguments.front(), names);
  std::error_code ignored;
  if (suggestion.empty() || std::filesystem::exists(arguments.front(), ignored)) return std::nullopt;
  return fmt::format("unknown command '{}'{}", arguments.front(), suggestion);
}

ExitCode run_command(const std::string& path, Command& command, std::span<const std::string> arguments,
                     Context& context) {
  const Commands verbs = command.verbs();
  if (!arguments.empty()) {
    if (Command* verb = find(verbs, arguments.front())) {
      return run_command(path + " " + arguments.front(), *verb, arguments.subspan(1), context);
    }
  }
  const bool has_option = !arguments.empty() && arguments.front().starts_with('-');
  if (command.needs_verb() && !has_option) return usage_error(context, path, missing_verb(verbs, arguments));
  if (const auto mistyped = mistyped_verb(verbs, arguments)) return usage_error(context, path, *mistyped);
  OptionParser parser;
  command.declare(parser);
  const auto outcome = parser.parse(arguments);
  if (!outcome) return usage_error(context, command, path, outcome.error().message);
  if (*outcome == OptionParser::Outcome::kHelp) {
    context.out.text(command_help(path, command, parser.specs(), context.out.terminal_width()));
    return ExitCode::kDone;
  }
  if (command.needs_verb()) return usage_error(context, path, missing_verb(verbs, {}));
  if (const auto usable = command.check(); !usable) return usage_error(context, command, path, usable.error().message);
  const auto exit_code = command.run(context);
  if (exit_code) return *exit_code;
  context.messages.error(exit_code.error());
  return ExitCode::kFailed;
}

ExitCode unknown_command(const Commands& commands, const std::string& name, Context& context) {
  std::vector<std::string> names = {"help"};
  for (const auto& command : commands) names.emplace_back(command->description().name);
  if (name.starts_with('-')) {
    return usage_error(context, "omashu",
                       fmt::format("unknown option {}: a command comes first: omashu COMMAND [options]", name));
  }
  return usage_error(context, "omashu", fmt::format("unknown command '{}'{}", name, did_you_mean(name, names)));
}

}  // namespace

std::string speaker_of(const std::string& program) {
  return name_of(program) == "init-kafka" ? "init-kafka" : "omashu";
}

ExitCode run_program(const std::string& program, std::span<const std::string> arguments, Context& context) {
  const std::string name = name_of(program);
  if (!arguments.empty() && arguments.front() == "--version") {
    context.out.line(build_description());
    return ExitCode::kDone;
  }
  if (!arguments.empty() && arguments.front() == kCompleteWord) {
    print_completions(context, arguments.subspan(1));
    return ExitCode::kDone;
  }
  if (name == "init-kafka") {
    std::vector<std::string> words(arguments.begin(), arguments.end());
    if (!words.empty() && words.front() == "help") {
      words.erase(words.begin());
      words.emplace_back("--help");
    }
    return run_command(name, *make_init_kafka_command(), words, context);
  }
  if (name == "kafka-avro-console-consumer") {
    return run_command(name, *make_console_consumer_command(), arguments, context);
  }
  if (name == "kafka-avro-console-producer") {
    return run_command(name, *make_console_producer_command(), arguments, context);
  }

  const Commands commands = all_commands();
  const bool is_help = !arguments.empty() && arguments.front() == "help";
  if (is_help) arguments = arguments.subspan(1);
  if (arguments.empty() || arguments.front() == "--help" || arguments.front() == "-h") {
    context.out.text(program_help(commands, context.out.terminal_width()));
    return arguments.empty() && !is_help ? ExitCode::kUsage : ExitCode::kDone;
  }
  Command* command = find(commands, arguments.front());
  if (command == nullptr) return unknown_command(commands, arguments.front(), context);
  std::vector<std::string> rest(arguments.begin() + 1, arguments.end());
  if (is_help) rest.emplace_back("--help");
  return run_command("omashu " + arguments.front(), *command, rest, context);
}

}  // namespace omashu::cli
