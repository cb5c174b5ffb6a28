#include "cli/completion.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "cli/option_parser.h"

namespace omashu::cli {

namespace {

// One command line that can be completed: "put", or "init-kafka plan".
struct Line {
  std::string words;
  std::string summary;
  std::vector<OptionSpec> options;  // shown ones, without arguments
  std::vector<std::string> verbs;
};

void collect(const std::string& before, Command& command, std::vector<Line>& lines) {
  Line line{.words = before + std::string(command.description().name),
            .summary = std::string(command.description().summary),
            .options = {},
            .verbs = {}};
  OptionParser parser;
  command.declare(parser);
  for (const OptionSpec& spec : parser.specs()) {
    if (!spec.is_argument() && !spec.is_hidden) line.options.push_back(spec);
  }
  const auto verbs = command.verbs();
  for (const auto& verb : verbs) line.verbs.emplace_back(verb->description().name);
  lines.push_back(line);
  for (const auto& verb : verbs) collect(line.words + " ", *verb, lines);
}

std::string words_of(const Line& line) {
  std::vector<std::string> words = line.verbs;
  for (const OptionSpec& option : line.options) words.insert(words.end(), option.names.begin(), option.names.end());
  words.emplace_back("--help");
  return fmt::format("{}", fmt::join(words, " "));
}

std::string bash_script(const std::vector<Line>& lines) {
  std::string cases;
  std::vector<std::string> commands;
  for (const Line& line : lines) {
    cases += fmt::format("    \"{}\") words=\"{}\" ;;\n", line.words, words_of(line));
    if (line.words.find(' ') == std::string::npos) commands.push_back(line.words);
  }
  return fmt::format(R"(# omashu completion for bash: source <(omashu completion bash)
_omashu() {{
  local current="${{COMP_WORDS[COMP_CWORD]}}" command="${{COMP_WORDS[1]}}" verb="${{COMP_WORDS[2]:-}}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "{} help --help --version" -- "$current"))
    return
  fi
  case "$command $verb" in
{}  esac
  [ -n "$words" ] || case "$command" in
{}  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  case "$current" in
    -*) ;;
    *) COMPREPLY+=($(compgen -f -- "$current")) ;;
  esac
}}
complete -o filenames -F _omashu omashu
)",
                     fmt::join(commands, " "), cases, cases);
}

// `'` cannot stand in a quoted word of a shell: it is left out of explanations.
std::string quotable(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, text.find('\n'))) {
    if (c == '[' || c == ']' || c == ':') {
      out += '\\';
    }
    if (c != '\'') out += c;
  }
  return out;
}

std::string zsh_script(const std::vector<Line>& lines) {
  std::string commands, cases;
  for (const Line& line : lines) {
    if (line.words.find(' ') == std::string::npos) {
      commands += fmt::format("    '{}:{}'\n", line.words, quotable(line.summary));
    }
    std::string options;
    for (const OptionSpec& option : line.options) {
      for (const std::string& name : option.names) {
        const std::string value = option.is_flag() ? "" : fmt::format(":{}:_files", option.value_name);
        options += fmt::format(" \\\n        '*{}[{}]{}'", name, quotable(option.help), value);
      }
    }
    cases += fmt::format("    '{}') _arguments{} \\\n        '*:argument:{{_files; compadd -- {}}}' ;;\n", line.words,
                         options, fmt::join(line.verbs, " "));
  }
  return fmt::format(R"(#compdef omashu
# omashu completion for zsh: omashu completion zsh > "${{fpath[1]}}/_omashu"
_omashu() {{
  local -a commands
  commands=(
{}  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local line="${{words[2]}}"
  [[ "$line" == init-kafka && "${{words[3]}}" == [a-z]## ]] && line="$line ${{words[3]}}"
  case "$line" in
{}  esac
}}
compdef _omashu omashu
)",
                     commands, cases);
}

std::string fish_script(const std::vector<Line>& lines) {
  std::string out = "# omashu completion for fish: omashu completion fish | source\n";
  for (const Line& line : lines) {
    const size_t space = line.words.find(' ');
    const std::string command = line.words.substr(0, space);
    if (space == std::string::npos) {
      out +=
          fmt::format("complete -c omashu -n __fish_use_subcommand -a '{}' -d '{}'\n", command, quotable(line.summary));
    }
    const std::string condition =
        space == std::string::npos ? fmt::format("__fish_seen_subcommand_from {}", command)
                                   : fmt::format("__fish_seen_subcommand_from {}; and __fish_seen_subcommand_from {}",
                                                 command, line.words.substr(space + 1));
    for (const std::string& verb : line.verbs) {
      out += fmt::format("complete -c omashu -n '{}' -a '{}'\n", condition, verb);
    }
    for (const OptionSpec& option : line.options) {
      for (const std::string& name : option.names) {
        const bool is_long = name.starts_with("--");
        out += fmt::format("complete -c omashu -n '{}' -{} {}{} -d '{}'\n", condition, is_long ? "l" : "s",
                           name.substr(is_long ? 2 : 1), option.is_flag() ? "" : " -r", quotable(option.help));
      }
    }
  }
  return out;
}

}  // namespace

std::optional<std::string> completion_script(std::string_view shell,
                                             std::span<const std::unique_ptr<Command>> commands) {
  std::vector<Line> lines;
  for (const auto& command : commands) collect("", *command, lines);
  if (shell == "bash") return bash_script(lines);
  if (shell == "zsh") return zsh_script(lines);
  if (shell == "fish") return fish_script(lines);
  return std::nullopt;
}

}  // namespace omashu::cli
