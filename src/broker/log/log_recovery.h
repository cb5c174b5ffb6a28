// Opening a partition's log: what is in its folder, and what of it holds after a stop that was not clean.

#pragma once

#include "broker/log/log_state.h"

namespace omashu::broker {

// Fills the state, which is that of a log that was never looked at, from the folder. Where this fails, the state is to
// be thrown away.
Result<void> open_log(LogState& state) REQUIRES(state.mutex);

}  // namespace omashu::broker
