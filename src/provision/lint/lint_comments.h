// What a list of topics does on purpose: `# lint off=RULE,RULE why`, behind a row or in a line of its own before it.
// Being a comment, it is nothing to any other reader of such files.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "omashu/result.h"

namespace omashu::provision {

struct LintComment {
  std::string rule;       // as it is written
  TextPosition position;  // of the rule's name
  size_t row_line = 0;    // of the row that it is about; 0 where no row follows
};

// One for each rule that a comment names, in the order of the text.
std::vector<LintComment> read_lint_comments(std::string_view text);

}  // namespace omashu::provision
