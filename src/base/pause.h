// Waiting that ends early where a thread is to stop.

#pragma once

#include <chrono>
#include <stop_token>

namespace omashu {

// Returns when the time is up or stop is requested, whichever comes first.
void pause(const std::stop_token& stop, std::chrono::milliseconds time);

}  // namespace omashu
