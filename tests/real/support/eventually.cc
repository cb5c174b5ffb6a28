#include "real/support/eventually.h"

#include <chrono>
#include <thread>

namespace omashu::real {

bool eventually(const std::function<bool()>& is_so) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(90);
  while (!is_so()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();  // what is asked waits for a server or a file: this is seldom busy
  }
  return true;
}

}  // namespace omashu::real
