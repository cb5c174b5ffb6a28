#include "http/host_check.h"

#include <arpa/inet.h>

#include <algorithm>

namespace omashu::http {

namespace {

std::string small_letters(std::string_view text) {
  std::string small(text);
  for (char& c : small) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return small;
}

// "Example.com.:8081" as "example.com", "[::1]:8081" as "::1".
std::string host_of(std::string_view field) {
  if (field.starts_with('[')) return std::string(field.substr(1, field.find(']') - 1));
  field = field.substr(0, field.find(':'));
  if (field.ends_with('.')) field.remove_suffix(1);
  return small_letters(field);
}

bool is_ipv4(const std::string& host) {
  in_addr address{};
  return ::inet_pton(AF_INET, host.c_str(), &address) == 1;
}

bool is_ipv6(const std::string& host) {
  in6_addr address{};
  return ::inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "::1" || (host.starts_with("127.") && is_ipv4(host));
}

}  // namespace

HostCheck::HostCheck(const net::ListenAddress& address, const std::vector<std::string>& names)
    : is_on_(address.is_loopback() || !names.empty()), takes_any_address_(!address.is_loopback()) {
  for (const std::string& name : names) names_.push_back(host_of(name));
}

bool HostCheck::lets_pass(std::string_view host_field) const {
  if (!is_on_ || host_field.empty()) return true;
  const std::string host = host_of(host_field);
  if (is_loopback(host)) return true;
  if (takes_any_address_ && (is_ipv4(host) || is_ipv6(host))) return true;
  return std::ranges::find(names_, host) != names_.end();
}

}  // namespace omashu::http
