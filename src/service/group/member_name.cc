#include "service/group/member_name.h"

#include <algorithm>
#include <charconv>

namespace omashu::service {

namespace {

constexpr std::string_view kPrefix = "omashu-serve@";

bool is_alphanumeric(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_host(std::string_view host) {
  if (host.starts_with('[')) {
    if (!host.ends_with(']') || host.size() < 4) return false;
    return std::ranges::all_of(host.substr(1, host.size() - 2),
                               [](char c) { return is_alphanumeric(c) || c == ':' || c == '.'; });
  }
  return !host.empty() && is_alphanumeric(host.front()) &&
         std::ranges::all_of(host, [](char c) { return is_alphanumeric(c) || c == '-' || c == '.'; });
}

bool is_port(std::string_view text) {
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port >= 1 && port <= 65'535 && text[0] != '0';
}

}  // namespace

bool is_member_url(std::string_view url) {
  if (url.size() > kMaxMemberName - kPrefix.size()) return false;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!url.starts_with(scheme)) continue;
    const std::string_view place = url.substr(scheme.size());
    const size_t colon = place.rfind(':');
    return colon != std::string_view::npos && is_host(place.substr(0, colon)) && is_port(place.substr(colon + 1));
  }
  return false;
}

std::string member_client_id(std::string_view url) { return std::string(kPrefix).append(url); }

std::optional<std::string> member_url(std::string_view client_id) {
  if (!client_id.starts_with(kPrefix)) return std::nullopt;
  const std::string_view url = client_id.substr(kPrefix.size());
  return is_member_url(url) ? std::optional<std::string>(url) : std::nullopt;
}

}  // namespace omashu::service
