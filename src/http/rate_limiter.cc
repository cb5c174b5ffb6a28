#include "http/rate_limiter.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace omashu::http {

RateLimiter::RateLimiter(RateLimit limit, size_t max_clients)
    : is_on_(limit.requests_per_second > 0),
      max_clients_(max_clients),
      interval_(is_on_ ? static_cast<int64_t>(1e9 / std::max(limit.requests_per_second, 1e-6)) : 0),
      tolerance_(interval_ * (std::max(limit.burst, 1) - 1)) {}

std::optional<std::chrono::milliseconds> RateLimiter::count(const std::string& client, Time now) {
  if (!is_on_) return std::nullopt;
  const MutexLock lock(mutex_);
  if (full_at_.size() >= max_clients_) forget(now);
  Time& full_at = full_at_.try_emplace(client, now).first->second;
  full_at = std::max(full_at, now);
  const auto early = full_at - now - tolerance_;
  if (early > std::chrono::nanoseconds(0)) return std::chrono::ceil<std::chrono::milliseconds>(early);
  full_at += interval_;
  return std::nullopt;
}

// Those whose buckets are full are as good as unknown. Where that is nobody, all begin anew: more clients than are
// kept, each at its limit, are no longer a question of single ones.
void RateLimiter::forget(Time now) {
  std::erase_if(full_at_, [now](const auto& client) { return client.second <= now; });
  if (full_at_.size() >= max_clients_) full_at_.clear();
}

size_t RateLimiter::clients() const {
  const MutexLock lock(mutex_);
  return full_at_.size();
}

std::string client_of_address(std::string_view address) {
  std::string text(address);
  in6_addr six{};
  if (inet_pton(AF_INET6, text.c_str(), &six) != 1 || IN6_IS_ADDR_V4MAPPED(&six)) return text;
  return std::string(reinterpret_cast<const char*>(six.s6_addr), 8);
}

}  // namespace omashu::http
