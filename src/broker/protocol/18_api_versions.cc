#include "broker/protocol/18_api_versions.h"

#include "broker/protocol/message_codec.h"

namespace omashu::broker {

template struct MessageCodec<ApiVersionsRequest>;
template struct MessageCodec<ApiVersionsResponse>;

namespace {

ApiVersionsResponse::ApiVersion version_entry(const Api& api) { return {api.key, api.versions.min, api.versions.max}; }

}  // namespace

ApiVersionsResponse api_versions(std::span<const Api> handled) {
  ApiVersionsResponse response;
  for (const Api& api : handled) response.api_keys.push_back(version_entry(api));
  return response;
}

ApiVersionsResponse unsupported_api_versions() {
  ApiVersionsResponse response;
  response.error_code = KafkaError::kUnsupportedVersion;
  response.api_keys.push_back(version_entry(ApiVersionsResponse::kApi));
  return response;
}

}  // namespace omashu::broker
