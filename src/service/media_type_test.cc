#include "service/media_type.h"

#include <gtest/gtest.h>

#include <array>

namespace omashu::service {
namespace {

constexpr std::array<std::string_view, 3> kForms = {"application/json", "application/vnd.omashu.avro+json",
                                                    "application/octet-stream"};

std::optional<size_t> preferred(std::string_view accept) { return preferred_media_type(accept, kForms); }

TEST(MediaType, TheFirstFormIsForThoseWhoSayNothing) {
  EXPECT_EQ(preferred(""), 0u);
  EXPECT_EQ(preferred("*/*"), 0u);
  EXPECT_EQ(preferred("text/html,application/xhtml+xml,*/*;q=0.8"), 0u);
}

TEST(MediaType, ANamedFormIsTaken) {
  EXPECT_EQ(preferred("application/octet-stream"), 2u);
  EXPECT_EQ(preferred("Application/Vnd.Omashu.Avro+JSON; charset=utf-8"), 1u);
  EXPECT_EQ(preferred("application/*"), 0u);
}

TEST(MediaType, WeightsDecide) {
  EXPECT_EQ(preferred("application/json;q=0.1, application/octet-stream;q=0.9"), 2u);
  EXPECT_EQ(preferred("application/json;q=0, */*"), 1u);
  EXPECT_EQ(preferred("application/octet-stream, */*;q=0.1"), 2u);
}

TEST(MediaType, NoneThatIsThereIsNothing) {
  EXPECT_EQ(preferred("text/html"), std::nullopt);
  EXPECT_EQ(preferred("*/*;q=0"), std::nullopt);
  EXPECT_EQ(preferred(","), std::nullopt);
}

}  // namespace
}  // namespace omashu::service
