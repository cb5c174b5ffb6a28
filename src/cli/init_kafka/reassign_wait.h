// Replicas that the brokers move, from the request to the last copied byte.

#pragma once

#include <set>
#include <string>

#include "cli/command.h"
#include "cli/init_kafka/init_kafka_options.h"
#include "cli/init_kafka/init_kafka_session.h"

namespace omashu::cli {

// Waits until no replica of these topics is moving, whoever began it, and lifts the throttle that a run has set. Shows
// how far it is. Where the user stops the program, or does not want to wait, the brokers go on, and the error says how
// to come back.
Result<void> wait_for_moves(Context& context, Servers& servers, const std::set<std::string>& topics, bool detach);

}  // namespace omashu::cli
