// The body of POST /v1/plan: {"files":{"topics_and_schemas.txt":"…","a.avsc":"…"},"file":"topics_and_schemas.txt"}.

#pragma once

#include <string>
#include <string_view>

#include "provision/files.h"
#include "service/problem.h"

namespace omashu::service {

struct PlanRequest {
  std::string file;            // the list of topics: one of the files
  provision::FileTexts files;  // by name
};

// At most 1,000 files. Problems point to what is wrong.
Answer<PlanRequest> parse_plan_request(std::string_view body);

}  // namespace omashu::service
