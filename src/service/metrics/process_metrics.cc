#include "service/metrics/process_metrics.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace omashu::service {

namespace {

// Bytes; 0 where the system does not tell.
uint64_t resident_bytes() {
  std::ifstream in("/proc/self/statm");
  uint64_t pages = 0, resident = 0;
  in >> pages >> resident;
  return resident * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
}

uint64_t open_files() {
  std::error_code error;
  const std::filesystem::directory_iterator files("/proc/self/fd", error);
  return error ? 0 : static_cast<uint64_t>(std::distance(begin(files), end(files)));
}

double processor_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

void write_process_metrics(MetricText& text) {
  text.family("process_resident_memory_bytes", MetricText::Kind::kGauge, "Resident memory of the process.");
  text.sample({}, resident_bytes());
  text.family("process_cpu_seconds_total", MetricText::Kind::kCounter, "Processor time of the process.");
  text.sample({}, processor_seconds());
  text.family("process_open_fds", MetricText::Kind::kGauge, "Open files of the process.");
  text.sample({}, open_files());
}

}  // namespace omashu::service
