// What the benches of `omashu up` measure requests with.

#pragma once

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "bench/up_process.h"

namespace omashu::bench {

inline constexpr std::chrono::milliseconds kPause(1);  // after each answer

using Samples = std::vector<double>;  // milliseconds

// Until `is_over`, which is asked after each request.
inline Samples measure(const std::function<void()>& request, const std::function<bool()>& is_over) {
  Samples samples;
  do {
    const auto begun = Clock::now();
    request();
    samples.push_back(ms_since(begun));
    std::this_thread::sleep_for(kPause);
  } while (!is_over());
  return samples;
}

inline void say(const std::string& what, Samples samples) {
  std::ranges::sort(samples);
  const auto at = [&](size_t per_mille) {
    return samples[std::min(samples.size() - 1, samples.size() * per_mille / 1000)];
  };
  fmt::print("{:<58} p50 {:7.3f}  p99 {:7.3f}  max {:8.3f} ms  ({} requests)\n", what, at(500), at(990), samples.back(),
             samples.size());
  std::fflush(stdout);
}

inline std::function<bool()> after(std::chrono::milliseconds time) {
  return [end = Clock::now() + time] { return Clock::now() >= end; };
}

}  // namespace omashu::bench
