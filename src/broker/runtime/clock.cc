#include "broker/runtime/clock.h"

#include <chrono>

namespace omashu::broker {
namespace {

template <class Time>
int64_t milliseconds_of(Time time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

class SystemClock : public Clock {
 public:
  int64_t wall_ms() override { return milliseconds_of(std::chrono::system_clock::now()); }
  int64_t steady_ms() override { return wall_lead_ms_ + milliseconds_of(std::chrono::steady_clock::now()); }

 private:
  const int64_t wall_lead_ms_ =
      milliseconds_of(std::chrono::system_clock::now()) - milliseconds_of(std::chrono::steady_clock::now());
};

}  // namespace

Clock& system_clock() {
  static SystemClock clock;
  return clock;
}

}  // namespace omashu::broker
