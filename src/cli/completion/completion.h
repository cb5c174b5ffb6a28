// Shell completion: a script for each shell that asks this program what the word under the cursor may be.

#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "cli/command.h"

namespace omashu::cli {

// In place of a command: `omashu __complete PROGRAM WORD…`, as the scripts call it, or `--line LINE` for bash.
inline constexpr std::string_view kCompleteWord = "__complete";

// The script for "bash", "zsh" or "fish"; nothing for another shell.
std::optional<std::string> completion_script(std::string_view shell);

// What the last of the words may be, a line each: the whole word, and behind a tab what it is. `:files` stands for the
// names of files. `words` starts with the name of the program. Never fails: a shell that asks has nobody to tell.
void print_completions(Context& context, std::span<const std::string> words);

}  // namespace omashu::cli
