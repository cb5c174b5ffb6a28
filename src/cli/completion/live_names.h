// Names that the servers know, for the completion of a shell: what does not come at once does not come.

#pragma once

#include <string>
#include <vector>

#include "cli/completion/completion_point.h"

namespace omashu::cli {

// Topics, groups, subjects, contexts, fields of the topic's values, or conditions on them (`status=` and, behind the
// sign, the symbols of an enum). Empty where the servers do not answer within 300 ms, and where anything else is wrong.
std::vector<std::string> live_names(Context& context, const CompletionPoint& point);

}  // namespace omashu::cli
