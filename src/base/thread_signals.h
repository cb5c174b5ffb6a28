// Signals are for a program's main thread, but for those of a thread's own faults: were they blocked too, a crash would
// end the process without a word.

#pragma once

namespace omashu {

// In the thread that calls it.
void block_signals();

}  // namespace omashu
