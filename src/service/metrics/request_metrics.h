// How many requests were answered, by route and status, and how long that took. What is counted is bounded by the
// routes, whatever paths clients ask for. Thread-safe, and without a lock.

#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "http/message.h"
#include "service/metrics/metric_text.h"
#include "service/operation.h"

namespace omashu::service {

class RequestMetrics {
 public:
  RequestMetrics();

  // Before anything is counted.
  void declare(const Operations& operations);

  // `pattern` is the route's; "" where there is none. What is no operation is counted as "other".
  void add(http::Method method, std::string_view pattern, int status, std::chrono::nanoseconds took);

  // Those that were asked for at least once.
  void write(MetricText& text) const;

 private:
  static constexpr std::array<double, 14> kBuckets = {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01,
                                                      0.025,  0.05,    0.1,    0.25,  0.5,    1,     5};  // seconds
  static constexpr int kFirstStatus = 100, kLastStatus = 599;

  struct Route {
    std::string method, pattern;
    std::array<std::atomic<uint64_t>, kBuckets.size() + 1> took = {};  // each its own bucket; the last is beyond
    std::atomic<uint64_t> took_ns = 0;
    std::array<std::atomic<uint64_t>, kLastStatus - kFirstStatus + 1> statuses = {};
  };

  Route& find(http::Method method, std::string_view pattern);

  std::vector<std::unique_ptr<Route>> routes_;  // the first is "other"
  std::unordered_map<std::string_view, std::vector<std::pair<http::Method, Route*>>> by_pattern_;
};

}  // namespace omashu::service
