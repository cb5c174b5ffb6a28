// Says once that no broker can be reached any more, and once that one is back: for commands that go on reading until
// they are stopped.

#pragma once

#include <optional>

#include "cli/diagnostics.h"

namespace omashu::cli {

class OutageNotice {
 public:
  explicit OutageNotice(Diagnostics& messages) : messages_(messages) {}

  // What the consumer says whenever it has nothing to read.
  void observe(const std::optional<Error>& outage);

 private:
  Diagnostics& messages_;
  bool is_told_ = false;
};

}  // namespace omashu::cli
