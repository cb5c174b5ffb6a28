#include "cli/connection/outage_notice.h"

namespace omashu::cli {

void OutageNotice::observe(const std::optional<Error>& outage) {
  if (outage && !is_told_) messages_.warning(outage->message + "; waiting until one does");
  if (!outage && is_told_) messages_.note("a broker answers again; reading goes on");
  is_told_ = outage.has_value();
}

}  // namespace omashu::cli
