#include "cli/init_kafka/reassign_wait.h"

#include <fmt/core.h>

#include <chrono>

#include "base/counted.h"
#include "cli/diagnostics.h"
#include "cli/stop_signal.h"
#include "provision/reassignment.h"

namespace omashu::cli {

Result<void> wait_for_moves(Context& context, Servers& servers, const std::set<std::string>& topics, bool detach) {
  if (topics.empty()) return {};
  constexpr std::chrono::milliseconds kPause{500};
  while (true) {
    const auto left = provision::moves_left(*servers.admin, topics);
    if (!left) return fail(left.error());
    if (left->partitions == 0) break;
    const std::string what = fmt::format("{} of {} still to be copied", counted(left->replicas, "replica"),
                                         counted(left->partitions, "partition"));
    if (detach) {
      context.messages.note(what + ": the brokers go on with it; run the same command again to wait for the end");
      return {};
    }
    context.messages.progress(what);
    if (!context.stop.wait_for(kPause)) continue;
    context.messages.clear_progress();
    return fail(ErrorCode::kCancelled,
                what + ": the brokers go on with it; run the same command again to wait for the end");
  }
  context.messages.clear_progress();
  return provision::end_throttle(*servers.admin, topics);
}

}  // namespace omashu::cli
