// The body of POST /v1/plan: {"files":{"topics_and_schemas.txt":"…","a.avsc":"…"},"file":"topics_and_schemas.txt"}.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "provision/files.h"
#include "provision/mistake.h"
#include "service/problem.h"

namespace omashu::service {

struct PlanRequest {
  std::optional<std::string> file;  // the list of topics, as it is named; absent where nothing tells which it is
  provision::FileTexts files;       // by name
};

// At most 1,000 files. Problems point to what is wrong.
Answer<PlanRequest> parse_plan_request(std::string_view body);

// What is wrong with the list of topics before it is read: it is none of the files, or it could be several of them.
std::optional<provision::Mistake> mistaken_list(const PlanRequest& request);

}  // namespace omashu::service
