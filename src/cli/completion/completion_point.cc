#include "cli/completion/completion_point.h"

#include <algorithm>
#include <utility>

#include "cli/option_parser.h"

namespace omashu::cli {

namespace {

using Names = CompletionPoint::Names;
using Word = CompletionPoint::Word;

constexpr std::string_view kFieldOfTopic = "TOPIC:FIELD";

// What a value is, by the name that its help gives it.
Names names_of(std::string_view value_name) {
  constexpr std::string_view kTopics[] = {"TOPIC", "TOPIC[:PARTITIONS]", "TOPIC[,TOPIC]", kFieldOfTopic};
  if (std::ranges::find(kTopics, value_name) != std::end(kTopics)) return Names::kTopics;
  if (value_name == "GROUP") return Names::kGroups;
  if (value_name == "SUBJECT") return Names::kSubjects;
  if (value_name == "FIELD" || value_name == "NAME[,NAME]" || value_name == "[-]NAME") return Names::kFields;
  if (value_name == "CONDITION") return Names::kConditions;
  if (value_name == "CONTEXT") return Names::kContexts;
  constexpr std::string_view kPaths[] = {"FILE", "DIR", "PLAN"};
  return std::ranges::find(kPaths, value_name) != std::end(kPaths) ? Names::kFiles : Names::kNone;
}

std::string first_line(std::string_view text) { return std::string(text.substr(0, text.find('\n'))); }

// One command's part of the line, behind its name.
class LineReader {
 public:
  LineReader(Command& command, std::span<const std::string> words) : words_(words) { enter(command); }

  CompletionPoint read() {
    for (; next_ + 1 < words_.size(); ++next_) take(words_[next_]);
    complete(words_.empty() ? "" : words_.back());
    return std::move(point_);
  }

 private:
  // From here on the line is about this command: declares its options, and goes into the verb that is named.
  void enter(Command& command) {
    command_ = &command;
    verbs_ = command.verbs();
    if (next_ + 1 < words_.size()) {
      const auto verb =
          std::ranges::find_if(verbs_, [&](const auto& one) { return one->description().name == words_[next_]; });
      if (verb != verbs_.end()) {
        ++next_;
        owned_.push_back(std::move(*verb));
        return enter(*owned_.back());
      }
    }
    OptionParser parser;
    command.declare(parser);
    specs_ = parser.specs();
  }

  const OptionSpec* find_option(std::string_view name) const {
    const auto found = std::ranges::find_if(
        specs_, [&](const OptionSpec& spec) { return std::ranges::find(spec.names, name) != spec.names.end(); });
    return found == specs_.end() ? nullptr : &*found;
  }

  // A word before the one under the cursor.
  void take(const std::string& word) {
    if (pending_ != nullptr) {
      if (word == "=") return;
      note_value(*std::exchange(pending_, nullptr), word);
    } else if (!is_after_options_ && word == "--") {
      is_after_options_ = true;
    } else if (!is_after_options_ && word.size() > 1 && word[0] == '-') {
      const size_t equals = word.find('=');
      const OptionSpec* option = find_option(word.substr(0, equals));
      if (option == nullptr || option->is_flag()) return;
      if (equals == std::string::npos) {
        pending_ = option;
      } else {
        note_value(*option, word.substr(equals + 1));
      }
    } else {
      const OptionSpec* argument = current_argument();
      if (argument != nullptr && names_of(argument->value_name) == Names::kTopics) point_.topic = word;
      ++arguments_;
    }
  }

  void note_value(const OptionSpec& option, const std::string& value) {
    if (option.heading != "Connection") return;
    point_.connection.push_back(option.names.back());
    point_.connection.push_back(value);
  }

  // The argument that the next word without a dash is; nothing where there is no more.
  const OptionSpec* current_argument() const {
    size_t index = 0;
    for (const OptionSpec& spec : specs_) {
      if (!spec.is_argument()) continue;
      if (index == arguments_ || spec.is_list) return &spec;
      ++index;
    }
    return nullptr;
  }

  void complete(const std::string& word) {
    point_.typed = word;
    if (pending_ != nullptr) {
      if (word == "=") point_.typed.clear();
      return complete_value(*pending_);
    }
    if (!is_after_options_ && word.starts_with('-')) {
      const size_t equals = word.find('=');
      if (equals == std::string::npos) return complete_option();
      const OptionSpec* option = find_option(word.substr(0, equals));
      if (option == nullptr || option->is_flag()) return;
      point_.prefix = word.substr(0, equals + 1);
      point_.typed = word.substr(equals + 1);
      return complete_value(*option);
    }
    if (arguments_ == 0) {
      for (const auto& verb : command_->verbs()) {
        point_.words.push_back({std::string(verb->description().name), first_line(verb->description().summary)});
      }
    }
    if (const OptionSpec* argument = current_argument()) point_.names = names_of(argument->value_name);
  }

  void complete_value(const OptionSpec& option) {
    for (const std::string& choice : option.choices) point_.words.push_back({choice, ""});
    point_.names = names_of(option.value_name);
    // Of a list the last name, of a sign the name behind it, of a topic's field the field behind the colon.
    const bool is_list = option.value_name == "NAME[,NAME]" || option.value_name == "TOPIC[,TOPIC]";
    size_t start = is_list ? point_.typed.rfind(',') + 1 : 0;
    if (const size_t colon = point_.typed.find(':'); option.value_name == kFieldOfTopic && colon != std::string::npos) {
      point_.topic = point_.typed.substr(0, colon);
      point_.names = Names::kFields;
      start = colon + 1;
    }
    if (option.value_name == "[-]NAME" && point_.typed.starts_with('-')) start = 1;
    point_.prefix += point_.typed.substr(0, start);
    point_.typed.erase(0, start);
  }

  void complete_option() {
    for (const OptionSpec& spec : specs_) {
      if (spec.is_hidden) continue;
      for (const std::string& name : spec.names) point_.words.push_back({name, first_line(spec.help)});
    }
    point_.words.push_back({"--help", "what the command does and takes"});
  }

  std::span<const std::string> words_;
  size_t next_ = 0;
  Command* command_ = nullptr;
  std::vector<std::unique_ptr<Command>> owned_;  // the verbs that were gone into
  std::vector<std::unique_ptr<Command>> verbs_;
  std::vector<OptionSpec> specs_;
  const OptionSpec* pending_ = nullptr;  // the option whose value comes next
  bool is_after_options_ = false;
  size_t arguments_ = 0;  // words so far that belong to no option
  CompletionPoint point_;
};

}  // namespace

CompletionPoint find_completion_point(Command& command, std::span<const std::string> words) {
  return LineReader(command, words).read();
}

CompletionPoint find_completion_point(std::span<const std::unique_ptr<Command>> commands,
                                      std::span<const std::string> words) {
  const bool asks_for_help = words.size() > 1 && words.front() == "help";
  if (asks_for_help) words = words.subspan(1);
  if (words.size() > 1) {
    const auto command =
        std::ranges::find_if(commands, [&](const auto& one) { return one->description().name == words.front(); });
    return command == commands.end() ? CompletionPoint{} : find_completion_point(**command, words.subspan(1));
  }
  CompletionPoint point;
  if (!words.empty()) point.typed = words.front();
  for (const auto& command : commands) {
    point.words.push_back({std::string(command->description().name), first_line(command->description().summary)});
  }
  if (asks_for_help) return point;
  point.words.push_back({"help", "what a command does and takes"});
  point.words.push_back({"--help", "what there is"});
  point.words.push_back({"--version", "which build this is"});
  return point;
}

}  // namespace omashu::cli
