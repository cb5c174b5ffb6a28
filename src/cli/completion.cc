#include "cli/completion.h"

#include <algorithm>
#include <vector>

#include "cli/commands.h"
#include "cli/completion_point.h"
#include "cli/live_names.h"
#include "cli/output.h"

namespace omashu::cli {

namespace {

constexpr std::string_view kFiles = ":files";

constexpr std::string_view kBash = R"sh(# omashu completion for bash: source <(omashu completion bash)
_omashu() {
  local IFS=$'\n' line
  local -a words=()
  COMPREPLY=()
  while read -r line; do
    case "$line" in
      :files) COMPREPLY+=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}")) ;;
      *) words+=("${line%%$'\t'*}") ;;
    esac
  done < <("${COMP_WORDS[0]}" __complete "${COMP_WORDS[@]:0:COMP_CWORD+1}" 2>/dev/null)
  COMPREPLY+=("${words[@]}")
  case "${COMPREPLY[*]}" in
    *=) compopt -o nospace 2>/dev/null ;;
  esac
}
complete -o filenames -F _omashu omashu init-kafka
)sh";

constexpr std::string_view kZsh = R"sh(#compdef omashu init-kafka
# omashu completion for zsh: omashu completion zsh > "${fpath[1]}/_omashu"
_omashu() {
  local line
  local -a names
  for line in "${(@f)$("${words[1]}" __complete "${(@)words[1,CURRENT]}" 2>/dev/null)}"; do
    if [[ "$line" == :files ]]; then
      _files
    elif [[ "$line" == *$'\t'* ]]; then
      names+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
    elif [[ -n "$line" ]]; then
      names+=("${line//:/\\:}")
    fi
  done
  (( $#names )) && _describe -V omashu names
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
  const std::string_view path = words.front();
  const CompletionPoint point = point_of(path.substr(path.rfind('/') + 1), words.subspan(1));
  std::vector<CompletionPoint::Word> found = point.words;
  for (std::string& name : live_names(context, point)) found.push_back({std::move(name), ""});
  for (const CompletionPoint::Word& word : found) {
    // A name that would break the line is one that no shell could take.
    const bool is_line = std::ranges::none_of(word.text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
    if (!is_line || !word.text.starts_with(point.typed)) continue;
    context.out.line(point.prefix + word.text + (word.help.empty() ? "" : "\t" + word.help));
  }
  if (point.names == CompletionPoint::Names::kFiles) context.out.line(kFiles);
}

}  // namespace omashu::cli
