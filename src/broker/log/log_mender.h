// Mends the segments of a partition's log in which damage was found while it was used.

#pragma once

#include "broker/log/log_state.h"

namespace omashu::broker {

// Mends what is_damaged() says of segments. Whoever met the damage may try again where this returns true: something was
// mended. Takes as long as reading and writing the segment; appends and other reads go on meanwhile.
Result<bool> mend_damaged_segments(LogState& state) EXCLUDES(state.maintenance_mutex, state.mutex);

// The same for whoever holds the maintenance mutex already.
Result<bool> mend_during_maintenance(LogState& state) REQUIRES(state.maintenance_mutex) EXCLUDES(state.mutex);

}  // namespace omashu::broker
