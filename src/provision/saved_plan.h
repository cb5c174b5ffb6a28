// plan.json: a plan to be applied later, to the same state as it was made for.
//
// It holds the files' texts, so that what was looked at is what is applied, and the facts that were observed, so that a
// cluster that has moved since is noticed, and it can be said in what. The plan itself follows from the two; its
// actions stand in the file for people, and a file whose actions do not follow is refused.

#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "provision/desired.h"
#include "provision/files.h"
#include "provision/observed.h"
#include "provision/plan.h"

namespace omashu::provision {

struct SavedPlan {
  Source source;
  PlanOptions plan_options;
  ObserveOptions observe_options;
  FileTexts files;
  std::map<std::string, std::string> live_state;
  json::Value actions;
};

std::string to_text(const SavedPlan& saved);
Result<SavedPlan> parse_saved_plan(std::string_view text);

// What is otherwise now, a line for each fact: "topic a partitions: 3 then, 6 now".
std::vector<std::string> moved_facts(const std::map<std::string, std::string>& then,
                                     const std::map<std::string, std::string>& now);

}  // namespace omashu::provision
