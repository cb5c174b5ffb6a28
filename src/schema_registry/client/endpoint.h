// Where a registry is: its base URL, and the credentials that stood in it.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "omashu/result.h"

namespace omashu::schema_registry {

struct Endpoint {
  std::string base_url;  // "https://host:port/base/path", without credentials and without a slash at the end
  std::string user, password;
  bool is_loopback = false;
};

// Reads one URL. Errors never repeat credentials.
Result<Endpoint> parse_endpoint(std::string_view url);

// Reads all, each of which may be a list separated by commas; at least one must be there.
Result<std::vector<Endpoint>> parse_endpoints(const std::vector<std::string>& urls);

// One segment of a URL's path: everything but letters, digits and "-_.~" as %XX, as Confluent's clients send subjects.
std::string encode_segment(std::string_view text);

}  // namespace omashu::schema_registry
