#include "schema_registry/client/endpoint.h"

#include <curl/curl.h>
#include <fmt/core.h>

#include <memory>

namespace omashu::schema_registry {

namespace {

struct UrlDeleter {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, UrlDeleter>;

std::string part_of(CURLU* url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return "";
  std::string result = text;
  curl_free(text);
  return result;
}

// For errors: what stands before an @ may be a password.
std::string without_credentials(std::string_view url) {
  const size_t at = url.rfind('@');
  if (at == std::string_view::npos) return std::string(url);
  const size_t scheme = url.find("://");
  const std::string_view start = scheme < at ? url.substr(0, scheme + 3) : "";
  return fmt::format("{}…{}", start, url.substr(at));
}

std::unexpected<Error> bad_url(std::string_view url, std::string_view why) {
  return fail(ErrorCode::kInvalidArgument, fmt::format("schema registry URL \"{}\": {}; it looks like {}",
                                                       without_credentials(url), why, "http://localhost:8081"));
}

bool is_loopback_host(std::string_view host) {
  return host == "localhost" || host.starts_with("127.") || host == "[::1]";
}

std::string_view trimmed(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

Result<Endpoint> parse_endpoint(std::string_view url) {
  if (!url.starts_with("http://") && !url.starts_with("https://")) {
    return bad_url(url, "it must begin with http:// or https://");
  }
  const Url parsed(curl_url());
  if (const CURLUcode code = curl_url_set(parsed.get(), CURLUPART_URL, std::string(url).c_str(), 0);
      code != CURLUE_OK) {
    return bad_url(url, curl_url_strerror(code));
  }
  if (!part_of(parsed.get(), CURLUPART_QUERY).empty() || !part_of(parsed.get(), CURLUPART_FRAGMENT).empty()) {
    return bad_url(url, "a base URL has neither ? nor #");
  }
  Endpoint endpoint;
  endpoint.user = part_of(parsed.get(), CURLUPART_USER, CURLU_URLDECODE);
  endpoint.password = part_of(parsed.get(), CURLUPART_PASSWORD, CURLU_URLDECODE);
  endpoint.is_loopback = is_loopback_host(part_of(parsed.get(), CURLUPART_HOST));
  curl_url_set(parsed.get(), CURLUPART_USER, nullptr, 0);
  curl_url_set(parsed.get(), CURLUPART_PASSWORD, nullptr, 0);
  endpoint.base_url = part_of(parsed.get(), CURLUPART_URL);
  while (endpoint.base_url.ends_with('/')) endpoint.base_url.pop_back();
  return endpoint;
}

Result<std::vector<Endpoint>> parse_endpoints(const std::vector<std::string>& urls) {
  std::vector<Endpoint> endpoints;
  for (std::string_view rest : urls) {
    while (!rest.empty()) {
      const size_t comma = std::min(rest.find(','), rest.size());
      const std::string_view url = trimmed(rest.substr(0, comma));
      rest.remove_prefix(std::min(comma + 1, rest.size()));
      if (url.empty()) continue;
      Result<Endpoint> endpoint = parse_endpoint(url);
      if (!endpoint) return fail(std::move(endpoint.error()));
      endpoints.push_back(std::move(*endpoint));
    }
  }
  if (endpoints.empty()) {
    return fail(ErrorCode::kInvalidArgument, "no schema registry URL is given; one looks like http://localhost:8081");
  }
  return endpoints;
}

std::string encode_segment(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                          c == '_' || c == '.' || c == '~';
    if (is_plain) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

}  // namespace omashu::schema_registry
