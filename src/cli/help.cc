#include "cli/help.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "cli/help_text.h"

namespace omashu::cli {

namespace {

constexpr size_t kHelpColumn = 32;  // where explanations start

std::string left_of(const OptionSpec& spec) {
  if (spec.is_argument()) return spec.value_name + (spec.is_list ? "…" : "");
  std::string names = fmt::format("{}", fmt::join(spec.names, ", "));
  if (spec.implied_value) return fmt::format("{}[={}]", names, spec.value_name);
  if (!spec.is_flag()) names += (spec.names.back().starts_with("--") ? "=" : " ") + spec.value_name;
  return names;
}

void append_options(HelpText& help, const std::vector<OptionSpec>& specs) {
  std::vector<std::string> headings;
  for (const OptionSpec& spec : specs) {
    if (!spec.is_hidden && std::ranges::find(headings, spec.heading) == headings.end())
      headings.push_back(spec.heading);
  }
  for (const std::string& heading : headings) {
    help.line("").line(heading + ":");
    for (const OptionSpec& spec : specs) {
      if (!spec.is_hidden && spec.heading == heading) help.row(left_of(spec), spec.help, kHelpColumn);
    }
  }
}

// init-kafka and its verbs tell of themselves by that name; called by way of omashu, by the one that was typed.
std::string as_called(std::string_view text, std::string_view path) {
  constexpr std::string_view kName = "init-kafka";
  constexpr std::string_view kThroughOmashu = "omashu init-kafka";
  std::string out(text);
  if (!path.starts_with(kThroughOmashu)) return out;
  for (size_t at = 0; (at = out.find(kName, at)) != std::string::npos;) {
    out.replace(at, kName.size(), kThroughOmashu);
    at += kThroughOmashu.size();
  }
  return out;
}

}  // namespace

std::string command_help(std::string_view path, const Command& command, const std::vector<OptionSpec>& specs,
                         size_t width) {
  const Description description = command.description();
  HelpText help(width);
  help.wrapped(description.summary, 0);
  help.line("");
  std::string_view label = "Usage:";
  for (const std::string_view usage : description.usages) {
    help.line(fmt::format("{:<6} {}{}{}", label, path, usage.empty() ? "" : " ", usage));
    label = "";
  }
  if (!description.details.empty()) {
    help.line("");
    help.wrapped(as_called(description.details, path), 0);
  }
  if (const auto verbs = command.verbs(); !verbs.empty()) {
    help.line("").line("Commands:");
    for (const auto& verb : verbs) {
      help.row(std::string(verb->description().name), verb->description().summary, kHelpColumn / 2);
    }
  }
  append_options(help, specs);
  help.line("").line("Examples:");
  for (const Example& example : description.examples) {
    help.line(fmt::format("  # {}", example.what));
    help.command(as_called(example.command, path));
  }
  return std::move(help).text();
}

std::string program_help(std::span<const std::unique_ptr<Command>> commands, size_t width) {
  HelpText help(width);
  help.line("Typed topics and live status for Kafka.").line("");
  help.line("Usage: omashu COMMAND [arguments] [options]").line("");
  size_t column = kHelpColumn / 2;
  for (const auto& command : commands) column = std::max(column, command->description().name.size() + 4);
  help.line("Commands:");
  for (const auto& command : commands) {
    help.row(std::string(command->description().name), command->description().summary, column);
  }
  help.line("").line("Options:");
  help.row("-h, --help", "what a command does and takes: omashu COMMAND --help", column);
  help.row("--version", "which build this is", column);
  help.line("").line("Examples:");
  help.line("  # Make the topics and schemas of a file");
  help.command("omashu init-kafka topics_and_schemas.txt");
  help.line("  # The latest status of every download that failed");
  help.command("omashu list status-download --where status=FAILED");
  return std::move(help).text();
}

}  // namespace omashu::cli
