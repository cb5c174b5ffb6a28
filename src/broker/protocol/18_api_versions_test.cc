#include "broker/protocol/18_api_versions.h"

#include <gtest/gtest.h>

#include <array>

#include "broker/protocol/03_metadata.h"
#include "broker/protocol/frame.h"
#include "broker/protocol/testing/hex.h"

namespace omashu::broker {
namespace {

TEST(ApiVersionsTest, TheAnswerFollowsFromTheDeclarations) {
  const std::array handled = {MetadataRequest::kApi, ApiVersionsRequest::kApi};
  EXPECT_EQ(encode_response(api_versions(handled), 3, 1).bytes.substr(8),
            testing::from_hex("0000 03  0003 0000 000c 00  0012 0000 0003 00  00000000 00"));
}

TEST(ApiVersionsTest, AVersionThatIsTooNewIsAnsweredInTheOldest) {
  EXPECT_EQ(encode_response(unsupported_api_versions(), 0, 1).bytes,
            testing::from_hex("00000010 00000001 0023 00000001 0012 0000 0003"));
}

}  // namespace
}  // namespace omashu::broker
