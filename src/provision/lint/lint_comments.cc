#include "provision/lint/lint_comments.h"

#include <algorithm>

namespace omashu::provision {

namespace {

constexpr std::string_view kSpaces = " \t";
constexpr std::string_view kOff = "off=";

struct Word {
  std::string_view text;
  size_t start = 0;  // in the line
};

// The next word at or after `at`, which moves behind it; an empty one at the end.
Word next_word(std::string_view line, size_t& at) {
  const size_t start = std::min(line.find_first_not_of(kSpaces, at), line.size());
  at = std::min(line.find_first_of(kSpaces, start), line.size());
  return {line.substr(start, at - start), start};
}

// Where the comment of the line starts, behind its '#'; the end of the line where it has none. As in the rows, only a
// field that starts with '#' starts a comment.
size_t comment_start(std::string_view line) {
  for (size_t at = 0; at < line.size();) {
    const Word word = next_word(line, at);
    if (word.text.starts_with('#')) return word.start + 1;
  }
  return line.size();
}

void add_rules(std::string_view line, size_t line_number, std::vector<LintComment>& comments) {
  size_t at = comment_start(line);
  const Word first = next_word(line, at);
  if (first.text != "lint" && first.text != "lint:") return;
  Word rules = next_word(line, at);
  if (!rules.text.starts_with(kOff)) return;
  rules.text.remove_prefix(kOff.size());
  rules.start += kOff.size();
  while (true) {
    const std::string_view rule = rules.text.substr(0, rules.text.find(','));
    comments.push_back({.rule = std::string(rule), .position = {line_number, rules.start + 1}});
    if (rule.size() == rules.text.size()) return;
    rules.text.remove_prefix(rule.size() + 1);
    rules.start += rule.size() + 1;
  }
}

bool has_fields(std::string_view line) {
  size_t at = 0;
  const Word first = next_word(line, at);
  return !first.text.empty() && !first.text.starts_with('#');
}

}  // namespace

std::vector<LintComment> read_lint_comments(std::string_view text) {
  std::vector<LintComment> comments;
  size_t pending = 0;  // the first comment whose row is not known yet
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  for (size_t number = 1; !text.empty(); ++number) {
    const size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    add_rules(line, number, comments);
    if (!has_fields(line)) continue;
    for (; pending < comments.size(); ++pending) comments[pending].row_line = number;
  }
  return comments;
}

}  // namespace omashu::provision
