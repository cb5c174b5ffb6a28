// Things that went wrong one by one: the first ones are told, the others counted.

#pragma once

#include <cstdint>
#include <string>

#include "cli/diagnostics.h"

namespace omashu::cli {

class ProblemReport {
 public:
  explicit ProblemReport(Diagnostics& messages) : messages_(messages) {}

  // "PLACE: MESSAGE" as an error, as long as there are few.
  void add(const std::string& place, const Error& error);

  // Says how many were not told.
  void finish();

  int64_t count() const { return count_; }

 private:
  static constexpr int64_t kTold = 20;

  Diagnostics& messages_;
  int64_t count_ = 0;
};

}  // namespace omashu::cli
