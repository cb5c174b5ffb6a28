#include "cli/problem_report.h"

#include <fmt/core.h>

#include "cli/output/progress.h"

namespace omashu::cli {

void ProblemReport::add(const std::string& place, const Error& error) {
  if (++count_ <= kTold) messages_.error(place + ": " + error.message);
}

void ProblemReport::finish() {
  if (count_ > kTold) messages_.error(fmt::format("and {} more like these", grouped(count_ - kTold)));
}

}  // namespace omashu::cli
