// Signals are for a program's main thread.

#pragma once

namespace omashu::net {

// In the thread that calls it, no signal is delivered any more but those of its own faults.
void block_signals();

}  // namespace omashu::net
