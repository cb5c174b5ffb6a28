// The time, in milliseconds since 1970. Tests bring their own.

#pragma once

#include <cstdint>

namespace omashu::broker {

class Clock {
 public:
  virtual ~Clock() = default;

  virtual int64_t wall_ms() = 0;  // what people and timestamps go by; may jump

  // For deadlines: what the wall said when the process began, and from there on steadily.
  virtual int64_t steady_ms() = 0;
};

Clock& system_clock();  // thread-safe

}  // namespace omashu::broker
