// One figure: the least of some passes over all records, in nanoseconds of processor time for a record.

#pragma once

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <string_view>

#include "bench/avro_codec/data.h"

namespace omashu::bench {

// Records that are there already, in turns, where something is made of a value: few enough to be in the cache.
inline constexpr size_t kHotRecords = 128;

// What the compiler may not leave out, although nobody looks at it.
inline void keep(const void* value) { asm volatile("" : : "r"(value) : "memory"); }

// Runs `pass` once to warm up and `passes` times, and prints a line for bench/avro: who, what, the data, the figure.
template <class Pass>
void measure(std::string_view who, std::string_view what, const Dataset& data, int passes, Pass pass) {
  pass();
  double least = 1e300;
  for (int i = 0; i < passes; ++i) {
    const std::clock_t start = std::clock();
    pass();
    least = std::min(least, static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
  }
  std::printf("%.*s\t%.*s\t%s\t%.1f\n", static_cast<int>(who.size()), who.data(), static_cast<int>(what.size()),
              what.data(), data.name.c_str(), least * 1e9 / static_cast<double>(data.records.size()));
  std::fflush(stdout);
}

}  // namespace omashu::bench
