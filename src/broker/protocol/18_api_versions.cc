#include "broker/protocol/18_api_versions.h"

namespace omashu::broker {
namespace {

ApiVersionsResponse::ApiVersion version_entry(const Api& api) { return {api.key, api.versions.min, api.versions.max}; }

}  // namespace

ApiVersionsResponse api_versions(std::span<const Api> apis) {
  ApiVersionsResponse response;
  for (const Api& api : apis) response.api_keys.push_back(version_entry(api));
  return response;
}

ApiVersionsResponse unsupported_api_versions() {
  ApiVersionsResponse response;
  response.error_code = KafkaError::kUnsupportedVersion;
  response.api_keys.push_back(version_entry(ApiVersionsResponse::kApi));
  return response;
}

}  // namespace omashu::broker
