#include "service/metrics/request_metrics.h"

#include <fmt/core.h>

#include <algorithm>

namespace omashu::service {

RequestMetrics::RequestMetrics() {
  auto other = std::make_unique<Route>();
  other->method = other->pattern = "other";
  routes_.push_back(std::move(other));
}

void RequestMetrics::declare(const Operations& operations) {
  for (const Operation& operation : operations) {
    auto route = std::make_unique<Route>();
    route->method = http::method_name(operation.method);
    route->pattern = operation.pattern;
    by_pattern_[route->pattern].emplace_back(operation.method, route.get());
    routes_.push_back(std::move(route));
  }
}

RequestMetrics::Route& RequestMetrics::find(http::Method method, std::string_view pattern) {
  if (method == http::Method::kHead) method = http::Method::kGet;
  const auto found = by_pattern_.find(pattern);
  if (found == by_pattern_.end()) return *routes_.front();
  for (const auto& [its_method, route] : found->second) {
    if (its_method == method) return *route;
  }
  return *routes_.front();
}

void RequestMetrics::add(http::Method method, std::string_view pattern, int status, std::chrono::nanoseconds took) {
  constexpr auto kRelaxed = std::memory_order_relaxed;
  Route& route = find(method, pattern);
  const double seconds = std::chrono::duration<double>(took).count();
  const auto bucket = static_cast<size_t>(std::ranges::lower_bound(kBuckets, seconds) - kBuckets.begin());
  route.took[bucket].fetch_add(1, kRelaxed);
  route.took_ns.fetch_add(static_cast<uint64_t>(took.count()), kRelaxed);
  const int known = std::clamp(status, kFirstStatus, kLastStatus);
  route.statuses[static_cast<size_t>(known - kFirstStatus)].fetch_add(1, kRelaxed);
}

void RequestMetrics::write(MetricText& text) const {
  constexpr auto kRelaxed = std::memory_order_relaxed;
  text.family("omashu_http_requests_total", MetricText::Kind::kCounter, "Requests that were answered.");
  for (const auto& route : routes_) {
    for (int status = kFirstStatus; status <= kLastStatus; ++status) {
      const uint64_t count = route->statuses[static_cast<size_t>(status - kFirstStatus)].load(kRelaxed);
      if (count == 0) continue;
      const std::string code = fmt::format("{}", status);
      text.sample({{"route", route->pattern}, {"method", route->method}, {"status", code}}, count);
    }
  }
  text.family("omashu_http_request_duration_seconds", MetricText::Kind::kHistogram,
              "From a request's last byte to the end of its answer.");
  for (const auto& route : routes_) {
    std::array<uint64_t, kBuckets.size() + 1> took;
    std::ranges::transform(route->took, took.begin(), [](const auto& count) { return count.load(kRelaxed); });
    if (std::ranges::all_of(took, [](uint64_t count) { return count == 0; })) continue;
    uint64_t sum = 0;
    for (size_t i = 0; i < took.size(); ++i) {
      sum += took[i];
      const std::string bound = i < kBuckets.size() ? fmt::format("{}", kBuckets[i]) : "+Inf";
      text.sample({{"route", route->pattern}, {"method", route->method}, {"le", bound}}, sum, "_bucket");
    }
    const double seconds = static_cast<double>(route->took_ns.load(kRelaxed)) / 1e9;
    text.sample({{"route", route->pattern}, {"method", route->method}}, seconds, "_sum");
    text.sample({{"route", route->pattern}, {"method", route->method}}, sum, "_count");
  }
}

}  // namespace omashu::service
