#include "base/base64.h"

#include <gtest/gtest.h>

#include <utility>

namespace omashu {
namespace {

TEST(Base64, IsThatOfTheRfc) {
  const std::pair<const char*, const char*> kVectors[] = {{"", ""},
                                                          {"f", "Zg=="},
                                                          {"fo", "Zm8="},
                                                          {"foo", "Zm9v"},
                                                          {"foob", "Zm9vYg=="},
                                                          {"fooba", "Zm9vYmE="},
                                                          {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : kVectors) {
    EXPECT_EQ(to_base64(bytes), text);
    EXPECT_EQ(from_base64(text), bytes);
  }
  EXPECT_EQ(from_base64("Zm8"), "fo");
}

TEST(Base64, TakesEveryByte) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  EXPECT_EQ(from_base64(to_base64(bytes)), bytes);
}

TEST(Base64, TakesMoreThanIsWorkedOnAtOnce) {
  const std::string bytes(7'000'001, 'x');
  EXPECT_EQ(from_base64(to_base64(bytes)), bytes);
}

TEST(Base64, RefusesWhatIsNone) {
  for (const char* text : {"Z", "Zm9vY", "Zm 9", "Zg=a", "Zg===", "-_", " Zg==", "Zg==\n", "Zg-="})
    EXPECT_FALSE(from_base64(text)) << text;
}

}  // namespace
}  // namespace omashu
