#include "cli/help.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace omashu::cli {

namespace {

constexpr size_t kWidth = 100;      // columns
constexpr size_t kHelpColumn = 32;  // where explanations start

// Appends `text` from `column` on, broken between words at kWidth. Line feeds in the text are kept.
void append_wrapped(std::string& out, std::string_view text, size_t column) {
  const size_t width = kWidth - column;
  const std::string indent(column, ' ');
  bool first = true;
  while (!text.empty()) {
    size_t end = std::min(text.find('\n'), text.size());
    size_t next = end + 1;
    if (end > width) {
      const size_t space = text.rfind(' ', width);
      end = space == std::string_view::npos ? std::min(text.find(' '), end) : space;
      next = end + 1;
    }
    if (!first && end > 0) out += indent;
    out.append(text.substr(0, end)).push_back('\n');
    text.remove_prefix(std::min(next, text.size()));
    first = false;
  }
}

void append_row(std::string& out, const std::string& left, std::string_view right, size_t column) {
  out.append("  ").append(left);
  if (left.size() + 4 > column) {
    out.append(1, '\n').append(column, ' ');
  } else {
    out.append(column - left.size() - 2, ' ');
  }
  append_wrapped(out, right, column);
}

std::string left_of(const OptionSpec& spec) {
  if (spec.is_argument()) return spec.value_name;
  std::string names = fmt::format("{}", fmt::join(spec.names, ", "));
  if (!spec.is_flag()) names += (spec.names.back().starts_with("--") ? "=" : " ") + spec.value_name;
  return names;
}

void append_options(std::string& out, const std::vector<OptionSpec>& specs) {
  std::vector<std::string> headings;
  for (const OptionSpec& spec : specs) {
    if (!spec.is_hidden && std::ranges::find(headings, spec.heading) == headings.end())
      headings.push_back(spec.heading);
  }
  for (const std::string& heading : headings) {
    out += '\n' + heading + ":\n";
    for (const OptionSpec& spec : specs) {
      if (!spec.is_hidden && spec.heading == heading) append_row(out, left_of(spec), spec.help, kHelpColumn);
    }
  }
}

}  // namespace

std::string command_help(std::string_view path, const Command& command, const std::vector<OptionSpec>& specs) {
  const Description description = command.description();
  std::string out(description.summary);
  out += "\n\n";
  std::string_view label = "Usage:";
  for (const std::string_view usage : description.usages) {
    out += fmt::format("{:<6} {}{}{}\n", label, path, usage.empty() ? "" : " ", usage);
    label = "";
  }
  if (!description.details.empty()) {
    out += '\n';
    append_wrapped(out, description.details, 0);
  }
  if (const auto verbs = command.verbs(); !verbs.empty()) {
    out += "\nCommands:\n";
    for (const auto& verb : verbs) {
      append_row(out, std::string(verb->description().name), verb->description().summary, kHelpColumn / 2);
    }
  }
  append_options(out, specs);
  out += "\nExamples:\n";
  for (const Example& example : description.examples) {
    out += fmt::format("  # {}\n  {}\n", example.what, example.command);
  }
  return out;
}

std::string program_help(std::span<const std::unique_ptr<Command>> commands) {
  std::string out =
      "Typed topics and live status for Kafka.\n\n"
      "Usage: omashu COMMAND [arguments] [options]\n\n"
      "Commands:\n";
  for (const auto& command : commands) {
    append_row(out, std::string(command->description().name), command->description().summary, kHelpColumn / 2);
  }
  out +=
      "\nOptions:\n"
      "  -h, --help      what a command does and takes: omashu COMMAND --help\n"
      "  --version       which build this is\n"
      "\nExamples:\n"
      "  # Make the topics and schemas of a file\n"
      "  omashu init-kafka topics_and_schemas.txt\n"
      "  # The latest status of every download that failed\n"
      "  omashu list status-download --where status=FAILED\n";
  return out;
}

}  // namespace omashu::cli
