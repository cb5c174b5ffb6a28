#include "kafka/retry.h"

#include <algorithm>
#include <random>
#include <thread>

namespace omashu::kafka {

std::chrono::milliseconds backoff_pause(int attempt, double jitter) {
  constexpr int kDoublings = 5;
  const int full_ms = std::min(1000, 50 << std::clamp(attempt - 1, 0, kDoublings));
  return std::chrono::milliseconds(full_ms - static_cast<int>(full_ms * jitter / 2));
}

void Backoff::wait(std::chrono::steady_clock::time_point deadline) {
  static thread_local std::minstd_rand random(std::random_device{}());
  const auto pause = backoff_pause(++attempts_, std::uniform_real_distribution(0.0, 1.0)(random));
  std::this_thread::sleep_until(std::min(std::chrono::steady_clock::now() + pause, deadline));
}

}  // namespace omashu::kafka
