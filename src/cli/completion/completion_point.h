// What the word under the cursor of a shell may be, from what the commands declare. Asks no server.

#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"

namespace omashu::cli {

struct CompletionPoint {
  enum class Names : uint8_t { kNone, kFiles, kTopics, kGroups, kSubjects, kFields, kConditions, kContexts };

  struct Word {
    std::string text;
    std::string help;  // may be empty

    bool operator==(const Word&) const = default;
  };

  std::vector<Word> words;              // commands, verbs, options or the values of an option
  Names names = Names::kNone;           // what else it may be: a name that the servers or the disk know
  std::string prefix;                   // of every completion: the option of a word such as --output=json
  std::string typed;                    // what is there of it, behind the prefix
  std::string topic;                    // the TOPIC of the line so far; "" where there is none
  std::vector<std::string> connection;  // the options of the line so far that say where the servers are
};

// `words` is the line up to the cursor without the program's name; the last one is the word under it, and may be empty.
// Bash makes three words of --output=json, which are taken as one.
CompletionPoint find_completion_point(std::span<const std::unique_ptr<Command>> commands,
                                      std::span<const std::string> words);

// Of a program that is one command by itself, such as init-kafka.
CompletionPoint find_completion_point(Command& command, std::span<const std::string> words);

}  // namespace omashu::cli
