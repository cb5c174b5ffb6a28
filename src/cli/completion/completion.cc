#include "cli/completion/completion.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "cli/commands.h"
#include "cli/completion/completion_point.h"
#include "cli/completion/live_names.h"
#include "cli/output/output.h"

namespace omashu::cli {

namespace {

constexpr std::string_view kFiles = ":files";

// Bash takes words apart at = and : as well, and expects what stands behind the last of them: it gives the line itself,
// and is answered so.
constexpr std::string_view kBash = R"sh(# omashu completion for bash: source <(omashu completion bash)
_omashu() {
  local IFS=$'\n' line current="${COMP_WORDS[COMP_CWORD]}"
  [ "$current" = "=" ] && current=""
  COMPREPLY=()
  while read -r line; do
    case "$line" in
      :files) compopt -o filenames 2>/dev/null; COMPREPLY+=($(compgen -f -- "$current")) ;;
      *) COMPREPLY+=("${line%%$'\t'*}") ;;
    esac
  done < <("${COMP_WORDS[0]}" __complete --line "${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
  case "${COMPREPLY[*]}" in
    *=) compopt -o nospace 2>/dev/null ;;
  esac
}
complete -F _omashu omashu init-kafka
)sh";

constexpr std::string_view kZsh = R"sh(#compdef omashu init-kafka
# omashu completion for zsh: omashu completion zsh > "${fpath[1]}/_omashu"
_omashu() {
  local line
  local -a plain open described
  for line in "${(@f)$("${(Q)words[1]}" __complete "${(@Q)words[1,CURRENT]}" 2>/dev/null)}"; do
    case $line in
      '') ;;
      :files) _files ;;
      *=) open+=("$line") ;;
      *$'\t'*) described+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}") ;;
      *) plain+=("$line") ;;
    esac
  done
  (( $#described )) && _describe -V omashu described
  (( $#plain )) && compadd -- "${plain[@]}"
  (( $#open )) && compadd -S '' -- "${open[@]}"
  return 0
}
compdef _omashu omashu init-kafka
)sh";

constexpr std::string_view kFish = R"sh(# omashu completion for fish: omashu completion fish | source
function __omashu_complete
  set -l line (commandline -opc) (commandline -ct)
  for word in ($line[1] __complete $line 2>/dev/null)
    if test "$word" = ":files"
      __fish_complete_path (commandline -ct)
    else
      echo $word
    end
  end
end
complete -c omashu -f -a "(__omashu_complete)"
complete -c init-kafka -f -a "(__omashu_complete)"
)sh";

// The words of a line up to the cursor; the last one is under it, and may be empty. Quotes and backslashes are taken
// away, also those that are not closed yet.
std::vector<std::string> words_of_line(std::string_view line) {
  std::vector<std::string> words;
  std::string word;
  bool is_word = false;
  char quote = '\0';
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote != '\0') {
      if (c == quote) {
        quote = '\0';
      } else {
        word += c;
      }
    } else if (c == '\'' || c == '"') {
      quote = c;
      is_word = true;
    } else if (c == ' ' || c == '\t') {
      if (is_word) words.push_back(std::exchange(word, ""));
      is_word = false;
    } else {
      word += c == '\\' && i + 1 < line.size() ? line[++i] : c;
      is_word = true;
    }
  }
  words.push_back(word);
  return words;
}

CompletionPoint point_of(std::string_view program, std::span<const std::string> words) {
  if (program == "init-kafka") return find_completion_point(*make_init_kafka_command(), words);
  return find_completion_point(all_commands(), words);
}

}  // namespace

std::optional<std::string> completion_script(std::string_view shell) {
  if (shell == "bash") return std::string(kBash);
  if (shell == "zsh") return std::string(kZsh);
  if (shell == "fish") return std::string(kFish);
  return std::nullopt;
}

void print_completions(Context& context, std::span<const std::string> words) {
  if (words.empty()) return;
  std::vector<std::string> of_line;
  size_t skipped = 0;  // bytes of each word that bash does not expect
  if (words.front() == "--line" && words.size() == 2) {
    of_line = words_of_line(words.back());
    words = of_line;
    skipped = words.back().find_last_of("=:") + 1;
  }
  const std::string_view path = words.front();
  const CompletionPoint point = point_of(path.substr(path.rfind('/') + 1), words.subspan(1));
  std::vector<CompletionPoint::Word> found = point.words;
  for (std::string& name : live_names(context, point)) found.push_back({std::move(name), ""});
  for (const CompletionPoint::Word& word : found) {
    // A name that would break the line is one that no shell could take.
    const bool is_line = std::ranges::none_of(word.text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
    if (!is_line || !word.text.starts_with(point.typed)) continue;
    const std::string whole = point.prefix + word.text;
    context.out.line(whole.substr(std::min(skipped, whole.size())) + (word.help.empty() ? "" : "\t" + word.help));
  }
  if (point.names == CompletionPoint::Names::kFiles) context.out.line(kFiles);
}

}  // namespace omashu::cli
