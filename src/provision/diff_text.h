// A plan as people read it.

#pragma once

#include <string>

#include "provision/apply.h"
#include "provision/plan.h"

namespace omashu::provision {

enum class Colours { kOff, kOn };

// Green +, yellow ~ before → after, red -, and a last line that counts; each line ends in a line feed. A schema that
// changes is shown as the difference of its lines.
std::string diff_text(const Plan& plan, Colours colours);

// What one action does, in a few words: "create topic status-download".
std::string action_text(const Action& action);

// After an apply: what was done and, where it is not complete, what failed and what was not begun, a line for each.
std::string report_text(const Plan& plan, const ApplyReport& report, Colours colours);

}  // namespace omashu::provision
